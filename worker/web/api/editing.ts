/** Endpoints that change cases: publish, undo, withdraw. */
import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { addresses } from "../../../shared/addresses.ts";
import { changedIdIssues } from "../../../shared/case/same-person.ts";
import { Refusal } from "../../../shared/failure.ts";
import type {
  GivenAnswer,
  QuestionAnswer,
} from "../../editing/rules/answers.ts";
import type { Erased, ErasureRequest } from "../../editing/rules/erase.ts";
import {
  dateIssues,
  momentIssues,
  type Publish,
  profileIssues,
} from "../../editing/rules/publication.ts";
import { type Identity, mayPublish } from "../../editing/rules/roles.ts";
import type {
  PublishCommand,
  WithdrawCommand,
} from "../../objects/ledger/command.ts";
import type { EraseCommand } from "../../objects/ledger/erasures.ts";
import type { Public } from "../../reads/freshness.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { reviewOf } from "../../runtime/settings.ts";
import { lookAtPlaces } from "./places.ts";
import { unwrap } from "./request.ts";
import type { Handler, Handlers } from "./router.ts";

/**
 * Answers in the name of the editor behind a request. A program's are marked as
 * such.
 */
export const givenBy = (
  { editor, kind }: Identity,
  answers: readonly QuestionAnswer[],
): GivenAnswer[] =>
  answers.map((one) => ({
    ...one,
    editor,
    ...(kind === "token" && { byToken: true as const }),
  }));

/**
 * The command of a request, whose fields are checked against the profile, the
 * calendar and the revision that it is based on.
 * @throws Refusal
 */
async function commandOf(
  c: Context<Public>,
  id: string,
  body: Publish,
  basedOn: number,
  {
    replace,
    draft,
    version = null,
  }: {
    replace?: number | undefined;
    draft?: string | undefined;
    version?: number | null | undefined;
  },
): Promise<PublishCommand> {
  const { case: fields, note, kind, liveAt, notify, answers, reading } = body;
  const issues = [
    ...profileIssues(fields, profileOf(c.env)),
    ...dateIssues(fields, Date.now()),
    ...momentIssues(liveAt, Date.now()),
  ];
  if (fields.id !== id)
    issues.push({
      pointer: "/case/id",
      message: `must be ${id}, as in the address`,
    });
  const base =
    basedOn > 0 ? await ledgerFor(c.env).desk.caseAt(id, basedOn) : null;
  if (base) issues.push(...changedIdIssues(base, fields));
  if (issues.length > 0) throw new Refusal({ tag: "invalid-case", issues });
  return {
    id,
    case: fields,
    note,
    kind,
    notify,
    editor: c.get("editor"),
    basedOn,
    answers: givenBy(c.get("identity"), answers),
    ...(reading && { reading }),
    ...(liveAt === undefined ? {} : { liveAt: Date.parse(liveAt) }),
    ...(replace === undefined ? {} : { replace }),
    ...(draft === undefined ? {} : { draft: { id: draft, version } }),
  };
}

/** Whether a publish takes effect, or waits for a second editor. */
const outcomeOf = (c: Context<Public>): "committed" | "proposed" =>
  mayPublish(c.get("identity")) && reviewOf(c.env) === "one"
    ? "committed"
    : "proposed";

/** @throws Refusal when the editor was told of another outcome */
function requireOutcome(
  expected: "committed" | "proposed" | undefined,
  would: "committed" | "proposed",
): void {
  if (expected !== undefined && expected !== would)
    throw new Refusal({ tag: "other-outcome", would });
}

/**
 * The rows of the followed words that an erasure or a withdrawal takes with it.
 * The Dispatcher finds them before the commit, which stores their numbers, so
 * that nothing about the erased is stored. A Dispatcher that doesn't answer
 * holds up no erasure.
 */
async function followedWords(env: Env, names: string[]): Promise<number[]> {
  const dispatcher = names.length === 0 ? null : dispatcherFor(env);
  if (!dispatcher) return [];
  return dispatcher.words.matching(names).catch((error: unknown) => {
    log.error("Erasure: the followed words could not be read", error);
    return [];
  });
}

/**
 * Runs an erasure or a withdrawal, with the followed words that go with it.
 * Then looks once at the pages elsewhere that may hold the erased words.
 * @param command the command, or the id of a proposal that may be one
 */
export async function erasing<T extends object>(
  { env }: Context<Public>,
  command: EraseCommand | WithdrawCommand | string,
  commit: (words: number[]) => Promise<T>,
): Promise<T> {
  const unsaid = await ledgerFor(env).review.unsaid(command);
  const done: T & Partial<Erased> = await commit(
    await followedWords(env, unsaid?.last ?? []),
  );
  const own =
    done.revision === undefined || !unsaid
      ? []
      : [{ id: unsaid.id, revision: done.revision }];
  const cases = [...own, ...(done.cases ?? [])];
  if (unsaid && cases.length > 0)
    waitUntil(lookAtPlaces(env, { ...unsaid, cases }));
  return done;
}

const publish: Handler<"publish"> = async (
  c,
  { params: { id }, query, body, basedOn },
) => {
  const command = await commandOf(c, id, body, basedOn, query);
  const ledger = ledgerFor(c.env);
  const outcome = outcomeOf(c);
  requireOutcome(body.expect, outcome);
  if (outcome === "proposed") {
    const proposed = unwrap(await ledger.review.propose(command));
    return c.json(proposed, 202, {
      Location: addresses.deskProposal(proposed.proposal),
    });
  }
  const published = unwrap(await ledger.publish(command));
  return c.json(published, 201, {
    ETag: `"${published.revision}"`,
    Location: addresses.deskCase(id),
  });
};

/** The body of an erasure as a command. */
const eraseCommand = (
  c: Context<Public>,
  id: string,
  { expect: _, seen, ...body }: ErasureRequest,
  basedOn: number,
) => ({
  ...{ ...body, id, basedOn, editor: c.get("editor") },
  ...(seen !== undefined && { seen }),
});

export const editingHandlers = {
  publish,
  async previewErasure(c, { params: { id }, body, basedOn }) {
    const command = eraseCommand(c, id, body, basedOn);
    return c.json(
      unwrap(
        await ledgerFor(c.env).review.previewErasure(
          command,
          reviewOf(c.env) === "two",
        ),
      ),
    );
  },
  async erase(c, { params: { id }, body, basedOn }) {
    const command = eraseCommand(c, id, body, basedOn);
    const done = await erasing(c, command, async (words) =>
      unwrap(
        await ledgerFor(c.env).review.erase(
          command,
          reviewOf(c.env) === "two",
          body.expect,
          words,
        ),
      ),
    );
    if ("proposal" in done)
      return c.json(done, 202, {
        Location: addresses.deskProposal(done.proposal),
      });
    return c.json(done, 201, {
      ETag: `"${done.revision}"`,
      Location: addresses.deskCase(id),
    });
  },
  async listQuestions(c, { params: { id }, query, body, basedOn }) {
    const command = await commandOf(c, id, body, basedOn, query);
    return c.json({
      questions: unwrap(await ledgerFor(c.env).questions(command)),
    });
  },
  async undo(c, { params: { id, number } }) {
    const undone = unwrap(
      await ledgerFor(c.env).undo(id, number, c.get("editor")),
    );
    return c.json({ undone: number, ...undone });
  },
  async withdraw(c, { params: { id }, query: { reason, expect }, basedOn }) {
    const command = {
      id,
      reason,
      editor: c.get("editor"),
      basedOn,
      ...(expect && { expect }),
    };
    const done = await erasing(c, command, async (words) => {
      const outcome = unwrap(
        await ledgerFor(c.env).review.withdraw(
          command,
          reviewOf(c.env) === "two",
          words,
        ),
      );
      return "proposal" in outcome
        ? outcome
        : { cancelled: outcome.cancelled, ...outcome.published };
    });
    if ("proposal" in done)
      return c.json(done, 202, {
        Location: addresses.deskProposal(done.proposal),
      });
    return c.json(done);
  },
} satisfies Partial<Handlers>;
