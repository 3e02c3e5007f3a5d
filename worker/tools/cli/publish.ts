/** `publish`. */

import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { type Change, changesBetween } from "../../../shared/change.ts";
import type { Notification } from "../../../shared/revision.ts";
import { viewPast } from "../../../shared/view/revision.ts";
import type { PublishedRevision } from "../../editing/rules/desk.ts";
import { parsePublication } from "../../editing/rules/publication.ts";
import { answersIn, mustBeAnswered } from "./ask.ts";
import { configuredDeployment, type Deployment } from "./deployment.ts";
import { type Publication, publicationFile } from "./files.ts";
import { momentFrom, momentWords } from "./moment.ts";
import { type CommandOutcome, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";
import { Interrupt } from "./terminal.ts";

interface PublishOptions {
  note?: string[];
  on?: string;
  replace?: string;
  notify?: Notification;
  /** A file with answers to the revision's questions. */
  answers?: string;
  kind?: "update" | "correction";
  at?: string;
  "no-wait"?: boolean;
}

/** How long to wait for a revision after its moment. */
const LIVE_TIMEOUT_MS = 15_000;
const POLL_INTERVAL_MS = 250;

/** Parses `--note`: `TEXT` in the case's own language, or `LANG=TEXT`. */
function notesOf(notes: string[], language: string): Record<string, string> {
  return Object.fromEntries(
    notes.map((note): [string, string] => {
      const [, tag, text] = /^([a-z]{2,3}(?:-[A-Za-z0-9]+)*)=(.*)$/s.exec(note) ?? [];
      return tag !== undefined && text !== undefined ? [tag, text] : [language, note];
    }),
  );
}

/** Changes in the words that readers will see. */
function changeWords(changes: Change[]): string[] {
  const revision = { number: 1, kind: "update", liveAt: new Date(0).toISOString(), note: {}, changes };
  return viewPast(revision as never, "en", "en", configuredProfile()).changes;
}

/** @throws Stop that lists every invalid field */
function validated({ basedOn: _, ...publication }: Publication, options: PublishOptions) {
  const body: Omit<Publication, "basedOn"> = {
    notify: "loud" as const,
    kind: "update" as const,
    ...publication,
    ...(options.note
      ? { note: { ...publication.note, ...notesOf(options.note, publication.case.language ?? "en") } }
      : {}),
    ...(options.kind ? { kind: options.kind } : {}),
    ...(options.notify ? { notify: options.notify } : {}),
    ...(options.at ? { liveAt: momentFrom(options.at) } : {}),
  };
  const read = parsePublication(body, Date.now(), configuredProfile());
  if ("publication" in read) return read.publication;
  const onlyNote = read.issues.every(({ pointer }) => pointer.startsWith("/note"));
  throw new Stop("refused", {
    title: "It can't be published yet",
    detail: "Nothing was sent.",
    remedy: onlyNote
      ? 'Say what changed: --note "…" in the case\'s own language, or --note uk="…" in another.'
      : "Fix the fields listed, and try again.",
    issues: read.issues,
  });
}

export async function publish(outcome: CommandOutcome, file: string, options: PublishOptions): Promise<void> {
  const given = await publicationFile(file);
  const publication = validated(given, options);
  const { id } = publication.case;
  const deployment = await configuredDeployment(outcome);
  const newest = await deployment.newest(id);
  const based = options.on === undefined ? (given.basedOn ?? newest?.revision.number ?? 0) : Number(options.on);
  outcome.say(`${publication.kind} of ${id} on ${deployment.url}, based on revision ${based}`);
  if (publication.liveAt !== undefined) outcome.say(`live at: ${momentWords(publication.liveAt)}`);
  const changes = changesBetween(newest?.case ?? null, publication.case as Case);
  for (const words of changeWords(changes)) outcome.say(`  ${words}`);
  const isWaiting = publication.liveAt === undefined && !options["no-wait"];
  // Created before the request, so that Ctrl-C during the request takes the revision back too.
  const interrupt = new Interrupt(outcome);
  try {
    const { replace } = options;
    const request = { id, basedOn: based, ...(replace === undefined ? {} : { replace }) };
    const { questions } = await deployment.listQuestions({ ...request, body: publication });
    const answers = [...publication.answers, ...(options.answers ? await answersIn(options.answers) : [])];
    mustBeAnswered(publication, questions, answers);
    const done = await deployment.publish({ ...request, body: { ...publication, answers } });
    if ("proposal" in done) {
      outcome.say("The proposal waits for a second editor. Readers don't see it before it is approved in the desk.");
      if (interrupt.requested) outcome.note("It was not taken back. Reject it in the desk.");
      return outcome.result({ id, ...done });
    }
    const { revision, liveAt } = done;
    if (isWaiting) {
      outcome.note(`Revision ${revision} goes live at ${liveAt}. Ctrl-C takes it back.`);
      await interrupt.sleep(Date.parse(liveAt) - deployment.now());
    }
    if (interrupt.requested) {
      await deployment.undo({ id, number: revision });
      throw new Stop("takenBack", {
        title: "Taken back",
        detail: `Revision ${revision} of ${id} never went live.`,
        remedy: "Publish again when it is ready.",
        id,
        ...done,
      });
    }
    // A live revision can't be taken back.
    interrupt.dispose();
    if (isWaiting) await waitUntilLive(deployment, id, done);
    outcome.say(
      isWaiting
        ? `Live: revision ${revision} of ${id}. ${deployment.url}${addresses.page(id)}`
        : `Revision ${revision} of ${id} goes live on ${momentWords(liveAt)}. Until then you can take it back in the desk.`,
    );
    outcome.result({ id, ...done, live: isWaiting });
  } finally {
    interrupt.dispose();
  }
}

/** Polls until the deployment reports the revision as live, and ignores requests that fail. @throws Stop after `LIVE_TIMEOUT_MS` */
async function waitUntilLive(
  deployment: Deployment,
  id: string,
  { revision, liveAt }: PublishedRevision,
): Promise<void> {
  for (const deadline = Date.now() + LIVE_TIMEOUT_MS; Date.now() < deadline; ) {
    const newest = await deployment.newest(id).catch(() => null);
    if ((newest?.live ?? 0) >= revision) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  throw new Stop("unreachable", {
    title: "Not live yet",
    detail: `Revision ${revision} of ${id} should have gone live at ${liveAt}.`,
    remedy: "It is committed. Check again in a minute, and read the deployment's log.",
  });
}
