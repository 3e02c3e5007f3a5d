/**
 * Failures of the API, and their mapping to problem+json (RFC 9457). Their
 * texts are in shared/refusals/.
 */
import { accessRefusals } from "./refusals/access.ts";
import { documentRefusals } from "./refusals/documents.ts";
import { draftRefusals } from "./refusals/drafts.ts";
import { operationRefusals } from "./refusals/operations.ts";
import { publishingRefusals } from "./refusals/publishing.ts";
import { readingRefusals } from "./refusals/reading.ts";
import type { FieldsOf, Refusals } from "./refusals/refusals.ts";
import { requestRefusals } from "./refusals/requests.ts";

const problems = {
  ...requestRefusals,
  ...readingRefusals,
  ...publishingRefusals,
  ...draftRefusals,
  ...documentRefusals,
  ...accessRefusals,
  ...operationRefusals,
};

type Problems = typeof problems;
type Flat<T> = { [K in keyof T]: T[K] };

/** A kind of refusal, as `tag`, and the fields that its words need. */
export type Failure = {
  [T in keyof Problems]: Flat<{ tag: T } & FieldsOf<Problems[T]>>;
}[keyof Problems];

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** What the client can do now. */
  remedy: string;
  [extension: string]: unknown;
}

/** Extension members for clients: the fields of the failure. */
function extensions(failure: Failure): Record<string, unknown> {
  const { tag: _, ...rest } = failure;
  if (failure.tag === "too-early") return { pointer: "/liveAt", ...rest };
  return rest;
}

/** When a client may try again; null when trying again doesn't help. */
export function retryAfterSeconds(tag: Failure["tag"]): number | null {
  if (tag === "unavailable" || tag === "workshop-unavailable") return 1;
  // A person has to fix the first two; sockets close by themselves.
  return tag === "unshowable" ||
    tag === "newer-data" ||
    tag === "too-many-sockets"
    ? 60
    : null;
}

/** The HTTP status of a kind of refusal. */
export const statusOf = (tag: Failure["tag"]): number => problems[tag][0];

const filled = (text: string, fields: object): string =>
  text.replace(/\{(\w+)\}/g, (_, name) =>
    String(fields[name as keyof typeof fields]),
  );

export function problemOf(failure: Failure): Problem {
  const refusal: Refusals[string] = problems[failure.tag];
  const [status, title] = refusal;
  const [detail, remedy] =
    refusal.length === 3
      ? refusal[2](failure as never)
      : [filled(refusal[2], failure), filled(refusal[3], failure)];
  return {
    type: `urn:casewire:problem:${failure.tag}`,
    title,
    status,
    detail,
    remedy,
    ...extensions(failure),
  };
}

/**
 * Thrown by handlers. worker/web/app.ts turns it into problem+json or an HTML
 * page.
 */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.tag);
    this.failure = failure;
  }
}
