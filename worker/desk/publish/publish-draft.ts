/** Publishes a draft, and finds out the result when the response was lost. */
import type { Case } from "../../../shared/case/schema.ts";
import { withPlainTexts } from "../../../shared/case/text.ts";
import { ApiError, type Client } from "../../editing/contract/client.ts";
import type { DeskDraft, DeskRecord, Me } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import type { Publish } from "../../editing/rules/publication.ts";
import { needsApproval } from "../session.ts";

export type PublishOutcome =
  | { published: number }
  /** The id of the proposal that waits for a second editor. */
  | { proposed: string }
  /** The newest revision, when it is not the one that the draft is based on. */
  | { conflict: DeskRecord };

/** The case as editors see it; null when it doesn't exist. */
export async function findCase(api: Client, id: string | undefined): Promise<DeskRecord | null> {
  if (id === undefined) return null;
  try {
    return await api.readDeskCase({ id });
  } catch (error) {
    if (error instanceof ApiError && error.is("unknown-case")) return null;
    throw error;
  }
}

/** Whether the case was published by mistake and withdrawn, so that its number can be used again. */
export const isReusable = (record: DeskRecord | null): boolean =>
  record?.revision.reason === "mistake" && record.live === record.revision.number;

/** The revision that a draft is based on; for a number that is used again, its withdrawal. */
const baseOf = (draft: DeskDraft, record: DeskRecord | null): number =>
  draft.base?.number ?? (record && isReusable(record) ? record.revision.number : 0);

/** Whether the draft is not based on the newest revision, and must be merged first. */
export const isOvertaken = (draft: DeskDraft, record: DeskRecord | null): boolean =>
  (record?.revision.number ?? 0) !== baseOf(draft, record);

/** The note without its empty languages. */
export const noteOf = ({ note }: DeskDraft): Record<string, string> =>
  Object.fromEntries(Object.entries(note).filter(([, text]) => text.trim() !== ""));

export const publicationOf = (draft: DeskDraft) => ({
  case: draft.case,
  note: noteOf(draft),
  kind: draft.kind,
  notify: draft.notify,
  ...(draft.liveAt === null ? {} : { liveAt: draft.liveAt }),
  answers: draft.answers,
});

/** Trims all texts, like the server does. */
const trimmed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, child) => (typeof child === "string" ? child.trim() : child));

/** Whether a revision or proposal is the result of this editor's request. */
const isSamePublication = (
  by: Me,
  publication: ReturnType<typeof publicationOf>,
  editor: string,
  content: { case: Case | null; note: object },
) =>
  editor === by.editor &&
  differencesBetween(
    withPlainTexts(trimmed({ case: publication.case, note: publication.note })),
    withPlainTexts({ case: content.case, note: content.note }),
  ).length === 0;

const LOOKUP_ATTEMPTS = 5;
const LOOKUP_DELAY_MS = 1_500;

/** Looks for the result of a publish that got no response. @returns null when there is none */
async function findUnanswered(api: Client, me: Me, draft: DeskDraft): Promise<PublishOutcome | null> {
  const publication = publicationOf(draft);
  const { id = "" } = publication.case;
  for (let attempt = 0; attempt < LOOKUP_ATTEMPTS; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, LOOKUP_DELAY_MS));
    try {
      const record = await findCase(api, id);
      if (
        record &&
        isOvertaken(draft, record) &&
        isSamePublication(me, publication, record.revision.editor, { case: record.case, note: record.revision.note })
      )
        return { published: record.revision.number };
      if (!needsApproval(me)) return null;
      for (const entry of (await api.listProposals()).proposals.filter(({ case: other }) => other === id).toReversed())
        if (isSamePublication(me, publication, entry.editor, (await api.readProposal({ id: entry.id })).content))
          return { proposed: entry.id };
      return null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return null;
}

/**
 * @param saved the server's copy of the draft, which is deleted in the same transaction unless another device has saved a newer version
 * @param record the case as it was when the editor opened the dialog
 * @param replace the pending revision to replace
 * @throws ApiError
 */
export async function publishDraft(
  api: Client,
  me: Me,
  draft: DeskDraft,
  saved: { draft: string; version: string } | null,
  record: DeskRecord | null,
  replace: number | null,
): Promise<PublishOutcome> {
  const id = draft.case.id ?? "";
  const publication = publicationOf(draft);
  try {
    const answer = await api.publish({
      id,
      // The server validates it.
      body: {
        ...publication,
        // What the button said.
        expect: needsApproval(me) ? "proposed" : "committed",
      } as Publish,
      basedOn: baseOf(draft, record),
      ...(replace === null ? {} : { replace: String(replace) }),
      ...saved,
    });
    return "proposal" in answer ? { proposed: answer.proposal } : { published: answer.revision };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) {
      const found = await findUnanswered(api, me, draft);
      if (found) return found;
      throw new ApiError({ ...error.problem, type: "urn:casewire:problem:unanswered" });
    }
    const record = error.status === 412 && (await findCase(api, id).catch(() => null));
    if (!record) throw error;
    if (isSamePublication(me, publication, record.revision.editor, { case: record.case, note: record.revision.note }))
      return { published: record.revision.number };
    return { conflict: record };
  }
}
