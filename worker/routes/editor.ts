/** What editors do, and what only they see. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as v from "valibot";
import { Case, type PartialDate } from "../../shared/case.ts";
import { type FieldIssue, Refusal } from "../../shared/failure.ts";
import { firstDay } from "../../shared/partial-date.ts";
import { PublishFields, withdrawalReasons } from "../../shared/revision.ts";
import { type Editor, requireEditor } from "../auth.ts";
import { ledgerFor } from "../env.ts";
import type { Outcome } from "../ledger/journal.ts";
import { fieldIssues, invalidQuery } from "./invalid.ts";

/** The largest body taken, in bytes. */
const BODY_LIMIT = 256 * 1024;

/** The body of a publish. */
export const Publish = v.pipe(
  v.strictObject({ case: Case, ...PublishFields }),
  v.forward(
    v.check(
      ({ case: fields, note }) => note[fields.language] !== undefined,
      "must have a text in the case's own language",
    ),
    ["note"],
  ),
);

const number = (what: string) => v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/, `must be ${what}`), v.transform(Number));

const PublishQuery = v.strictObject({ replace: v.optional(number("the number of the pending revision to replace")) });
const WithdrawQuery = v.strictObject({
  reason: v.optional(v.picklist(withdrawalReasons, `must be one of ${withdrawalReasons.join(", ")}`), "unstated"),
});
const AuditQuery = v.strictObject({
  case: v.optional(v.string()),
  limit: v.optional(number("a number from 1"), "100"),
});

function query<S extends v.GenericSchema>(c: Context, schema: S): v.InferOutput<S> {
  const parsed = v.safeParse(schema, c.req.query());
  if (!parsed.success) throw invalidQuery(parsed.issues);
  return parsed.output;
}

/** The revision a publish is based on: the quoted number of `If-Match`, or 0 for `If-None-Match: *`. */
function basedOn(c: Context): number {
  const [match, none] = [c.req.header("If-Match"), c.req.header("If-None-Match")];
  if (match === undefined && none === undefined) throw new Refusal({ tag: "precondition-required" });
  if (match === undefined && none === "*") return 0;
  const quoted = none === undefined && /^"([1-9]\d{0,8})"$/.exec(match ?? "");
  if (!quoted) throw new Refusal({ tag: "malformed-precondition" });
  return Number(quoted[1]);
}

async function jsonBody(c: Context): Promise<unknown> {
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(c.req.header("Content-Type") ?? ""))
    throw new Refusal({ tag: "not-json" });
  const bytes = await c.req.arrayBuffer();
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refusal({
      tag: "broken-json",
      detail: error instanceof SyntaxError ? error.message : "The body is not UTF-8.",
    });
  }
}

const DAY = 86_400_000;

/** Facts cannot be dated later than the day that has begun somewhere on Earth. */
function factsOfTomorrow(value: unknown, pointer = "/case"): FieldIssue[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const at = `${pointer}/${key}`;
    if (key !== "asOf") return factsOfTomorrow(child, at);
    const first = firstDay((child as PartialDate).date);
    const late = first !== null && Date.parse(first) > Date.now() + DAY;
    return late ? [{ pointer: `${at}/date`, message: "must not be later than today" }] : [];
  });
}

function doneOrRefused<T>(outcome: Outcome<T>): T {
  if ("failure" in outcome) throw new Refusal(outcome.failure);
  return outcome.done;
}

export const editor = new Hono<Editor>();

editor.use("/v1/desk/*", requireEditor);
editor.on(["PUT", "DELETE"], "/v1/cases/:id", requireEditor);
editor.on("DELETE", "/v1/cases/:id/revisions/:number", requireEditor);
editor.on(
  ["PUT", "POST", "DELETE"],
  "/v1/*",
  bodyLimit({
    maxSize: BODY_LIMIT,
    onError: () => {
      throw new Refusal({ tag: "too-large", limit: BODY_LIMIT });
    },
  }),
);

editor.put("/v1/cases/:id", async (c) => {
  const id = c.req.param("id");
  const { replace } = query(c, PublishQuery);
  const based = basedOn(c);
  const parsed = v.safeParse(Publish, await jsonBody(c));
  if (!parsed.success) throw new Refusal({ tag: "invalid-case", issues: fieldIssues(parsed.issues) });
  const { case: fields, note, kind, liveAt, notify } = parsed.output;
  const early = factsOfTomorrow(fields);
  if (early.length > 0) throw new Refusal({ tag: "invalid-case", issues: early });
  if (fields.id !== id)
    throw new Refusal({
      tag: "invalid-case",
      issues: [{ pointer: "/case/id", message: `must be ${id}, as in the address` }],
    });
  const published = doneOrRefused(
    await ledgerFor(c.env).publish({
      id,
      case: fields,
      note,
      kind,
      notify,
      editor: c.get("editor"),
      basedOn: based,
      ...(liveAt === undefined ? {} : { liveAt: Date.parse(liveAt) }),
      ...(replace === undefined ? {} : { replace }),
    }),
  );
  return c.json(published, 201, { ETag: `"${published.revision}"`, Location: `/v1/desk/cases/${id}` });
});

editor.delete("/v1/cases/:id/revisions/:number", async (c) => {
  const { id, number } = c.req.param();
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new Refusal({ tag: "unknown-revision", id, number });
  const undone = doneOrRefused(await ledgerFor(c.env).undo(id, Number(number), c.get("editor")));
  return c.json({ undone: Number(number), ...undone });
});

editor.delete("/v1/cases/:id", async (c) => {
  const { reason } = query(c, WithdrawQuery);
  const { cancelled, published } = doneOrRefused(
    await ledgerFor(c.env).withdraw(c.req.param("id"), reason, c.get("editor")),
  );
  return c.json({ cancelled, ...published });
});

editor.get("/v1/desk/cases/:id", async (c) => {
  const id = c.req.param("id");
  const record = await ledgerFor(c.env).readDesk(id);
  if (!record) throw new Refusal({ tag: "unknown-case", id });
  return c.json(record, 200, { ETag: `"${record.revision.number}"` });
});

editor.get("/v1/desk/audit", async (c) => {
  const { case: id, limit } = query(c, AuditQuery);
  return c.json({ audit: await ledgerFor(c.env).readAudit(id ?? null, Math.min(limit, 1000)) });
});
