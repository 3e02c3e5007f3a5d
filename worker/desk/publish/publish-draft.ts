/** A publish and everything that can come of it, a lost answer included. */
import type { Case } from "../../../shared/case/schema.ts";
import { ApiError, type Client } from "../../contract/client.ts";
import type { DeskDraft, DeskRecord, Me } from "../../editorial/desk.ts";
import { differencesBetween } from "../../editorial/merge.ts";
import type { Publish } from "../../editorial/publication.ts";

export type Outcome =
  | { published: number }
  /** The proposal that waits for a second editor. */
  | { proposed: string }
  /** Another revision is the newest. */
  | { conflict: DeskRecord }
  | { refused: ApiError };

/** The case as editors see it; null when there is none. */
export async function standing(api: Client, id: string | undefined): Promise<DeskRecord | null> {
  if (id === undefined) return null;
  try {
    return await api.readDeskCase({ id });
  } catch (error) {
    if (error instanceof ApiError && error.is("unknown-case")) return null;
    throw error;
  }
}

/** A draft begun from another revision than the newest must be merged first. */
export const isOvertaken = (draft: DeskDraft, record: DeskRecord | null): boolean =>
  (record?.revision.number ?? 0) !== (draft.base?.number ?? 0);

/** The note without its empty languages. */
export const noteOf = ({ note }: DeskDraft): Record<string, string> =>
  Object.fromEntries(Object.entries(note).filter(([, text]) => text.trim() !== ""));

const commandOf = (draft: DeskDraft) => ({
  case: draft.case,
  note: noteOf(draft),
  kind: draft.kind,
  notify: draft.notify,
  ...(draft.liveAt === null ? {} : { liveAt: draft.liveAt }),
});

/** As the server keeps texts. */
const trimmed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, child) => (typeof child === "string" ? child.trim() : child));

const isSaid = (
  by: Me,
  command: ReturnType<typeof commandOf>,
  editor: string,
  content: { case: Case | null; note: object },
) =>
  editor === by.editor &&
  differencesBetween(trimmed({ case: command.case, note: command.note }), {
    case: content.case,
    note: content.note,
  }).length === 0;

/** How often, and how soon, it is asked whether an unanswered publish came through, in milliseconds. */
const ASKED = 5;
const PAUSE = 1_500;

/** The answer was lost: did the request arrive? */
async function traceOf(api: Client, me: Me, draft: DeskDraft): Promise<Outcome | null> {
  const command = commandOf(draft);
  const { id = "" } = command.case;
  for (let time = 0; time < ASKED; time++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    try {
      const record = await standing(api, id);
      if (
        record &&
        isOvertaken(draft, record) &&
        isSaid(me, command, record.revision.editor, { case: record.case, note: record.revision.note })
      )
        return { published: record.revision.number };
      if (me.review === "one" || command.kind === "redaction") return null;
      for (const entry of (await api.listProposals()).proposals.filter(({ case: other }) => other === id).toReversed())
        if (isSaid(me, command, entry.editor, (await api.readProposal({ id: entry.id })).content))
          return { proposed: entry.id };
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return null;
}

/**
 * @param saved the draft when it is on the server: it goes in the same transaction, but for a newer version from another device
 * @param replace a pending revision whose place it takes
 */
export async function publishDraft(
  api: Client,
  me: Me,
  draft: DeskDraft,
  saved: { draft: string; version: number } | null,
  replace: number | null,
): Promise<Outcome> {
  const id = draft.case.id ?? "";
  const command = commandOf(draft);
  try {
    const answer = await api.publish({
      id,
      // The server says what is still missing.
      body: command as Publish,
      basedOn: draft.base?.number ?? 0,
      ...(replace === null ? {} : { replace: String(replace) }),
      ...(saved && { draft: saved.draft, version: String(saved.version) }),
    });
    return "proposal" in answer ? { proposed: answer.proposal } : { published: answer.revision };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) {
      const found = await traceOf(api, me, draft);
      if (found) return found;
      return { refused: new ApiError({ ...error.problem, type: "urn:casewire:problem:unanswered" }) };
    }
    if (error.status !== 412) return { refused: error };
    const record = await standing(api, id).catch(() => null);
    if (!record) return { refused: error };
    if (isSaid(me, command, record.revision.editor, { case: record.case, note: record.revision.note }))
      return { published: record.revision.number };
    return { conflict: record };
  }
}
