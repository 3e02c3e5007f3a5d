/**
 * Publishes a draft, finds out the result when the response was lost, and makes
 * a draft again of what was undone.
 */
import { withPlainTexts } from "../../../shared/case/text.ts";
import { ApiError, type Client } from "../../editing/contract/client.ts";
import type { DeskDraft, DeskRecord, Me } from "../../editing/rules/desk.ts";
import { differencesBetween } from "../../editing/rules/merge.ts";
import type { Publish } from "../../editing/rules/publication.ts";
import { needsApproval } from "../session.ts";
import { draftOf } from "../start-draft.ts";

/** The case as editors see it; null when it doesn't exist. */
export async function findCase(
  api: Client,
  id: string | undefined,
): Promise<DeskRecord | null> {
  if (id === undefined) return null;
  try {
    return await api.readDeskCase({ id });
  } catch (error) {
    if (error instanceof ApiError && error.is("unknown-case")) return null;
    throw error;
  }
}

/**
 * Whether the case was published by mistake and withdrawn, so that its number
 * can be used again.
 */
export const isReusable = (record: DeskRecord | null): boolean =>
  record?.revision.reason === "mistake" &&
  record.live === record.revision.number;

/**
 * The revision that a draft is based on; for a number that is used again, its
 * withdrawal.
 */
const baseOf = (draft: DeskDraft, record: DeskRecord | null): number =>
  draft.base?.number ??
  (record && isReusable(record) ? record.revision.number : 0);

/**
 * Whether the draft is not based on the newest revision, and must be merged
 * first.
 */
export const isOvertaken = (
  draft: DeskDraft,
  record: DeskRecord | null,
): boolean => (record?.revision.number ?? 0) !== baseOf(draft, record);

/** The note without its empty languages. */
export const noteOf = ({ note }: DeskDraft): Record<string, string> =>
  Object.fromEntries(
    Object.entries(note).filter(([, text]) => text.trim() !== ""),
  );

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
  JSON.parse(JSON.stringify(value), (_, child) =>
    typeof child === "string" ? child.trim() : child,
  );

/** Whether the newest revision is the result of this editor's request. */
const isFrom = (
  by: Me,
  { case: fields, note }: ReturnType<typeof publicationOf>,
  { case: now, revision }: DeskRecord,
) =>
  revision.editor === by.editor &&
  differencesBetween(
    withPlainTexts(trimmed({ case: fields, note })),
    withPlainTexts({ case: now, note: revision.note }),
  ).length === 0;

const MAX_ATTEMPTS = 3;
const RETRY_DELAY_MS = 1_500;

/**
 * Sends a publish again when its response was lost: if the first one was
 * committed, the second is refused, and the case shows the revision. A proposal
 * isn't sent again, because it would be a second one.
 * @param saved the server's copy of the draft, which is deleted in the same
 * transaction unless another device has saved a newer version
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
) {
  const id = draft.case.id ?? "";
  const publication = publicationOf(draft);
  // What the button said.
  const expect = needsApproval(me) ? "proposed" : "committed";
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await api.publish({
        id,
        // The server validates it.
        body: { ...publication, expect } as Publish,
        basedOn: baseOf(draft, record),
        ...(replace === null ? {} : { replace: String(replace) }),
        ...saved,
      });
      return "proposal" in answer
        ? { proposed: answer.proposal }
        : { published: answer.revision };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, problem } = error;
      const now =
        (status === 412 || attempt > 1) &&
        (await findCase(api, id).catch(() => null));
      if (now && isFrom(me, publication, now))
        return { published: now.revision.number };
      if (now && status === 412) return { conflict: now };
      if (status !== 0) throw error;
      if (expect === "proposed" || attempt === MAX_ATTEMPTS)
        throw new ApiError({
          ...problem,
          type: "urn:casewire:problem:unanswered",
        });
      await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
    }
  }
}

const drafts = new Map<string, DeskDraft>();

/**
 * The revision that was just published, whose countdown gets the focus once.
 */
let justPublished: string | null = null;

const keyOf = (id: string, number: number) => `${id}/${number}`;

export function rememberPublished(
  id: string,
  number: number,
  draft: DeskDraft | null,
): void {
  if (draft) drafts.set(keyOf(id, number), draft);
  justPublished = keyOf(id, number);
}

export function takeJustPublished(id: string, number: number): boolean {
  const isMatch = justPublished === keyOf(id, number);
  if (isMatch) justPublished = null;
  return isMatch;
}

/**
 * The number of the revision that was just undone, which its draft shows once.
 */
let justUndone: number | null = null;

export function takeUndone(): number | null {
  const number = justUndone;
  justUndone = null;
  return number;
}

/**
 * Undoes a pending revision.
 * @returns its content as a draft; null for an erasure or a withdrawal, which
 * says nothing
 */
export async function undoToDraft(
  api: Client,
  id: string,
  number: number,
  before: DeskRecord,
): Promise<DeskDraft | null> {
  const content = await api.undo({ id, number });
  if (!content.case) return null;
  justUndone = number;
  const draft = drafts.get(keyOf(id, number));
  if (draft) return draft;
  const current = await findCase(api, id);
  const { kind, notify } =
    before.pending.find((revision) => revision.number === number) ??
    before.revision;
  return {
    ...draftOf(current?.revision.number ?? 1, content.case),
    base: current?.case
      ? { number: current.revision.number, case: current.case }
      : null,
    note: content.note,
    source: content.source ?? null,
    kind: kind === "correction" ? kind : "update",
    notify,
  };
}
