import { describe, expect, it } from "vitest";
import { type Failure, problemOf } from "../../shared/failure.ts";
import { access } from "../../shared/refusals/access.ts";
import { documents } from "../../shared/refusals/documents.ts";
import { drafts } from "../../shared/refusals/drafts.ts";
import { operations } from "../../shared/refusals/operations.ts";
import { publishing } from "../../shared/refusals/publishing.ts";
import { reading } from "../../shared/refusals/reading.ts";
import { requests } from "../../shared/refusals/requests.ts";

/** The type requires every tag, so a new one doesn't compile here until it has a status. */
const table: { [T in Failure["tag"]]: [Extract<Failure, { tag: T }>, status: number] } = {
  "unknown-case": [{ tag: "unknown-case", id: "ua-1-00" }, 404],
  "unknown-revision": [{ tag: "unknown-revision", id: "ua-1-00", number: 9 }, 404],
  withdrawn: [{ tag: "withdrawn", id: "ua-1-00", number: 3, liveAt: "2026-11-25T10:00:00.000Z" }, 410],
  erased: [{ tag: "erased", id: "ua-1-00", number: 1 }, 410],
  unshowable: [{ tag: "unshowable", id: "ua-1-00", number: 2 }, 503],
  "newer-data": [{ tag: "newer-data", detail: "Refusing to serve: the Ledger holds content of version 2." }, 503],
  "no-such-address": [{ tag: "no-such-address", path: "/nowhere" }, 404],
  "method-not-allowed": [{ tag: "method-not-allowed", allow: "GET" }, 405],
  "not-acceptable": [{ tag: "not-acceptable", offered: "application/json" }, 406],
  "no-such-format": [{ tag: "no-such-format", offered: "json, xml" }, 501],
  "not-embeddable": [{ tag: "not-embeddable", url: "https://a.test/", example: "https://b.test/cases/ua-0-00" }, 404],
  "unknown-cursor": [{ tag: "unknown-cursor" }, 410],
  "no-log": [{ tag: "no-log" }, 404],
  "invalid-query": [{ tag: "invalid-query", issues: [{ pointer: "limit", message: "must be a number" }] }, 400],
  "broken-json": [{ tag: "broken-json", detail: "line 1" }, 400],
  "invalid-case": [
    {
      tag: "invalid-case",
      issues: [
        {
          pointer: "/case/id",
          message: "must be lower-case words and digits joined by hyphens, at most 40 characters",
        },
      ],
    },
    422,
  ],
  "people-alike": [
    {
      tag: "people-alike",
      issues: [{ pointer: "/case/people/1", message: "may be the person at /case/people/0: A B, A. B" }],
      twoPeople: [["a-b", "a-b-2"]],
    },
    422,
  ],
  "too-large": [{ tag: "too-large", limit: 262_144 }, 413],
  "not-json": [{ tag: "not-json" }, 415],
  "no-import": [{ tag: "no-import" }, 422],
  "not-a-document": [{ tag: "not-a-document" }, 415],
  "document-too-large": [{ tag: "document-too-large", limit: 2_097_152 }, 413],
  "unreadable-document": [{ tag: "unreadable-document", reason: "pdf" }, 422],
  "not-importable": [{ tag: "not-importable", reason: "report", line: 1, words: "Executive summary" }, 422],
  "not-an-upgrade": [{ tag: "not-an-upgrade" }, 426],
  "too-many-sockets": [{ tag: "too-many-sockets", limit: 200 }, 429],
  unauthorized: [{ tag: "unauthorized" }, 401],
  "nothing-to-redact": [{ tag: "nothing-to-redact", id: "ua-1-00" }, 409],
  "redaction-adds": [
    { tag: "redaction-adds", issues: [{ pointer: "/case/title/en", message: "must be shorter" }] },
    409,
  ],
  "name-remains": [
    { tag: "name-remains", remaining: [{ pointer: "/case/title/en", before: "of ", word: "Demo", after: "" }] },
    409,
  ],
  "too-many-attempts": [{ tag: "too-many-attempts", seconds: 60 }, 429],
  "precondition-required": [{ tag: "precondition-required" }, 428],
  "malformed-precondition": [{ tag: "malformed-precondition" }, 400],
  "precondition-failed": [{ tag: "precondition-failed", newest: 2 }, 412],
  exists: [{ tag: "exists", newest: 2 }, 412],
  "overtakes-pending": [{ tag: "overtakes-pending", pending: 3, liveAt: "2026-11-25T10:00:00.000Z" }, 409],
  "not-pending": [{ tag: "not-pending", number: 2 }, 409],
  "not-newest-pending": [{ tag: "not-newest-pending", number: 2, newest: 3 }, 409],
  "too-early": [{ tag: "too-early", earliest: "2026-11-25T10:00:07.000Z" }, 422],
  "unknown-draft": [{ tag: "unknown-draft", id: "1" }, 404],
  "draft-changed": [{ tag: "draft-changed", version: 2, savedAt: "2026-11-25T10:00:00.000Z" }, 412],
  "draft-erased": [{ tag: "draft-erased", id: "ua-1-00", number: 3 }, 410],
  "too-many-drafts": [{ tag: "too-many-drafts", most: 50 }, 409],
  "too-many-portraits": [{ tag: "too-many-portraits", most: 100 }, 409],
  "unknown-proposal": [{ tag: "unknown-proposal", id: "1" }, 404],
  "proposal-changed": [{ tag: "proposal-changed", hash: "0a" }, 412],
  "own-proposal": [{ tag: "own-proposal" }, 403],
  "proposal-overdue": [
    { tag: "proposal-overdue", asked: "2026-11-25T09:00:00.000Z", earliest: "2026-11-25T10:00:07.000Z" },
    409,
  ],
  "too-many-proposals": [{ tag: "too-many-proposals", most: 20 }, 409],
  "door-closed": [{ tag: "door-closed" }, 401],
  forbidden: [{ tag: "forbidden", role: "publisher" }, 403],
  "passkey-needed": [{ tag: "passkey-needed", seconds: 300 }, 403],
  "passkey-refused": [{ tag: "passkey-refused", why: "copied" }, 422],
  "unknown-invitation": [{ tag: "unknown-invitation" }, 404],
  "unknown-editor": [{ tag: "unknown-editor", name: "anna" }, 404],
  "unknown-passkey": [{ tag: "unknown-passkey" }, 404],
  "unknown-token": [{ tag: "unknown-token" }, 404],
  "last-passkey": [{ tag: "last-passkey" }, 409],
  "last-administrator": [{ tag: "last-administrator" }, 409],
  "name-taken": [{ tag: "name-taken", name: "anna" }, 409],
  "too-many-editors": [{ tag: "too-many-editors", most: 500 }, 409],
  "too-many-passkeys": [{ tag: "too-many-passkeys", most: 20 }, 409],
  "too-many-tokens": [{ tag: "too-many-tokens", most: 50 }, 409],
  "portrait-named": [{ tag: "portrait-named" }, 409],
  "unknown-chat": [{ tag: "unknown-chat", id: "9" }, 404],
  "unknown-hook": [{ tag: "unknown-hook", id: "9" }, 404],
  "too-many-hooks": [{ tag: "too-many-hooks", most: 100 }, 409],
  "not-empty": [{ tag: "not-empty" }, 409],
  "cases-first": [{ tag: "cases-first" }, 409],
  "no-bot": [{ tag: "no-bot" }, 404],
  "followers-there": [{ tag: "followers-there" }, 409],
  "restore-under-way": [{ tag: "restore-under-way" }, 409],
  damaged: [{ tag: "damaged", row: "draft", id: "a-draft" }, 500],
  "erasures-missing": [{ tag: "erasures-missing" }, 400],
  "damaged-backup": [{ tag: "damaged-backup", fault: "line 3 is cut short" }, 422],
  "unfit-backup": [{ tag: "unfit-backup", reason: "older-erasures", fault: "the erasures file is older" }, 422],
  unavailable: [{ tag: "unavailable" }, 503],
  "workshop-unavailable": [{ tag: "workshop-unavailable" }, 503],
  unexpected: [{ tag: "unexpected" }, 500],
};

describe("The problem for the failure", () => {
  it.each(Object.values(table).map(([failure, status]) => [failure.tag, status, failure] as const))(
    "%s has status %i, a type, a text and a remedy",
    (tag, status, failure) => {
      const problem = problemOf(failure);
      expect(problem).toMatchObject({ type: `urn:casewire:problem:${tag}`, status });
      for (const text of [problem.title, problem.detail, problem.remedy]) {
        expect(text).toMatch(/\S/);
        expect(text).not.toMatch(/undefined|\[object/);
      }
      const { tag: _, ...details } = failure;
      expect(problem).toMatchObject(details);
    },
  );
});

it("No two tables of refusals have the same name, or one would hide the other", () => {
  const names = [requests, reading, publishing, drafts, documents, access, operations].flatMap(Object.keys);
  expect(names.toSorted()).toEqual(Object.keys(table).toSorted());
});
