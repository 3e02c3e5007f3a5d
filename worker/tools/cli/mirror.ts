/**
 * `mirror`: a static copy of everything that readers can see, for any host of
 * plain files. docs/shell.md describes the files.
 */

import { addresses, paths } from "../../../shared/addresses.ts";
import { isCaseId } from "../../../shared/case/id.ts";
import { sourceLocale } from "../../../shared/locale.ts";
import { instantIn } from "../../../shared/view/date.ts";
import {
  SIGNED_VIEW_HEADER,
  type SignedView,
} from "../../../shared/view/signed-view.ts";
import type { ChangeEntry } from "../../editing/contract/changes.ts";
import { ApiError } from "../../editing/contract/client.ts";
import {
  applyChanges,
  type CopiedCase,
  type CopiedRevision,
  visibleIn,
} from "../../editing/contract/copy.ts";
import { cleanPicture } from "../../editing/rules/picture.ts";
import { escapeMarkup } from "../../editing/rules/xml.ts";
import { type PublicDeployment, publicDeployment } from "./deployment.ts";
import { MirrorFiles } from "./mirror-files.ts";
import { logSize, syncLog } from "./mirror-log.ts";
import { type CommandOutcome, count, Stop } from "./outcome.ts";

const FORMAT = "casewire-mirror";
const STATE = "mirror.json";
const FOLDERS = ["cases", "v1", ".well-known"];

/**
 * Views change with time alone at noon and midnight UTC, when deadlines pass.
 */
const HALF_DAY_MS = 43_200_000;

interface State {
  format: typeof FORMAT;
  version: 1;
  /** The address of the deployment. */
  of: string;
  cursor: string;
  synced: string;
  /** The languages of the pages. */
  languages: string[];
  /**
   * The number of entries that the deployment's log had before the sync; null
   * when it signs none.
   */
  logSize: number | null;
}

const refuse = (detail: string): Stop =>
  new Stop("refused", {
    title: "Not a mirror of this deployment",
    detail,
    remedy: "Choose a new, empty folder.",
  });

/** @throws Stop when the folder holds something else */
async function stateIn(files: MirrorFiles): Promise<State | null> {
  const text = await files.read(STATE);
  if (text === null) {
    // A mirror whose first sync was interrupted has no state yet.
    if ((await files.names()).some((name) => !FOLDERS.includes(name)))
      throw refuse(`${files.folder} holds other files.`);
    return null;
  }
  const state = JSON.parse(text) as State;
  if (state.format !== FORMAT || state.version !== 1)
    throw refuse(`${files.folder}/${STATE} has another format.`);
  return state;
}

/** A case in a page of the index. */
interface Entry {
  id: string;
  number: string;
  title: string;
}

/** @param language whose title is used */
export async function indexEntryOf(
  files: MirrorFiles,
  id: string,
  language: string,
): Promise<Entry> {
  const text = await files.read(`cases/${id}/${language}.json`);
  const read = JSON.parse(text ?? "{}") as Record<string, unknown>;
  const view = (read.view ?? read) as {
    number?: string;
    title?: string | { text: string };
  };
  const title =
    typeof view.title === "string" ? view.title : (view.title?.text ?? "");
  return { id, number: view.number ?? id, title };
}

/** The list of cases on the index page. */
export function listOf(
  entries: readonly Entry[],
  languages: readonly string[],
): string {
  const rows = entries.map(
    ({ id, number, title }) =>
      `<li>${languages.map((tag) => `<a href="cases/${id}/${tag}.html" hreflang="${tag}">${tag}</a>`).join(" ")} ${escapeMarkup(number)}: ${escapeMarkup(title)}</li>`,
  );
  return `<ul>${rows.join("")}</ul>`;
}

/** A deployment may be hostile, and ids become names of files. */
function requireCaseId(id: string): string {
  if (isCaseId(id)) return id;
  throw new Stop("refused", {
    title: "The deployment sent an invalid id",
    detail:
      "An id of a case must be lower-case words and digits joined by hyphens. Nothing was written for it.",
    remedy: "Check PUBLIC_URL, and report it to the deployment's contact.",
  });
}

/**
 * The languages of the deployment's pages. The address has a query, because a
 * local run has its own home page at `/`.
 * @throws Stop when the page names none, because a mirror without a language
 * would keep outdated pages in it
 */
export async function languagesOf({
  text,
  url,
}: Pick<PublicDeployment, "text" | "url">): Promise<string[]> {
  const path = addresses.front(sourceLocale);
  const links = (await text(path, [200])).matchAll(
    /<link rel="alternate" hreflang="([A-Za-z-]+)"/g,
  );
  const languages = [
    ...new Set(Array.from(links, ([, tag]) => tag as string)),
  ].filter((tag) => tag !== "x-default");
  if (languages.length > 0) return languages;
  throw new Stop("unreachable", {
    title: "The front page names no language",
    detail: `${url}${path} is not a front page of Casewire. Nothing was changed.`,
    remedy: "Check PUBLIC_URL.",
  });
}

/**
 * Every change since the cursor, or since the first one. `instant` is when the
 * last page was asked for.
 */
export async function everyChange(
  deployment: PublicDeployment,
  cursor?: string,
) {
  const changes: ChangeEntry[] = [];
  for (let since = cursor; ; ) {
    const instant = new Date(deployment.now()).toISOString();
    const page = await deployment.listChanges({
      limit: "100",
      ...(since === undefined ? {} : { since }),
    });
    changes.push(...page.changes);
    since = page.next;
    if (!page.more) return { changes, cursor: since, instant };
  }
}

class Mirror {
  readonly #deployment: PublicDeployment;
  readonly #files: MirrorFiles;
  #languages: string[] = [];
  #instant = "";

  constructor(deployment: PublicDeployment, files: MirrorFiles) {
    this.#deployment = deployment;
    this.#files = files;
  }

  /**
   * Reads every change since the cursor.
   * @returns null when the log of changes starts anew
   */
  async #changesSince(
    cursor: string | undefined,
  ): Promise<{ changes: ChangeEntry[]; cursor: string } | null> {
    const read = await everyChange(this.#deployment, cursor).catch(
      (error: unknown) => {
        if (error instanceof ApiError && error.is("unknown-cursor"))
          return null;
        throw error;
      },
    );
    this.#instant = read?.instant ?? this.#instant;
    return read;
  }

  get #mark() {
    return {
      of: this.#deployment.url,
      note: "A copy, which may be out of date",
      copied: this.#instant,
    };
  }

  #json(value: object): string {
    return `${JSON.stringify({ mirror: this.#mark, ...value }, null, 1)}\n`;
  }

  /**
   * Makes a page of the deployment a page of the mirror, which says so before
   * anything else.
   */
  #page(
    html: string,
    live: string,
    local: (path: string) => string | null,
  ): string {
    const { url } = this.#deployment;
    const note =
      `<p role="note" lang="en" dir="ltr" style="margin:0;padding:.6rem 1rem;background:#7a1f14;color:#fff;font:1rem/1.4 sans-serif">` +
      `This is a copy of <a style="color:#fff" href="${escapeMarkup(live)}">${escapeMarkup(live)}</a>, ` +
      `made on ${instantIn(sourceLocale, this.#instant)}. It may be out of date, and content may have been removed since.</p>`;
    return html
      .replace(
        /(href|action)="(\/[^"]*)"/g,
        (_, name: string, path: string) =>
          `${name}="${local(path) ?? escapeMarkup(url) + path}"`,
      )
      .replace("</head>", '<meta name="robots" content="noindex"></head>')
      .replace(/<body[^>]*>/, (body) => body + note);
  }

  async #copyOf(id: string): Promise<CopiedCase> {
    const text = await this.#files.read(`cases/${id}/revisions.json`);
    const { revisions } =
      text === null
        ? { revisions: [] }
        : (JSON.parse(text) as { revisions: CopiedCase[number][] });
    return Object.fromEntries(
      revisions.map((revision) => [revision.revision.number, revision]),
    );
  }

  /** Writes a case's record, history, views and pages. */
  async #writeCase(
    id: string,
    copied: CopiedCase,
    known: Set<string>,
  ): Promise<void> {
    const revisions = visibleIn(copied);
    const [head] = revisions;
    if (!head) return;
    // Erased content must go even if the deployment can't be reached for the
    // new pages.
    if (
      head.revision.kind === "withdrawal" ||
      head.revision.kind === "redaction"
    )
      await this.#files.remove(`cases/${id}`);
    await this.#files.write(`cases/${id}/record.json`, this.#json(head));
    await this.#files.write(
      `cases/${id}/revisions.json`,
      this.#json({ revisions }),
    );
    await this.#writePages(id, known);
  }

  /**
   * Puts the pictures of a page into the page itself, so that they go with it.
   * A file that is no picture is left out: a deployment may be hostile.
   */
  async #withPictures(html: string): Promise<string> {
    const paths = new Set(
      [...html.matchAll(/src="(\/portraits\/[^"]+)"/g)].map(
        ([, path]) => path as string,
      ),
    );
    let page = html;
    for (const path of paths) {
      const picture = cleanPicture(
        Uint8Array.from(await this.#deployment.bytes(path)),
      );
      const data = picture
        ? `data:${picture.type};base64,${Buffer.from(picture.bytes).toString("base64")}`
        : "data:,";
      page = page.replaceAll(`src="${path}"`, `src="${data}"`);
    }
    return page;
  }

  async #writePages(id: string, known: Set<string>): Promise<void> {
    const local = (path: string): string | null => {
      const [, other, tag] =
        /^\/cases\/([a-z0-9-]+)\?lang=([\w-]+)$/.exec(path) ?? [];
      return other && tag && known.has(other) && this.#languages.includes(tag)
        ? `../${other}/${tag}.html`
        : null;
    };
    const { state } = JSON.parse(
      (await this.#files.read(`cases/${id}/record.json`)) ?? "{}",
    ) as Partial<CopiedRevision>;
    // A withdrawn case answers 410, and one that can't be shown 503, both with
    // a page of their own. Any other 503 is an outage.
    const statuses = state === "unshowable" ? [200, 410, 503] : [200, 410];
    for (const name of await this.#files.names(`cases/${id}`)) {
      const tag = /^(.+)\.html$/.exec(name)?.[1];
      if (tag === undefined || this.#languages.includes(tag)) continue;
      for (const ending of ["html", "json", "signed.txt"])
        await this.#files.remove(`cases/${id}/${tag}.${ending}`);
    }
    await Promise.all(
      this.#languages.map(async (tag) => {
        const path = addresses.page(id, tag);
        const [html, signed] = await Promise.all([
          this.#deployment.text(path, statuses),
          state === "unshowable"
            ? ""
            : this.#deployment.text(
                addresses.signedView(id, tag),
                [200, 404, 410],
              ),
        ]);
        await this.#files.write(
          `cases/${id}/${tag}.html`,
          this.#page(
            await this.#withPictures(html),
            this.#deployment.url + path,
            local,
          ),
        );
        // What the widget shows of a mirror. The JSON is the same view, unless
        // the deployment signs none.
        const isSigned = signed.startsWith(SIGNED_VIEW_HEADER);
        const name = `cases/${id}/${tag}.signed.txt`;
        await (isSigned
          ? this.#files.write(name, signed)
          : this.#files.remove(name));
        const view = isSigned
          ? (JSON.parse(signed.split("\n")[1] ?? "") as SignedView).view
          : JSON.parse(
              await this.#deployment.text(addresses.view(id, tag), statuses),
            );
        await this.#files.write(`cases/${id}/${tag}.json`, this.#json(view));
      }),
    );
  }

  /**
   * Writes the widget's scripts. The second ones of earlier releases stay, for
   * pages that pin an earlier first one.
   */
  async #writeScripts(): Promise<void> {
    await this.#files.write(
      "widget.js",
      await this.#deployment.text(paths.widget, [200]),
    );
    const { pathname } = new URL((await this.#deployment.widgetRelease()).more);
    if (/^\/widget@[0-9a-f]+\.js$/.test(pathname))
      await this.#files.write(
        pathname.slice(1),
        await this.#deployment.text(pathname, [200]),
      );
  }

  async #writeIndex(ids: string[]): Promise<void> {
    const entries = await Promise.all(
      ids.map((id) =>
        indexEntryOf(this.#files, id, this.#languages[0] as string),
      ),
    );
    await this.#files.write("cases.json", this.#json({ cases: entries }));
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Copy of ${escapeMarkup(this.#deployment.url)}</title></head><body>${listOf(entries, this.#languages)}</body></html>\n`;
    await this.#files.write(
      "index.html",
      this.#page(html, this.#deployment.url, () => null),
    );
  }

  /** @returns the number of changes, and of cases in the mirror */
  async sync(): Promise<{
    changes: number;
    cases: number;
    synced: string;
    startedAnew: boolean;
  }> {
    const files = this.#files;
    const before = await stateIn(files);
    const size = await logSize(this.#deployment);
    const hasMoved = before !== null && before.of !== this.#deployment.url;
    // The address is new. It is the same deployment if its log, which knows no
    // address, goes on.
    if (hasMoved && (size === null || !before.logSize))
      throw refuse(`${files.folder} is a mirror of ${before.of}.`);
    if (hasMoved) await syncLog(this.#deployment, files);
    this.#languages = await languagesOf(this.#deployment);
    let read = await this.#changesSince(before?.cursor);
    const startedAnew = read === null;
    if (startedAnew) {
      await files.remove("cases");
      read = await this.#changesSince(undefined);
    }
    if (read === null) throw new Error("the log of changes started anew twice");
    const { changes, cursor } = read;
    const ids = [...new Set(changes.map(({ id }) => requireCaseId(id)))];
    const copies = new Map<string, CopiedCase>();
    for (const id of ids) copies.set(id, await this.#copyOf(id));
    applyChanges(copies, changes);
    const known = new Set([...(await files.names("cases")), ...ids]);
    for (const [id, copied] of copies) await this.#writeCase(id, copied, known);
    const areOutdated =
      before !== null &&
      (hasMoved ||
        Math.floor(Date.parse(before.synced) / HALF_DAY_MS) !==
          Math.floor(Date.parse(this.#instant) / HALF_DAY_MS) ||
        before.languages.join() !== this.#languages.join());
    if (areOutdated)
      for (const id of known)
        if (!copies.has(id)) await this.#writePages(id, known);
    await this.#writeIndex([...known].toSorted());
    await this.#writeScripts();
    // Last, so that a sync that was interrupted is repeated.
    const about = {
      format: FORMAT,
      version: 1,
      of: this.#deployment.url,
    } as const;
    const state: State = {
      ...about,
      cursor,
      synced: this.#instant,
      languages: this.#languages,
      logSize: size,
    };
    await files.write(STATE, `${JSON.stringify(state, null, 1)}\n`);
    // Erased content has left the mirror by now, even if the log doesn't hold.
    if (size !== null) await syncLog(this.#deployment, files);
    return {
      changes: changes.length,
      cases: known.size,
      synced: this.#instant,
      startedAnew,
    };
  }
}

export async function mirror(
  outcome: CommandOutcome,
  folder: string,
): Promise<void> {
  const deployment = publicDeployment(outcome);
  const result = await new Mirror(deployment, new MirrorFiles(folder))
    .sync()
    .catch((error: unknown) => {
      throw error instanceof ApiError ? deployment.stopOf(error) : error;
    });
  const { changes, cases, synced, startedAnew } = result;
  if (startedAnew)
    outcome.note("The log of changes started anew, so the mirror did too.");
  outcome.say(
    `${folder}: ${count(cases, "case")}, ${count(changes, "change")} since the last sync, synced ${synced}.`,
  );
  outcome.result(result);
}
