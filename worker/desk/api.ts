/** The desk's requests, as the API defines them (shared/protocol.ts, worker/editorial/desk.ts). Every refusal is thrown as an `ApiError`. */
import type * as v from "valibot";
import { addresses, paths } from "../../shared/addresses.ts";
import type { Case, Text } from "../../shared/case/schema.ts";
import type { Problem } from "../../shared/failure.ts";
import type { Notification, RevisionKind, WithdrawalReason } from "../../shared/revision.ts";
import type {
  AuditEntry,
  DeskCase,
  DeskDraft,
  DeskRecord,
  DraftSource,
  Me,
  Preview,
  PreviewRequest,
  Proposal,
  ProposalEntry,
  Proposed,
  Published,
  Rejected,
  Saved,
  SavedDraft,
  SavedDraftEntry,
  Trace,
  UnfinishedCase,
} from "../editorial/desk.ts";
import { say } from "./words.ts";

/** What the server refused, in its words; `problem.type` tells which refusal it is, `status` is 0 when nobody answered. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.detail} ${problem.remedy}`.trim());
    this.problem = problem;
  }
  get status(): number {
    return this.problem.status;
  }
  /** True for the refusal of that tag: `error.is("precondition-failed")`. */
  is(tag: string): boolean {
    return this.problem.type === `urn:casewire:problem:${tag}`;
  }
}

const unreachable = (): Problem => ({
  type: "about:blank",
  title: say("error.unreachable"),
  status: 0,
  detail: say("error.unreachable"),
  remedy: say("error.unreachable.remedy"),
});

export interface PublishCommand {
  case: UnfinishedCase;
  note: Record<string, string>;
  kind: Exclude<RevisionKind, "withdrawal">;
  notify: Notification;
  liveAt?: string;
}

/** How long an answer may take, in milliseconds, and how slow a line may be, in bytes a millisecond: a document has its pictures in it. */
const PATIENCE = 20_000;
const SLOWEST = 4;

const sizeOf = (body: RequestInit["body"]) => (body instanceof Blob ? body.size : String(body ?? "").length);

/** How far the server's clock is ahead, when it is off by more than a header of whole seconds and the way here explain. */
function aheadOf(answer: Response, asked: number): number | null {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return null;
  const off = told + 500 - (asked + Date.now()) / 2;
  return Math.abs(off) > 1_500 ? off : 0;
}

/** @param token an editor's; it stands in no address, and in nothing but the header of each request */
export function apiWith(token: string) {
  let ahead = 0;
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${token}`);
    const asked = Date.now();
    let answer: Response;
    try {
      answer = await fetch(path, {
        ...init,
        headers,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE + sizeOf(init.body) / SLOWEST),
      });
    } catch {
      throw new ApiError(unreachable());
    }
    ahead = aheadOf(answer, asked) ?? ahead;
    if (answer.ok) return answer;
    const problem = await answer.json().catch(unreachable);
    throw new ApiError({ ...unreachable(), ...problem, status: answer.status });
  }
  const read = async <T>(path: string, init?: RequestInit): Promise<T> => (await send(path, init)).json();
  const write = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  /** What the editor saw: a version or revision number, or nothing yet. */
  const based = (number: number | null): Record<string, string> =>
    number === null ? { "If-None-Match": "*" } : { "If-Match": `"${number}"` };

  return {
    me: () => read<Me>(paths.deskMe),
    cases: async () => (await read<{ cases: DeskCase[] }>(paths.deskCases)).cases,
    case: (id: string) => read<DeskRecord>(addresses.deskCase(id)),

    /** Reads a document: text, or a file's bytes. */
    importDocument: (document: string | Blob) =>
      read<Omit<DraftSource, "name"> & { case: UnfinishedCase }>(paths.drafts, {
        method: "POST",
        headers: { "Content-Type": typeof document === "string" ? "text/plain" : "application/octet-stream" },
        body: document,
      }),
    preview: (request: v.InferInput<typeof PreviewRequest>) => read<Preview>(paths.deskPreview, write("POST", request)),

    drafts: async () => (await read<{ drafts: SavedDraftEntry[] }>(paths.deskDrafts)).drafts,
    draft: (id: string) => read<SavedDraft>(addresses.deskDraft(id)),
    /** @param version the one this browser saw last; null for a new draft */
    saveDraft: (id: string, draft: DeskDraft, version: number | null) =>
      read<Saved>(addresses.deskDraft(id), write("PUT", draft, based(version))),
    deleteDraft: async (id: string) => void (await send(addresses.deskDraft(id), { method: "DELETE" })),

    /**
     * @param basedOn the newest committed revision the editor saw; null for a new case
     * @param options a pending revision to replace, and the saved draft that goes once this stands, in the version that is published
     */
    publish: (
      id: string,
      command: PublishCommand,
      basedOn: number | null,
      options: { replace?: number; draft?: string; version?: number } = {},
    ) => {
      const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]));
      return read<Published | Proposed>(`${addresses.case(id)}?${query}`, write("PUT", command, based(basedOn)));
    },
    /** @returns what the revision said; the case is null for a withdrawal */
    undo: (id: string, number: number) =>
      read<{ case: Case | null; note: Text }>(addresses.revision(id, number), { method: "DELETE" }),
    /** What would be left of the case, in a language of the readers. */
    trace: (id: string, lang: string) => read<Trace>(addresses.deskTrace(id, lang)),
    /** @returns no revision for a case that was never live: nothing is left of it */
    withdraw: (id: string, reason: WithdrawalReason) =>
      read<Partial<Published>>(`${addresses.case(id)}?reason=${reason}`, { method: "DELETE" }),

    proposals: async () => (await read<{ proposals: ProposalEntry[] }>(paths.deskProposals)).proposals,
    proposal: (id: string) => read<Proposal>(addresses.deskProposal(id)),
    /** @param hash of the proposal as it was read */
    approve: (id: string, hash: string) =>
      read<Published>(addresses.deskApproval(id), { method: "POST", headers: { "If-Match": `"${hash}"` } }),
    /** A rejection by another editor, or taken back by its author. */
    reject: (id: string, reason = "") => read<Rejected>(addresses.deskRejection(id), write("POST", { reason })),

    /** Newest first. @param id a case's; all when empty */
    audit: async (id: string, limit: number) => {
      const query = new URLSearchParams({ ...(id && { case: id }), limit: String(limit) });
      return (await read<{ audit: AuditEntry[] }>(`${paths.deskAudit}?${query}`)).audit;
    },
    /** The whole audit log as a file. */
    auditLog: async () => (await send(paths.deskAuditLog)).blob(),

    /** The server's time as far as its answers tell, in milliseconds: this machine's clock may be wrong. */
    now: () => Date.now() + ahead,
  };
}
export type Api = ReturnType<typeof apiWith>;
