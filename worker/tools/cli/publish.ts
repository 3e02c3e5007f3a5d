/** `publish`. */

import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { type Change, changesBetween } from "../../../shared/change.ts";
import type { Notification } from "../../../shared/revision.ts";
import { viewPast } from "../../../shared/view/revision.ts";
import { parsePublication } from "../../editing/rules/publication.ts";
import { answersIn, answersTo } from "./ask.ts";
import type { AskedPublication } from "./asked.ts";
import { configuredDeployment } from "./deployment.ts";
import { type Publication, publicationFile } from "./files.ts";
import { momentFrom, momentWords } from "./moment.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

interface PublishOptions {
  note?: string[];
  on?: string;
  replace?: string;
  notify?: Notification;
  /** A file with answers to the revision's questions. */
  answers?: string;
  kind?: "update" | "correction";
  at?: string;
}

/** Parses `--note`: `TEXT` in the case's own language, or `LANG=TEXT`. */
function notesOf(notes: string[], language: string): Record<string, string> {
  return Object.fromEntries(
    notes.map((note): [string, string] => {
      const [, tag, text] =
        /^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)=(.*)$/s.exec(note) ?? [];
      return tag !== undefined && text !== undefined
        ? [tag, text]
        : [language, note];
    }),
  );
}

/** Changes in the words that readers will see. */
function changeWords(changes: Change[]): string[] {
  const revision = {
    number: 1,
    kind: "update",
    liveAt: new Date(0).toISOString(),
    note: {},
    changes,
  };
  return viewPast(revision as never, "en", "en", configuredProfile()).changes;
}

/** @throws Stop that lists every invalid field */
function validated(
  { basedOn: _, ...publication }: Publication,
  options: PublishOptions,
) {
  const body: Omit<Publication, "basedOn"> = {
    notify: "loud" as const,
    kind: "update" as const,
    ...publication,
    ...(options.note
      ? {
          note: {
            ...publication.note,
            ...notesOf(options.note, publication.case.language ?? "en"),
          },
        }
      : {}),
    ...(options.kind ? { kind: options.kind } : {}),
    ...(options.notify ? { notify: options.notify } : {}),
    ...(options.at ? { liveAt: momentFrom(options.at) } : {}),
  };
  const read = parsePublication(body, Date.now(), configuredProfile());
  if ("publication" in read) return read.publication;
  const onlyNote = read.issues.every(({ pointer }) =>
    pointer.startsWith("/note"),
  );
  throw new Stop("refused", {
    title: "It can't be published yet",
    detail: "Nothing was sent.",
    remedy: onlyNote
      ? 'Say what changed: --note "…" in the case\'s own language, or --note uk="…" in another.'
      : "Fix the fields listed, and try again.",
    issues: read.issues,
  });
}

export async function publish(
  outcome: CommandOutcome,
  file: string,
  options: PublishOptions,
): Promise<void> {
  const given = await publicationFile(file);
  const publication = validated(given, options);
  const { id } = publication.case;
  const deployment = await configuredDeployment(outcome);
  const newest = await deployment.newest(id);
  const based =
    options.on === undefined
      ? (given.basedOn ?? newest?.revision.number ?? 0)
      : Number(options.on);
  outcome.say(
    `${publication.kind} of ${id} on ${deployment.url}, based on revision ${based}`,
  );
  if (publication.liveAt !== undefined)
    outcome.say(`live at: ${momentWords(publication.liveAt)}`);
  const changes = changesBetween(
    newest?.case ?? null,
    publication.case as Case,
  );
  for (const words of changeWords(changes)) outcome.say(`  ${words}`);
  const { replace } = options;
  const request = {
    id,
    basedOn: based,
    ...(replace === undefined ? {} : { replace }),
  };
  const { questions } = await deployment.listQuestions({
    ...request,
    body: publication,
  });
  const answered = [
    ...publication.answers,
    ...(options.answers ? await answersIn(options.answers) : []),
  ];
  const before = newest?.revision.number === based ? newest.case : null;
  const answers = await answersTo(
    outcome,
    publication as AskedPublication,
    before,
    questions,
    answered,
  );
  const done = await deployment.publish({
    ...request,
    body: { ...publication, answers },
  });
  outcome.say(
    "proposal" in done
      ? "The proposal waits for a second editor. Readers don't see it before it is approved in the desk."
      : `Revision ${done.revision} of ${id} goes live on ${momentWords(done.liveAt)}. Until then you can take it back in the desk. ${deployment.url}${addresses.page(id)}`,
  );
  outcome.result({ id, ...done });
}
