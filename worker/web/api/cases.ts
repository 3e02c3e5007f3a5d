/** The public JSON endpoints of cases. */
import type { Context } from "hono";
import { addresses } from "../../../shared/addresses.ts";
import { type Failure, Refusal } from "../../../shared/failure.ts";
import { negotiate } from "../../../shared/locale.ts";
import type { CaseRecord } from "../../../shared/revision.ts";
import type { ActAnswer } from "../../../shared/view/schema.ts";
import {
  etagOf,
  etagOfView,
  type Public,
  revisionTag,
} from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { type LeasedAnswer, sendBody, untilOf } from "../../reads/send-body.ts";
import {
  type CaseState,
  firstOf,
  type RevisionState,
  viewOf,
  viewPresent,
} from "../../reads/state.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { openActOf } from "../site/act/open-act.ts";
import { nextLink } from "./list.ts";
import { sendProblem } from "./problem.ts";
import type { Handler, Handlers } from "./router.ts";

/** An answer for `sendBody`. */
const jsonAnswer = (
  content: object,
  etag: string,
  more: Record<string, string> = {},
): LeasedAnswer => ({
  body: JSON.stringify(content),
  etag,
  headers: { "Content-Type": "application/json; charset=utf-8", ...more },
});

/**
 * @throws Refusal when the case or revision is unknown, withdrawn, erased or
 * can't be shown
 */
export function requirePresent<T extends CaseState | RevisionState>(
  id: string,
  state: T,
): Extract<T, { state: "present" }> {
  if (state.state === "present")
    return state as Extract<T, { state: "present" }>;
  throw new Refusal(refusalOf(id, state));
}

export function refusalOf(
  id: string,
  state: Exclude<CaseState | RevisionState, { state: "present" }>,
): Failure {
  if (state.state === "absent") return { tag: "unknown-case", id };
  const { number, liveAt } = state.revision;
  if (state.state === "withdrawn")
    return { tag: "withdrawn", id, number, liveAt };
  return { tag: state.state, id, number };
}

const recordAnswer = (
  c: Context<Public>,
  { case: fields, revision }: CaseRecord,
  ...parts: string[]
): LeasedAnswer =>
  jsonAnswer(
    { case: fields, revision, contact: profileOf(c.env).newsroom.contact },
    etagOf(c.env, revisionTag(revision), ...parts),
    { "Content-Language": fields.language },
  );

const sendCase: Handler<"readCase"> = async (c, { params: { id } }) => {
  const head = await leased(c, (reads) => reads.leasedCase(id));
  const { record } = requirePresent(id, head.value);
  return sendBody(c, { key: `record ${id}`, copies: [head] }, () =>
    recordAnswer(c, record),
  );
};

const sendView: Handler<"readView"> = async (c, { params: { id }, query }) => {
  const profile = profileOf(c.env);
  const locale = negotiate(query.lang, profile);
  const head = await leased(c, (reads) => reads.leasedCase(id));
  const { value: state, now } = head;
  if (state.state !== "present")
    return sendProblem(
      c,
      refusalOf(id, state),
      { view: viewOf(id, state, locale, now, profile) },
      locale,
    );
  return sendBody(c, { key: `view ${id} ${locale}`, copies: [head] }, (now) => {
    const view = viewPresent(state, locale, now, profile);
    return {
      ...jsonAnswer(view, etagOfView(c.env, view), {
        "Content-Language": locale,
      }),
      until: untilOf(view),
    };
  });
};

const sendAct: Handler<"readAct"> = async (c, { params: { id }, query }) => {
  const profile = profileOf(c.env);
  const locale = negotiate(query.lang, profile);
  const head = await leased(c, (reads) => reads.leasedCase(id));
  const state = requirePresent(id, head.value);
  return sendBody(c, { key: `act ${id} ${locale}`, copies: [head] }, (now) => {
    const view = viewPresent(state, locale, now, profile);
    const { lang, dir, revision } = view;
    const appeal = openActOf(state, locale, now, profile);
    const act: ActAnswer = { id, lang, dir, revision: revision.number, appeal };
    if (view.expires) act.expires = view.expires;
    return {
      ...jsonAnswer(act, etagOfView(c.env, view, "act"), {
        "Content-Language": locale,
      }),
      until: untilOf(view),
    };
  });
};

const sendHistory: Handler<"listRevisions"> = async (
  c,
  { params: { id }, query: { limit, cursor = null } },
) => {
  const page = await leased(c, (reads) =>
    reads.leasedHistory(id, cursor, limit),
  );
  const { value: history } = page;
  if (!history) throw new Refusal({ tag: "unknown-case", id });
  const { newest, revisions, older } = firstOf(history, limit);
  if (newest.kind === "withdrawal")
    throw new Refusal({
      tag: "withdrawn",
      id,
      number: newest.number,
      liveAt: newest.liveAt,
    });
  // Answers for made-up numbers aren't kept: they are without end.
  const key =
    cursor !== null && cursor > newest.number
      ? null
      : `history ${id} ${cursor} ${limit}`;
  return sendBody(c, { key, copies: [{ ...page, value: history }] }, () =>
    jsonAnswer(
      { revisions, contact: profileOf(c.env).newsroom.contact },
      etagOf(c.env, revisionTag(newest), "revisions", cursor ?? 0, limit),
      nextLink(
        c,
        addresses.revisions(id),
        older ? revisions.at(-1)?.number : undefined,
      ),
    ),
  );
};

const sendChanges: Handler<"listChanges"> = async (
  c,
  { query: { since = null, limit } },
) => {
  const copy = await leased(c, (reads) => reads.leasedChanges(since, limit));
  const { value: page } = copy;
  if (!page) throw new Refusal({ tag: "unknown-cursor" });
  const { changes, next, more, log } = page;
  // Pages that are read once, on the way to the newest change, are not kept.
  const key = more ? null : `changes ${since?.position} ${limit}`;
  const states = changes.map(({ change, state }) => `${change}${state}`);
  return sendBody(c, { key, copies: [{ ...copy, value: page }] }, () =>
    jsonAnswer(
      {
        changes,
        next: `${next}-${log}`,
        more,
        contact: profileOf(c.env).newsroom.contact,
      },
      etagOf(c.env, shortDigest(`${key ?? c.req.url} ${next} ${states}`)),
    ),
  );
};

async function sendRevision(
  c: Context<Public>,
  id: string,
  number: number,
): Promise<Response> {
  const revision = await leased(c, (reads) => reads.leasedRevision(id, number));
  if (revision.value.state === "absent") {
    const known =
      (await leased(c, (reads) => reads.leasedCase(id))).value.state !==
      "absent";
    throw new Refusal(
      known
        ? { tag: "unknown-revision", id, number }
        : { tag: "unknown-case", id },
    );
  }
  const { record } = requirePresent(id, revision.value);
  return sendBody(
    c,
    { key: `revision ${id} ${number}`, copies: [revision] },
    () => recordAnswer(c, record, "revision"),
  );
}

export const caseHandlers = {
  readCase: sendCase,
  readView: sendView,
  readAct: sendAct,
  listRevisions: sendHistory,
  listChanges: sendChanges,
  readRevision: (c, { params: { id, number } }) => sendRevision(c, id, number),
} satisfies Partial<Handlers>;
