/** Failures of the API, and their mapping to problem+json (RFC 9457). Their texts are in shared/refusals/. */
import { accessRefusals } from "./refusals/access.ts";
import { documentRefusals } from "./refusals/documents.ts";
import { draftRefusals } from "./refusals/drafts.ts";
import { operationRefusals } from "./refusals/operations.ts";
import { publishingRefusals } from "./refusals/publishing.ts";
import { readingRefusals } from "./refusals/reading.ts";
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
  [T in keyof Problems]: Problems[T][2] extends (failure: infer Fields) => unknown ? Flat<{ tag: T } & Fields> : never;
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
  return tag === "unshowable" || tag === "newer-data" || tag === "too-many-sockets" ? 60 : null;
}

/** The HTTP status of a kind of refusal. */
export const statusOf = (tag: Failure["tag"]): number => problems[tag][0];

export function problemOf(failure: Failure): Problem {
  const [status, title, words] = problems[failure.tag];
  const [detail, remedy] = words(failure as never);
  return { type: `urn:casewire:problem:${failure.tag}`, title, status, detail, remedy, ...extensions(failure) };
}

/** Thrown by handlers. worker/web/app.ts turns it into problem+json or an HTML page. */
export class Refusal extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.tag);
    this.failure = failure;
  }
}
