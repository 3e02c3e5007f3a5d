import { expect, it } from "vitest";
import { type Failure, problemOf, statusOf } from "../../shared/failure.ts";
import { accessRefusals } from "../../shared/refusals/access.ts";
import { documentRefusals } from "../../shared/refusals/documents.ts";
import { draftRefusals } from "../../shared/refusals/drafts.ts";
import { operationRefusals } from "../../shared/refusals/operations.ts";
import { publishingRefusals } from "../../shared/refusals/publishing.ts";
import { readingRefusals } from "../../shared/refusals/reading.ts";
import { requestRefusals } from "../../shared/refusals/requests.ts";

const tables = [
  requestRefusals,
  readingRefusals,
  publishingRefusals,
  draftRefusals,
  documentRefusals,
];
const tags = [...tables, accessRefusals, operationRefusals].flatMap((one) =>
  Object.keys(one),
) as Failure["tag"][];

/** Values of every field that a refusal's words need. */
const fields = {
  ...{
    id: "ua-1-00",
    number: 2,
    newest: 3,
    pending: 3,
    version: 2,
    revision: 1,
    limit: 200,
    most: 50,
    seconds: 60,
  },
  ...{
    liveAt: "2026-11-25T10:00:00.000Z",
    earliest: "2026-11-25T10:00:07.000Z",
    asked: "2026-11-25T09:00:00.000Z",
  },
  ...{
    savedAt: "2026-11-25T10:00:00.000Z",
    path: "/nowhere",
    url: "https://a.test/",
    example: "https://b.test/",
  },
  ...{
    detail: "line 1",
    offered: "application/json",
    allow: "GET",
    name: "anna",
    role: "publisher",
    row: "draft",
  },
  ...{
    hash: "0a",
    line: 1,
    words: "Executive summary",
    fault: "line 3 is cut short",
  },
  cases: ["ua-2-00"],
  issues: [{ pointer: "/case/id", message: "must be shorter" }],
  remaining: [
    { pointer: "/case/title/en", before: "of ", word: "Demo", after: "" },
  ],
  questions: [
    {
      id: "0123456789abcdef",
      kind: "event",
      at: ["/case/events/0"],
      answers: ["as-stated"],
    },
  ],
};
/** Those that are one of a list of words. */
const reasons: Partial<Record<Failure["tag"], object>> = {
  "unreadable-document": { reason: "scan" },
  "passkey-refused": { why: "copied" },
  "unfit-backup": { reason: "older-erasures" },
};

it.each(tags)(
  "The problem for the failure %s has its status, a type, a text and a remedy",
  (tag) => {
    const problem = problemOf({
      tag,
      ...fields,
      ...reasons[tag],
    } as unknown as Failure);
    expect(problem).toMatchObject({
      type: `urn:casewire:problem:${tag}`,
      status: statusOf(tag),
      id: fields.id,
    });
    expect(statusOf(tag)).toSatisfy(
      (status: number) => status >= 400 && status <= 503,
    );
    for (const text of [problem.title, problem.detail, problem.remedy]) {
      expect(text).toMatch(/\S/);
      expect(text).not.toMatch(/undefined|\[object/);
    }
  },
);

it("The problem for the failure is the only one of its name, or one table of refusals would hide another's", () => {
  expect(new Set(tags).size).toBe(tags.length);
});
