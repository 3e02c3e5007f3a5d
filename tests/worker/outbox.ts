/** An outbox on real storage, with its followers. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { test } from "vitest";
import { wordOf } from "../../bot/scope.ts";
import type { Revision } from "../../shared/revision.ts";
import { CardEditor } from "../../worker/objects/dispatcher/card-editor.ts";
import type { CardEdit } from "../../worker/objects/dispatcher/card-rows.ts";
import { SqlCards } from "../../worker/objects/dispatcher/cards.ts";
import { CircuitBreaker } from "../../worker/objects/dispatcher/circuit-breaker.ts";
import {
  type Delivery,
  type SendOutcome,
  TokenBucket,
} from "../../worker/objects/dispatcher/drain.ts";
import { FanOut } from "../../worker/objects/dispatcher/fan-out.ts";
import { FollowedWords } from "../../worker/objects/dispatcher/followed-words.ts";
import { SqlFollowers } from "../../worker/objects/dispatcher/followers.ts";
import { dispatcherMigrations } from "../../worker/objects/dispatcher/migrations.ts";
import { SqlOutbox } from "../../worker/objects/dispatcher/outbox.ts";
import { Queue } from "../../worker/objects/dispatcher/queue.ts";
import { rankOf } from "../../worker/objects/dispatcher/rank.ts";
import { Vault } from "../../worker/objects/dispatcher/vault.ts";
import { migrate } from "../../worker/objects/storage/migrate.ts";
import type { Announcement, CaseState } from "../../worker/reads/state.ts";
import { profile } from "../support/profile.ts";

export const CHAT = 7301928465;
const LIVE = "2026-01-01T00:00:00.000Z";
export const NOW = Date.parse(LIVE);

/** The outbox, also one delivery at a time. */
class Outbox extends SqlOutbox {
  takeOne(now: number): Delivery | null {
    return this.take(now, 1)[0] ?? null;
  }

  settleOne(
    job: Delivery,
    verdict: SendOutcome<Delivery>["verdict"],
    now: number,
    told: number,
  ): Promise<void> {
    return this.settle([{ job, verdict, told }], now);
  }
}

/**
 * The parts of a Dispatcher, opened on storage that may have been used before.
 */
export function open(
  storage: DurableObjectStorage,
  vault: Vault,
  { token = "token", page = 500 } = {},
) {
  const fanOut = new FanOut(storage, page);
  const followers = new SqlFollowers(storage, fanOut);
  const breaker = new CircuitBreaker(storage, token);
  const cards = new SqlCards(storage, breaker, vault);
  const outbox = new Outbox(
    { storage, followers, fanOut, vault, cards },
    breaker,
  );
  const words = new FollowedWords(storage, vault);
  const { sql } = storage;
  return {
    storage,
    breaker,
    cards,
    fanOut,
    followers,
    outbox,
    queue: new Queue(outbox, cards, breaker),
    vault,
    words,
    sql,
    again: (settings: { token?: string; page?: number }) =>
      open(storage, vault, settings),
    async follow(
      chat: number,
      {
        topic = 0,
        scope = "ua-1-00",
        told = 0,
        locale = "en" as "en" | "uk",
      } = {},
    ) {
      const kind = chat > 0 ? "private" : "group";
      const [sealed, word] = [await vault.seal(chat), wordOf(scope)];
      const followed =
        word === null ? scope : words.add(await words.seal(word));
      return followers.follow(
        sealed,
        rankOf[kind],
        topic,
        followed,
        locale,
        told,
        NOW,
      );
    },
    /**
     * Takes what is due next, and settles it: as sent, unless said otherwise.
     * @returns the delivery
     */
    async settleNext(
      now: number,
      verdict: SendOutcome<Delivery>["verdict"] = { do: "done" },
    ) {
      const next = outbox.takeOne(now)!;
      await outbox.settleOne(
        next,
        verdict,
        now,
        verdict.do === "done" ? next.number : 0,
      );
      return next;
    },
    /**
     * Sends what is due, as time goes on by the step.
     * @returns the deliveries, in order
     */
    async sendAll(
      now: number,
      { step = 2_000, told }: { step?: number; told?: number } = {},
    ) {
      const sent: Delivery[] = [];
      for (
        let at = now, next = outbox.takeOne(at);
        next;
        at += step, next = outbox.takeOne(at)
      ) {
        sent.push(next);
        await outbox.settleOne(next, { do: "done" }, at, told ?? next.number);
      }
      return sent;
    },
    /** Returns a chat's row. */
    chat: async (id: number) => followers.find(await vault.hashes(id)),
  };
}

export type Opened = ReturnType<typeof open>;

/**
 * What an edit of a card or post did, with the text and the buttons that it
 * wrote.
 */
export async function written(
  { cards, followers, breaker, vault }: Opened,
  edit: CardEdit,
  state: CaseState,
  history: Revision[] = [],
) {
  let shown = {
    text: "",
    entities: [] as { type: string }[],
    buttons: [] as string[],
  };
  const api = async (_: string, { text, entities, reply_markup }: any) => {
    const buttons = reply_markup.inline_keyboard
      .flat()
      .map((button: { text: string }) => button.text);
    shown = { text, entities, buttons };
    return { ok: true };
  };
  const editor = new CardEditor({
    ...{
      cards,
      followers,
      breaker,
      vault,
      api: api as never,
      bot: "bot",
      bucket: new TokenBucket(25, 25),
    },
    links: { publicUrl: "https://casewire.test", profile },
    read: async () => state,
    history: async () => history,
  });
  return { sent: await editor.edit(edit), ...shown };
}

/** Runs with a new outbox on its own storage. */
export function withOutbox(body: (opened: Opened) => Promise<void>) {
  const stub = env.DISPATCHER.getByName(`outbox ${crypto.randomUUID()}`);
  return runInDurableObject(stub, async (_, { storage }) => {
    migrate(storage, dispatcherMigrations, "Dispatcher");
    await body(open(storage, await Vault.open(env.FOLLOWER_KEY)));
  });
}

export const it = (what: string, body: (opened: Opened) => Promise<void>) =>
  test(what, () => withOutbox(body));

export const announcement = (
  number: number,
  notify: Announcement["notify"] = "loud",
  id = "ua-1-00",
): Announcement => ({ id, number, liveAt: LIVE, notify, kind: "update" });

export const tables = ["chats", "follows", "told", "deliveries"];
export const rows = (sql: SqlStorage) =>
  tables.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray().length);
