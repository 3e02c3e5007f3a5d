/** `publish`, `schedule` and `redact`. */

import { addresses } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import { changesBetween } from "../../../shared/change.ts";
import type { Notification, RevisionKind } from "../../../shared/revision.ts";
import type { Published } from "../../editing/rules/desk.ts";
import { parsePublication } from "../../editing/rules/publication.ts";
import type { Redacts } from "../../editing/rules/redacts.ts";
import { configuredDeployment, type Deployment } from "./deployment.ts";
import { type Publication, publicationFile } from "./files.ts";
import { momentWords } from "./moment.ts";
import { type Outcome, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";
import { changeWords } from "./revisions.ts";
import { confirm, countDown, Interrupt } from "./terminal.ts";

export interface PublishOptions {
  note?: string[];
  on?: number;
  replace?: number;
  notify?: Notification;
  /** Pairs of ids of people who are two, although their names are almost the same. */
  twoPeople?: string[][];
  kind?: Exclude<RevisionKind, "withdrawal">;
  at?: string;
  yes?: string;
  wait?: boolean;
  name?: string[];
  alike?: string[];
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

/** Parses `--alike`: a JSON Pointer, `=`, and the word. */
const redactsOf = ({ name = [], alike = [] }: PublishOptions): Redacts => ({
  names: name,
  alike: alike.map((text) => {
    const at = text.indexOf("=");
    return { pointer: text.slice(0, at), word: text.slice(at + 1) };
  }),
});

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
    ...(options.at ? { liveAt: options.at } : {}),
    ...(options.twoPeople ? { twoPeople: [...(publication.twoPeople ?? []), ...options.twoPeople] } : {}),
  };
  if (body.kind === "redaction") {
    // Its note is fixed. The file has the note of the revision it was made from.
    delete body.note;
    body.redacts = redactsOf(options);
  }
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

export async function publish(outcome: Outcome, file: string, options: PublishOptions): Promise<void> {
  const given = await publicationFile(file);
  const publication = validated(given, options);
  const { id } = publication.case;
  const deployment = await configuredDeployment(outcome);
  const newest = await deployment.newest(id);
  const based = options.on ?? given.basedOn ?? newest?.revision.number ?? 0;
  outcome.say(`${publication.kind} of ${id} on ${deployment.url}, based on revision ${based}`);
  if (publication.liveAt !== undefined) outcome.say(`live at: ${momentWords(publication.liveAt)}`);
  const changes = changesBetween(newest?.case ?? null, publication.case as Case);
  for (const words of changeWords(changes, "en")) outcome.say(`  ${words}`);
  if (publication.kind === "redaction") {
    outcome.note(`This erases all earlier content of ${id}, on every surface and in the history.`);
    await confirm(outcome, id, options.yes, `Type ${id} to redact it: `);
  }
  await untilLive(outcome, deployment, id, options.wait ?? true, async () => {
    const done = await deployment.publish({
      id,
      body: publication,
      basedOn: based,
      ...(options.replace === undefined ? {} : { replace: String(options.replace) }),
    });
    if ("revision" in done) return done;
    outcome.say(
      "The proposal waits for a second editor. Readers don't see it before it is approved.",
      `Another editor approves it in the desk, or with \`approve ${done.proposal}\`.`,
    );
    const { liveAt } = publication;
    outcome.result({ id, ...done, ...(liveAt === undefined ? {} : { liveAt }) });
    return null;
  });
}

/**
 * Publishes and waits until the revision is live. Until then, Ctrl-C takes it back.
 * @param send resolves to null when it made a proposal instead
 */
export async function untilLive(
  outcome: Outcome,
  deployment: Deployment,
  id: string,
  wait: boolean,
  send: () => Promise<Published | null>,
): Promise<void> {
  // Created before the request, so that Ctrl-C during the request takes the revision back too.
  const interrupt = new Interrupt(outcome);
  try {
    const published = await send();
    if (!published) {
      if (interrupt.requested) outcome.note("The proposal was not taken back. Use `reject`.");
      return;
    }
    const { revision, liveAt } = published;
    if (wait) {
      outcome.note(`Revision ${revision} goes live at ${liveAt}. Ctrl-C takes it back.`);
      await countDown(
        outcome,
        interrupt,
        () => Date.parse(liveAt) - deployment.now(),
        (seconds) => `revision ${revision} of ${id} is live in ${seconds} s; Ctrl-C takes it back`,
      );
    }
    if (interrupt.requested) {
      await deployment.undo({ id, number: revision });
      throw new Stop("takenBack", {
        title: "Taken back",
        detail: `Revision ${revision} of ${id} never went live.`,
        remedy: "Publish again when it is ready.",
        id,
        ...published,
      });
    }
    // A live revision can't be taken back.
    interrupt.dispose();
    if (wait) await waitUntilLive(deployment, id, published);
    outcome.say(
      ...(wait
        ? [`Live: revision ${revision} of ${id}. ${deployment.url}${addresses.page(id)}`]
        : [
            `Revision ${revision} of ${id} goes live on ${momentWords(liveAt)}.`,
            `Until then \`undo ${id} ${revision}\` takes it back.`,
          ]),
    );
    outcome.result({ id, ...published, live: wait });
  } finally {
    interrupt.dispose();
  }
}

/** Polls until the deployment reports the revision as live, and ignores requests that fail. @throws Stop after `LIVE_TIMEOUT_MS` */
async function waitUntilLive(deployment: Deployment, id: string, { revision, liveAt }: Published): Promise<void> {
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
