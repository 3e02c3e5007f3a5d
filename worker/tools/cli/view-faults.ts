/**
 * Compares what a mirror says in JSON and on pages with the views that the
 * deployment signed.
 */
import canonicalize from "canonicalize";
import type { Case } from "../../../shared/case/schema.ts";
import type { SignedView } from "../../../shared/view/signed-view.ts";
import { signedViewIn } from "../../../widget/signed-view.ts";
import type { CopiedRevision } from "../../editing/contract/copy.ts";
import { once } from "../../runtime/once.ts";
import { importBundled } from "../local/bundle.ts";
import { LogFault } from "./log-copy.ts";
import { indexEntryOf, listOf } from "./mirror.ts";
import type { MirrorFiles } from "./mirror-files.ts";

type PagePart = typeof import("../../web/site/case-page/page-part.ts");
const pageParts = once(() =>
  importBundled<PagePart>("worker/web/site/case-page/page-part.ts"),
);

const isSame = (a: unknown, b: unknown) => canonicalize(a) === canonicalize(b);

/**
 * What a JSON file of a mirror says, without the mark of the mirror.
 * @throws LogFault
 */
async function contentOf(files: MirrorFiles, name: string): Promise<unknown> {
  const text = (await files.read(name)) ?? "{}";
  try {
    const { mirror: _, ...content } = JSON.parse(text);
    return content;
  } catch {
    throw new LogFault(`${name} is not JSON.`);
  }
}

/** Not the two files that have no language. */
const LANGUAGE_FILE =
  /^(?!record\.json|revisions\.json)(.+)\.(?:html|json|signed\.txt)$/;

const TAG = /<[a-z]\w*(?: [\w-]+(?:="[^"]*")?)*\/?>/g;

/** Without the addresses of links and pictures, which a mirror changes. */
const withoutAddresses = (html: string) =>
  html.replace(TAG, (tag) => tag.replace(/ (?:href|src)="[^"]*"/g, ""));

/** The page must have one such part, and no other. */
function isOnPage(part: string, page: string): boolean {
  const parts = page.split(/<article\b|<div class="refused"/);
  return (
    parts.length === 2 &&
    withoutAddresses(page).includes(withoutAddresses(part))
  );
}

const HARMLESS =
  "If an update went live during the last sync, sync again; if another release of Casewire made the file, verify with that release";

/**
 * @param shown the visible revisions of each case, newest first
 * @param key the public key of the log
 * @returns the number of views
 * @throws LogFault when a view isn't signed, or is older than the case's
 * record, or a file says something else
 */
export async function checkViews(
  files: MirrorFiles,
  shown: ReadonlyMap<string, CopiedRevision[]>,
  { key, languages }: { key: string; languages: string[] },
): Promise<number> {
  const { pagePart } = await pageParts();
  let views = 0;
  for (const [id, [head]] of shown) {
    const folder = `cases/${id}`;
    if (!isSame(await contentOf(files, `${folder}/record.json`), head))
      throw new LogFault(
        `${folder}/record.json is not the newest revision in revisions.json.`,
      );
    const languagesIn = (await files.names(folder)).flatMap(
      (name) => LANGUAGE_FILE.exec(name)?.[1] ?? [],
    );
    for (const lang of new Set([...languages, ...languagesIn])) {
      const name = `${folder}/${lang}`;
      const signed = await signedIn(files, name, { key, id, lang });
      if ((signed.view.revision?.number ?? 0) < (head?.revision.number ?? 0))
        throw new LogFault(
          `${name}.signed.txt is older than the case's record.`,
        );
      if (!isSame(await contentOf(files, `${name}.json`), signed.view))
        throw new LogFault(
          `${name}.json says something else than ${name}.signed.txt.`,
        );
      // The record is as the mirror has it, so it may be no case at all.
      const part = await pagePart(signed.view, head?.case as Case).catch(
        () => null,
      );
      if (
        part === null ||
        !isOnPage(part, (await files.read(`${name}.html`)) ?? "")
      )
        throw new LogFault(
          `${name}.html says something else than ${name}.signed.txt. ${HARMLESS}.`,
        );
      views++;
    }
  }
  const entries = await Promise.all(
    [...shown.keys()]
      .toSorted()
      .map((id) => indexEntryOf(files, id, languages[0] ?? "")),
  );
  if (!isSame(await contentOf(files, "cases.json"), { cases: entries }))
    throw new LogFault(
      "cases.json doesn't list the cases as their files name them.",
    );
  const index = (await files.read("index.html")) ?? "";
  if (
    index.split("<ul").length !== 2 ||
    !index.includes(listOf(entries, languages))
  )
    throw new LogFault(
      `index.html doesn't list the cases as their files name them. ${HARMLESS}.`,
    );
  return views;
}

async function signedIn(
  files: MirrorFiles,
  name: string,
  expected: { key: string; id: string; lang: string },
): Promise<SignedView> {
  const note = await files.read(`${name}.signed.txt`);
  if (note === null)
    throw new LogFault(
      `${name}.signed.txt is missing, so nothing proves what the files beside it say. Only a case that can't be shown has none.`,
    );
  const signed = await signedViewIn(note, expected).catch(() => null);
  if (signed) return signed;
  throw new LogFault(
    `${name}.signed.txt is no view of this case that the log's key signed.`,
  );
}
