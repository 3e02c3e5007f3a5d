/** Refusals that any route may answer with. */
import type { FieldIssue, Refusals } from "./refusals.ts";

export const requestRefusals = {
  "no-such-address": [
    404,
    "Address not found",
    "Nothing was found at {path}.",
    "Check the address. GET /v1/cases lists the cases.",
  ],
  "method-not-allowed": [
    405,
    "Method not allowed",
    "This address accepts {allow}.",
    "Use one of these methods: {allow}.",
  ],
  "not-acceptable": [
    406,
    "Not acceptable",
    "This address returns only {offered}.",
    "Send Accept: {offered}, or no Accept header.",
  ],
  "no-such-format": [
    501,
    "Unsupported format",
    ({ offered }: { offered: string }) => [
      `The supported formats are ${offered}.`,
      `Use format=${offered.replace(/,.*/, "")}.`,
    ],
  ],
  "invalid-query": [
    400,
    "Invalid parameters",
    (_: { issues: FieldIssue[] }) => [
      "`issues` lists each invalid parameter and what it must be.",
      "Fix the parameters listed in `issues`.",
    ],
  ],
  "broken-json": [
    400,
    "Invalid JSON",
    ({ detail }: { detail: string }) => [
      detail,
      "Fix the JSON and send it again. Nothing was changed.",
    ],
  ],
  "invalid-case": [
    422,
    "Invalid body",
    (_: { issues: FieldIssue[] }) => [
      "`issues` lists each invalid field and what it must be. Nothing was changed.",
      "Fix the fields listed in `issues` and send it again.",
    ],
  ],
  "too-large": [
    413,
    "The body is too large",
    ({ limit, at }: { limit: number; at?: "webhook" }) =>
      at === "webhook"
        ? [
            `An update has at most ${limit} bytes. It was not handled.`,
            "Only Telegram sends updates to this address.",
          ]
        : [
            `The limit is ${limit} bytes. Nothing was changed.`,
            "Shorten the texts and send it again.",
          ],
  ],
  "not-json": [
    415,
    "The body must be JSON",
    "The Content-Type is not application/json. Nothing was changed.",
    "Send Content-Type: application/json.",
  ],
  "precondition-required": [
    428,
    "If-Match is missing",
    () => [
      "A change needs If-Match, or If-None-Match: * to create something.",
      "Send the ETag that you read in If-Match. For a case, read GET /v1/desk/cases/{id}.",
    ],
  ],
  "malformed-precondition": [
    400,
    "Invalid precondition",
    () => [
      'If-Match must be one ETag in quotes, such as "3". If-None-Match must be *.',
      "Send the ETag that you read in If-Match. For a case, read GET /v1/desk/cases/{id}.",
    ],
  ],
  "newer-data": [
    503,
    "The stored data is newer than this version",
    ({ detail }: { detail: string }) => [
      detail,
      "Deploy the newer version of Casewire again.",
    ],
  ],
  unavailable: [
    503,
    "Temporarily unavailable",
    "The current status can't be read, and an old one is never shown in its place.",
    "Try again in a second.",
  ],
  "workshop-unavailable": [
    503,
    "Temporarily unavailable",
    "This can't be made right now. Cases and their statuses are not affected.",
    "Try again in a second.",
  ],
  unexpected: [
    500,
    "Something went wrong",
    "The request could not be completed because of an error in the server.",
    "Try again. If the error persists, report it to the contact.",
  ],
} as const satisfies Refusals;
