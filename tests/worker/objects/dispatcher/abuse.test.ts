/**
 * Abuse of the webhook: refused before storage or Telegram is touched; floods
 * are limited per sender.
 */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  type Charge,
  RateLimiter,
  takeAll,
} from "../../../../worker/objects/dispatcher/rate-limiter.ts";
import {
  chargesOf,
  parseUpdate,
} from "../../../../worker/web/telegram/update.ts";
import { claim } from "../../chat-ports.ts";
import { deliver } from "../../web/telegram/deliver.ts";

/** Fails when touched, so that the webhook answers 503. */
const untouchable = {
  getByName() {
    throw new Error("storage was touched");
  },
};

const statusOf = async (body: unknown, secret?: string) =>
  (
    await deliver(
      body,
      { DISPATCHER: untouchable, LEDGER: untouchable },
      secret,
    )
  ).status;

const chat = { id: 7301928, type: "private", first_name: "Invented Reader" };
const from = { ...chat, is_bot: false };
const messageUpdate = (update_id: number, text = "/help", more = {}) => ({
  update_id,
  message: { message_id: 1, date: 1, chat, from, text, ...more },
});

describe("A webhook call that is refused before storage and Telegram are touched", () => {
  it("can be a forged call", async () => {
    for (const secret of [
      "",
      "wrong",
      env.WEBHOOK_SECRET.toUpperCase(),
      `${env.WEBHOOK_SECRET} `.repeat(2),
    ])
      expect(await statusOf(messageUpdate(1), secret)).toBe(401);
  });

  it("can be an oversized call, whether or not it states its length", async () => {
    const large = JSON.stringify(messageUpdate(1, "x".repeat(200_000)));
    expect(await statusOf(large)).toBe(413);
    expect(await statusOf(new Blob([large]).stream())).toBe(413);
  });

  // Telegram sends again what isn't acknowledged with 200.
  it.each<[what: string, status: number, body: unknown]>([
    ["text that is not JSON", 400, "not json"],
    ["JSON that is no object", 400, null],
    ["a list", 400, []],
    ["an object without update_id", 400, { message: {} }],
    ["an update_id that is no number", 400, { update_id: "1" }],
    ["an update with nothing in it", 200, { update_id: 3 }],
    ["a kind we did not ask for", 200, { update_id: 3, poll: { id: "1" } }],
    ["a message that is a text", 200, { update_id: 3, message: "hello" }],
    [
      "a chat without a number",
      200,
      {
        update_id: 3,
        message: { message_id: 1, chat: { id: "1", type: "private" } },
      },
    ],
    [
      "a chat of no known kind",
      200,
      {
        update_id: 3,
        message: { message_id: 1, chat: { id: 1, type: "moon" } },
      },
    ],
    ["an endless text", 200, messageUpdate(3, "x".repeat(20_000))],
    [
      "a button with too much in it",
      200,
      { update_id: 3, callback_query: { id: "1", from, data: "x".repeat(65) } },
    ],
    ["a negative id", 200, messageUpdate(-3)],
  ])("can be %s, which is answered with %i", async (_, status, body) => {
    expect(await statusOf(body)).toBe(status);
  });

  it("differs from a valid call, which would reach storage", async () => {
    expect(await statusOf(messageUpdate(3))).toBe(503);
  });
});

const by = (sender: string, cost = 1) => ({ sender, cost });
/** True if the update is answered. */
const isTaken = (flood: RateLimiter, update: object, now: number) =>
  takeAll(flood, chargesOf(parseUpdate(update)!), now) === "taken";
/** A message of a member of a group. */
const inGroup = (group: number, member: number, text = "/help", more = {}) =>
  messageUpdate(1, text, {
    chat: { id: group, type: "supergroup" },
    from: { ...from, id: member },
    ...more,
  });

it("An edited message is taken like a new one, unless it is a step of a live location", () => {
  const { message } = messageUpdate(1, "Kukuvina");
  expect(parseUpdate({ update_id: 2, edited_message: message })).toEqual({
    update_id: 2,
    message,
  });
  const { text: _, ...moved } = message;
  expect(
    parseUpdate({
      update_id: 3,
      edited_message: { ...moved, location: { latitude: 1, longitude: 1 } },
    }),
  ).toBeNull();
});

describe("A flood of messages", () => {
  it("does not include inline queries that come with each letter typed", () => {
    const flood = new RateLimiter();
    const query = {
      update_id: 1,
      inline_query: { id: "1", from, query: "kuku", offset: "" },
    };
    for (let letter = 0; letter < 150; letter++)
      expect(isTaken(flood, query, letter * 100)).toBe(true);
  });

  it("gets one request to slow down, is then dropped, and is accepted again after a rest", () => {
    const flood = new RateLimiter();
    const many = Array.from({ length: 60 }, (_, index) =>
      flood.take(by("one"), index * 10),
    );
    const now = 600;
    expect(many.filter((verdict) => verdict === "taken")).toHaveLength(20);
    expect(many.filter((verdict) => verdict === "slow")).toHaveLength(1);
    expect(flood.take(by("another"), now)).toBe("taken");
    expect(flood.take(by("one"), now + 30_000)).toBe("taken");
    // A sender within the allowed rate is answered and gets no warning.
    const steady = Array.from({ length: 30 }, (_, index) =>
      flood.take(by("one"), now + 40_000 + index * 1_600),
    );
    expect(new Set(steady)).toEqual(new Set(["taken"]));
  });

  it("in a group is answered as slowly as Telegram allows, and one person leaves room for others", () => {
    const flood = new RateLimiter();
    const asked = (member: number, text: string, now: number) =>
      isTaken(flood, inGroup(-5, member, text), now);
    // Two minutes of one member's commands, one a second, then another
    // member's.
    const one: number[] = [];
    for (let now = 0; now < 120_000; now += 1_000)
      if (asked(1, "/help", now)) one.push(now);
    expect(one.length).toBeLessThanOrEqual(6 + 12);
    expect(asked(2, "/help", 120_000)).toBe(true);
    // Then commands from a different member each time.
    const all: number[] = [];
    for (let now = 200_000; now < 260_000; now += 250)
      if (asked(now, "/help", now)) all.push(now);
    expect(all.length).toBeGreaterThanOrEqual(15);
    expect(all.length).toBeLessThanOrEqual(8 + 15);
    expect(asked(3, "/forget", 260_000)).toBe(true);
    // Conversation between members doesn't count.
    for (let now = 300_000; now < 360_000; now += 100)
      asked(now, "Good morning.", now);
    expect(asked(4, "/help", 360_000)).toBe(true);
  });

  it("of members' questions never uses up the commands of administrators, and one person has one budget in all groups", () => {
    const flood = new RateLimiter();
    const asked = (group: number, member: number, now: number) =>
      isTaken(flood, inGroup(group, member), now);
    for (let now = 0; now < 3_000; now += 100)
      for (const member of [1, 2, 3]) asked(-5, member, now);
    expect(asked(-5, 4, 3_000)).toBe(false);
    expect(isTaken(flood, inGroup(-5, 9, "/unfollow 1/00"), 3_000)).toBe(true);
    // Six commands in each of thirty groups, in one second.
    const answered = Array.from({ length: 180 }, (_, index) =>
      asked(-100 - (index % 30), 11, 10_000 + index),
    );
    expect(answered.filter(Boolean).length).toBeLessThanOrEqual(30);
    // Many people in many groups get no more answers together than Telegram
    // allows.
    const together = Array.from({ length: 500 }, (_, index) =>
      asked(-1_000 - index, 1_000 + index, 60_000 + 2 * index),
    );
    expect(together.filter(Boolean).length).toBeLessThan(60);
    expect(together.filter(Boolean).length).toBeGreaterThan(30);
  });

  it("of refused commands uses up nobody else's answers", () => {
    const flood = new RateLimiter();
    for (let index = 0; index < 600; index++)
      isTaken(flood, inGroup(-1 - (index % 30), 11), index * 20);
    expect(isTaken(flood, inGroup(-77, 12), 12_000)).toBe(true);
    // Anonymous administrators all write as one user, each for a group.
    for (let group = -200; group > -260; group--) {
      const anonymous = inGroup(group, 1087968824, "/help", {
        sender_chat: { id: group },
      });
      expect(isTaken(flood, anonymous, 20_000 - group * 100)).toBe(true);
    }
  });

  it("of groups to which one person adds the bot gets few hellos, and a removal always counts", () => {
    const flood = new RateLimiter();
    const changed = (status: string, before: string, group: number) => {
      const [new_chat_member, old_chat_member] = [
        { status },
        { status: before },
      ];
      const change = {
        chat: { id: group, type: "supergroup" },
        from,
        new_chat_member,
        old_chat_member,
      };
      return isTaken(
        flood,
        { update_id: 1, my_chat_member: change },
        1_000 + group * -50,
      );
    };
    const hellos = Array.from({ length: 90 }, (_, index) =>
      changed("member", "left", -1 - index),
    );
    expect(hellos.filter(Boolean).length).toBeLessThanOrEqual(30 + 5);
    expect(changed("left", "member", -91)).toBe(true);
    expect(changed("administrator", "member", -92)).toBe(true);
  });

  it("makes the bot remember only a bounded number of senders", () => {
    const flood = new RateLimiter();
    for (let index = 0; index < 20; index++) flood.take(by("first"), 0);
    for (let index = 0; index < 10_000; index++)
      flood.take(by(`sender ${index}`), 1);
    expect(flood.take(by("first"), 2)).toBe("taken");
  });

  it("uses up no other sender's budget, not in a group either, and never the one for erasing", () => {
    const senders = [
      messageUpdate(1),
      messageUpdate(1, "/forget"),
      messageUpdate(1, "/forget@casewire_test_bot now"),
      inGroup(-5, from.id),
      inGroup(-5, 8),
    ].map((update) => chargesOf(parseUpdate(update)!)[0]?.sender);
    expect(new Set(senders).size).toBe(4);
    expect(senders[1]).toBe(senders[2]);
    expect(
      chargesOf(
        parseUpdate({
          update_id: 1,
          my_chat_member: { chat, from, new_chat_member: { status: "kicked" } },
        })!,
      ),
    ).toEqual([]);
  });

  it("is slowed before any handler runs, while the rate of all senders makes Telegram send the update again", async () => {
    const claimed = async (count: number, charge: Charge) => {
      const verdicts: string[] = [];
      while (verdicts.length < count)
        verdicts.push(await claim(dispatcher, update++, [charge]));
      return verdicts;
    };
    const dispatcher = env.DISPATCHER.getByName("flooded");
    let update = 1;
    const ofOne = await claimed(25, by("one"));
    expect(
      ofOne.filter((verdict) => verdict === "new").length,
    ).toBeLessThanOrEqual(21);
    expect(ofOne.filter((verdict) => verdict === "slow")).toHaveLength(1);
    expect(await claimed(1, by("another"))).toEqual(["new"]);
    const ofAll = await claimed(60, { ...by("everyone"), limit: "everyone" });
    expect([ofAll[0], new Set(ofAll)]).toEqual([
      "new",
      new Set(["new", "busy"]),
    ]);
  });
});
