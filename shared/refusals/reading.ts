/** Refusals for readers. */
import type { Refusals } from "./refusals.ts";

export const readingRefusals = {
  "unknown-case": [
    404,
    "Case not found",
    "There is no case {id}.",
    "Check the number. GET /v1/cases lists the cases.",
  ],
  "unknown-revision": [
    404,
    "Revision not found",
    "Case {id} has no live revision {number}.",
    "Check the number. GET /v1/cases/{id}/revisions lists the live revisions.",
  ],
  withdrawn: [
    410,
    "The case was withdrawn",
    ({ number, liveAt }: { id: string; number: number; liveAt: string }) => [
      `Revision ${number} removed the case's content at ${liveAt}.`,
      "Please delete your copies and quotations of it.",
    ],
  ],
  erased: [
    410,
    "The revision was erased",
    ({ number }: { id: string; number: number }) => [
      `A later redaction removed the content of revision ${number}. Its number, moment and hash remain.`,
      "Please delete your copies of it.",
    ],
  ],
  unshowable: [
    503,
    "The case can't be shown",
    ({ number }: { id: string; number: number }) => [
      `The stored content of revision ${number} is not a valid case, so nothing of it is shown.`,
      "Try again later. Editors can publish a correction or withdraw the case.",
    ],
  ],
  "not-embeddable": [
    404,
    "Not embeddable",
    "{url} is not the address of a case's page or frame on this site.",
    "Use an address like {example}.",
  ],
  "unknown-cursor": [
    410,
    "The log of changes starts anew",
    "The cursor belongs to an earlier log: the deployment was restored from a backup, or the format of cases has changed.",
    "Delete your copy, and read GET /v1/changes without `since`.",
  ],
  "no-log": [
    404,
    "No signed log",
    "This deployment doesn't sign its log, so nobody can check that its history was not rewritten.",
    "Ask the newsroom to set LOG_KEY.",
  ],
  "not-an-upgrade": [
    426,
    "WebSocket required",
    "This address accepts only WebSocket connections.",
    "Connect with a WebSocket, or poll the view.",
  ],
  "too-many-sockets": [
    429,
    "Too many sockets",
    "Your IP address has {limit} open sockets for this case already.",
    "Close some of them, or poll the view.",
  ],
} as const satisfies Refusals;
