/** Reminders of deadlines: when they come, who gets them, and what cancels them. */

import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import type { Recipient } from "../../../../worker/objects/dispatcher/followers.ts";
import { isReminder, reminderNumber, remindersDue } from "../../../../worker/objects/dispatcher/reminders.ts";
import { UpdateMessages } from "../../../../worker/objects/dispatcher/update-messages.ts";
import { ledgerFor } from "../../../../worker/runtime/bindings.ts";
import { profileOf } from "../../../../worker/runtime/profiles/profiles.ts";
import worker from "../../../../worker/web/index.ts";
import { inventedCase } from "../../../invented.ts";
import { runLedgerAlarm } from "../../ledger-alarm.ts";
import { announcement, CHAT, NOW, rows, withOutbox } from "../../outbox.ts";

const ID = "ua-1-00";
const UNTIL = "2026-01-03";
/** Two days before the deadline. */
const MOMENT = Date.parse("2026-01-01T10:00:00Z");
const REMINDER = { id: ID, until: UNTIL, at: MOMENT };

describe("A reminder", () => {
  const summary = (changes: object = {}) =>
    ({
      id: ID,
      action: "active",
      until: UNTIL,
      revision: { liveAt: "2025-12-01T00:00:00Z" },
      ...changes,
    }) as CaseSummary;

  it("is due two days before the deadline of an open action, and not a day later", () => {
    expect(remindersDue([summary()], MOMENT - 1)).toEqual([]);
    expect(remindersDue([summary()], MOMENT)).toEqual([REMINDER]);
    expect(remindersDue([summary()], MOMENT + 86_400_000)).toEqual([]);
    for (const changes of [
      { action: "closed" },
      { action: "suspended" },
      { until: undefined },
      { until: "2026-01-04" },
      // Its followers have just been told.
      { revision: { liveAt: "2026-01-01T10:00:00Z" } },
    ])
      expect(remindersDue([summary(changes)], MOMENT)).toEqual([]);
  });

  it("comes once to each group and person who follows the case itself, across crashes, and to no channel", () =>
    withOutbox(
      async ({ outbox, fanOut, follow, followers, vault, again, chat, sql }) => {
        for (const id of [CHAT, CHAT + 1, -5]) await follow(id, { told: 3 });
        await follow(CHAT + 2, { scope: "all" });
        await follow(CHAT + 3);
        followers.follow(await vault.seal(-1009), 0, 0, ID, "en", 0, NOW);
        followers.setManner(await vault.seal(CHAT + 3), 2, { reminders: false }, NOW);
        const told = sql.exec("SELECT * FROM told").toArray();
        const sent: number[] = [];
        for (let at = MOMENT; at < MOMENT + 60_000; at += 5_000) {
          fanOut.remind(REMINDER, at);
          const revived = again({ page: 1 }).outbox;
          revived.recover(at);
          const delivery = revived.take(at);
          if (!delivery) continue;
          expect(isReminder(delivery)).toBe(true);
          sent.push(delivery.chat);
          await revived.settle(delivery, { do: "done" }, at, 3);
        }
        expect(sent).toEqual([await chat(-5), await chat(CHAT), await chat(CHAT + 1)]);
        // It is no update, so it counts as none.
        expect(sql.exec("SELECT * FROM told").toArray()).toEqual(told);
        expect(outbox.status(MOMENT).depth).toBe(0);
      },
      { page: 1 },
    ));

  it("and an update that wait for the same chat are two messages, neither of which ends the other", () =>
    withOutbox(async ({ outbox, fanOut, follow }) => {
      await follow(CHAT);
      fanOut.remind(REMINDER, MOMENT);
      await outbox.settle(outbox.take(MOMENT)!, { do: "wait", after: 5_000 }, MOMENT, 0);
      for (const number of [1, 2]) fanOut.announce(announcement(number), MOMENT);
      const update = outbox.take(MOMENT)!;
      expect(update.number).toBe(1);
      await outbox.settle(update, { do: "done" }, MOMENT, 1);
      const order: number[] = [];
      for (let at = MOMENT + 6_000; order.length < 2; at += 2_000) {
        const delivery = outbox.take(at)!;
        order.push(delivery.number);
        await outbox.settle(delivery, { do: "done" }, at, 2);
      }
      expect(order.toSorted((a, b) => a - b)).toEqual([reminderNumber(UNTIL), 2]);
      expect(outbox.take(MOMENT + 60_000)).toBeNull();
    }));

  it("waits for quiet hours, is deleted with the follow and with /forget, and an announcement ignores it", () =>
    withOutbox(async ({ outbox, fanOut, follow, followers, vault, sql }) => {
      const sealed = await vault.seal(CHAT);
      fanOut.announce(announcement(1), NOW);
      await follow(CHAT, { told: 1 });
      followers.setManner(sealed, 2, { hours: { zone: "+00:00", quiet: { from: 9, to: 12 } } }, NOW);
      fanOut.remind(REMINDER, MOMENT);
      expect(outbox.take(MOMENT)).toBeNull();
      expect(outbox.nextDue(MOMENT)).toBe(MOMENT + 2 * 3_600_000);
      fanOut.announce(announcement(2, "none"), MOMENT, []);
      expect(sql.exec("SELECT scopes FROM announced WHERE number = 2").one()).toEqual({ scopes: `["${ID}","all"]` });
      followers.unfollow(sealed.hashes, 0, ID);
      expect(rows(sql)[3]).toBe(0);
      followers.forget(sealed.hashes);
      expect(rows(sql)).toEqual([0, 0, 0, 0]);
    }));

  it("that is refused is listed without a revision", () =>
    withOutbox(async ({ outbox, fanOut, follow }) => {
      await follow(CHAT);
      fanOut.remind(REMINDER, MOMENT);
      await outbox.settle(outbox.take(MOMENT)!, { do: "park", trouble: "400 invented" }, MOMENT, 0);
      expect(outbox.parked()).toEqual([{ id: ID, revision: 0, trouble: "400 invented", count: 1 }]);
    }));

  it("says what is asked and until when, and is cancelled by a closed action, another deadline, its end and a withdrawal", () => {
    const messages = new UpdateMessages({ publicUrl: "https://casewire.test", profile: profileOf(env) }, {
      username: "invented_bot",
    } as never);
    const revision = { number: 3, kind: "update", liveAt: "2025-12-01T00:00:00Z", note: {}, changes: [] };
    const recipient = { locale: "en", rank: 2, manner: { silent: false, neutral: false }, scopes: [ID] } as never;
    const shown = (action: object, now = MOMENT, to: Recipient = recipient) => {
      const fields = inventedCase(1, { action: { state: "active", request: { en: "Write." }, ...action } });
      const state = { state: "present", record: { case: fields, revision } };
      return messages.reminder(state as never, reminderNumber(UNTIL), to, now);
    };
    const open = shown({ until: UNTIL })!;
    expect(open.text).toMatch(
      /^Reminder · Invented case 1 · UA 1\/00\nAction open: appeals are requested until 3 January 2026/,
    );
    expect(open.keyboard.inline_keyboard.flat().map(({ text }) => text)).toEqual(
      expect.arrayContaining(["Write an appeal", "Show the case", "Stop following"]),
    );
    expect(shown({ until: UNTIL }, Date.parse("2026-01-04T12:00:00Z"))).toBeNull();
    expect(shown({ until: "2026-02-03" })).toBeNull();
    expect(shown({ state: "closed", request: undefined })).toBeNull();
    expect(messages.reminder({ state: "withdrawn" } as never, reminderNumber(UNTIL), recipient, MOMENT)).toBeNull();
    const neutral = { ...(recipient as Recipient), manner: { silent: false, neutral: true } };
    expect(shown({ until: UNTIL }, MOMENT, neutral)!.text.split("\n")[0]).not.toContain("UA");
  });
});

describe("The cron trigger", () => {
  const HOUR_MS = 3_600_000;
  const DAY_MS = 24 * HOUR_MS;
  /** Ahead of the platform's clock, so that no alarm fires by itself. */
  const deadline = new Date(Date.now() + 10 * DAY_MS).toISOString().slice(0, 10);
  const moment = Date.parse(deadline) - 2 * DAY_MS + 10 * HOUR_MS;
  const dispatcher = env.DISPATCHER.getByName("dispatcher");
  const place = (chat: number) => ({ chat, kind: "private" }) as const;
  const sent: { chat_id: number; text: string; disable_notification: boolean }[] = [];
  const realNow = Date.now;

  /** Lets the clock go on from an instant, and runs what the cron trigger and the alarms run then. @returns the messages sent */
  async function at(instant: number): Promise<[number, string][]> {
    const from = sent.length;
    const skew = instant - realNow();
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + skew);
    await runLedgerAlarm();
    await worker.scheduled({} as ScheduledController, env as Env);
    await runDurableObjectAlarm(dispatcher);
    return sent.slice(from).map(({ chat_id, text }) => [chat_id, text.split("\n").slice(0, 2).join("\n")]);
  }

  beforeAll(() => {
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      sent.push(JSON.parse(init.body as string));
      return Response.json({ ok: true, result: { message_id: sent.length, date: 1, chat: { id: 1 }, text: "" } });
    });
  });
  afterAll(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("brings a reminder two days before the deadline, to each chat once and when it suits it", async () => {
    await at(moment - 2 * DAY_MS);
    const fields = inventedCase(1, { action: { state: "active", request: { en: "Write." }, until: deadline } });
    const news = {
      id: ID,
      case: fields,
      note: { en: "First" },
      kind: "update",
      notify: "none",
      editor: "local",
      basedOn: 0,
    } as const;
    expect(await ledgerFor(env as Env).publish(news)).toHaveProperty("done");
    expect(await at(moment - DAY_MS)).toEqual([]);
    for (const chat of [1, 2, 3, 4]) await dispatcher.follow(place(chat), ID, "en", 1);
    await dispatcher.follow(place(5), "all", "en", 1);
    await dispatcher.setManner(place(2), { hours: { zone: "+00:00", quiet: { from: 9, to: 12 } } });
    await dispatcher.setManner(place(3), { hours: { zone: "+00:00", digest: 18 } });
    await dispatcher.setManner(place(4), { reminders: false });

    expect(await at(moment - 60_000)).toEqual([]);
    const words = expect.stringMatching(/^Reminder · Invented case 1 · UA 1\/00\nAction open: [^\n]* until /);
    expect(await at(moment + 60_000)).toEqual([[1, words]]);
    expect(await at(moment + 120_000)).toEqual([]);
    expect(await at(moment + 2 * HOUR_MS - 60_000)).toEqual([]);
    expect(await at(moment + 2 * HOUR_MS + 60_000)).toEqual([[2, words]]);
    expect(await at(moment + 8 * HOUR_MS - 60_000)).toEqual([]);
    expect(await at(moment + 8 * HOUR_MS + 60_000)).toEqual([[3, words]]);
    expect(await at(moment + 23 * HOUR_MS)).toEqual([]);
  });

  it("brings an update after quiet hours, and each case once with the digest", async () => {
    const start = moment + DAY_MS;
    const publish = (number: number) =>
      ledgerFor(env as Env).publish({
        id: ID,
        case: inventedCase(1, { asOf: { date: `2000-02-0${number}` } }),
        note: { en: `News ${number}.` },
        kind: "update",
        notify: "loud",
        editor: "local",
        basedOn: number - 1,
      });
    await at(start);
    expect(await publish(2)).toHaveProperty("done");
    expect((await at(start + HOUR_MS)).map(([chat]) => chat).sort()).toEqual([1, 4, 5]);
    expect(await publish(3)).toHaveProperty("done");
    expect((await at(start + HOUR_MS + 60_000)).map(([chat]) => chat).sort()).toEqual([1, 4, 5]);
    for (const [chat, hours] of [
      [2, 2],
      [3, 8],
    ] as const) {
      expect(await at(start + hours * HOUR_MS - 60_000)).toEqual([]);
      expect((await at(start + hours * HOUR_MS + 60_000)).map(([to]) => to)).toEqual([chat]);
      expect(sent.at(-1)!.text).toMatch(/News 3\.[\s\S]*News 2\./);
    }
  });
});
