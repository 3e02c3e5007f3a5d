/**
 * Reminders of deadlines: when they come, who gets them, and what cancels them.
 */

import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { CaseSummary } from "../../../../shared/view/summary.ts";
import type { Recipient } from "../../../../worker/objects/dispatcher/followers.ts";
import {
  hearingDay,
  hearingNumber,
  isReminder,
  reminderNumber,
  remindersDue,
} from "../../../../worker/objects/dispatcher/reminders.ts";
import { updateMessages } from "../../../../worker/objects/dispatcher/update-messages.ts";
import { profileOf } from "../../../../worker/runtime/profiles/profiles.ts";
import { inventedCase } from "../../../support/invented.ts";
import { announcement, CHAT, it, NOW, rows } from "../../outbox.ts";

const ID = "ua-1-00";
const UNTIL = "2026-01-03";
/** Two days before the deadline. */
const MOMENT = Date.parse("2026-01-01T10:00:00Z");
const REMINDER = { id: ID, number: reminderNumber(UNTIL), at: MOMENT };

describe("A reminder", () => {
  const summary = (changes: object = {}) =>
    ({
      id: ID,
      action: "active",
      until: UNTIL,
      hearings: [],
      revision: { liveAt: "2025-12-01T00:00:00Z" },
      ...changes,
    }) as unknown as CaseSummary;

  test("is due two days before the deadline of an open action, and not a day later", () => {
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

  test("comes for a hearing as for a deadline, whatever the state of the action, and once for a day", () => {
    const hearings = [{ date: UNTIL }, { date: UNTIL }, { date: "2026-02-01" }];
    const about = { id: ID, number: hearingNumber(UNTIL), at: MOMENT };
    expect(
      remindersDue([summary({ action: "closed", hearings })], MOMENT),
    ).toEqual([about]);
    expect(remindersDue([summary({ hearings })], MOMENT)).toEqual([
      REMINDER,
      about,
    ]);
    expect(isReminder(about)).toBe(true);
    expect(hearingDay(about.number)).toBe(UNTIL);
    expect(hearingDay(REMINDER.number)).toBeNull();
  });

  it("comes once to each group and person who follows the case itself, across crashes, and to no channel", async (opened) => {
    const { again: open } = opened;
    const { outbox, fanOut, follow, followers, vault, again, chat, sql } = open(
      { page: 1 },
    );
    for (const id of [CHAT, CHAT + 1, -5]) await follow(id, { told: 3 });
    await follow(CHAT + 2, { scope: "all" });
    await follow(CHAT + 3);
    followers.follow(await vault.seal(-1009), 0, 0, ID, "en", 0, NOW);
    followers.setManner(
      await vault.seal(CHAT + 3),
      2,
      { reminders: false },
      NOW,
    );
    const told = sql.exec("SELECT * FROM told").toArray();
    const sent: number[] = [];
    for (let at = MOMENT; at < MOMENT + 60_000; at += 5_000) {
      fanOut.remind(REMINDER, at);
      const revived = again({ page: 1 }).outbox;
      revived.recover(at);
      const delivery = revived.takeOne(at);
      if (!delivery) continue;
      expect(isReminder(delivery)).toBe(true);
      sent.push(delivery.chat);
      await revived.settleOne(delivery, { do: "done" }, at, 3);
    }
    expect(sent).toEqual([
      await chat(-5),
      await chat(CHAT),
      await chat(CHAT + 1),
    ]);
    // It is no update, so it counts as none.
    expect(sql.exec("SELECT * FROM told").toArray()).toEqual(told);
    expect(outbox.status(MOMENT).depth).toBe(0);
  });

  it("and an update that wait for the same chat are two messages, neither of which ends the other", async (opened) => {
    const { settleNext, sendAll, fanOut, follow } = opened;
    await follow(CHAT);
    fanOut.remind(REMINDER, MOMENT);
    await settleNext(MOMENT, { do: "wait", after: 5_000 });
    for (const number of [1, 2]) fanOut.announce(announcement(number), MOMENT);
    expect((await settleNext(MOMENT)).number).toBe(1);
    const order = (await sendAll(MOMENT + 6_000)).map(({ number }) => number);
    expect(order.toSorted((a, b) => a - b)).toEqual([reminderNumber(UNTIL), 2]);
  });

  it("waits for quiet hours, is deleted with the follow and with /forget, and an announcement ignores it", async (opened) => {
    const { outbox, fanOut, follow, followers, vault, sql } = opened;
    const sealed = await vault.seal(CHAT);
    fanOut.announce(announcement(1), NOW);
    await follow(CHAT, { told: 1 });
    followers.setManner(
      sealed,
      2,
      { hours: { zone: "+00:00", quiet: { from: 9, to: 12 } } },
      NOW,
    );
    fanOut.remind(REMINDER, MOMENT);
    expect(outbox.takeOne(MOMENT)).toBeNull();
    expect(outbox.nextDue(MOMENT)).toBe(MOMENT + 2 * 3_600_000);
    fanOut.announce(announcement(2, "none"), MOMENT, []);
    expect(
      sql.exec("SELECT scopes FROM announced WHERE number = 2").one(),
    ).toEqual({ scopes: `["${ID}","all"]` });
    followers.unfollow(sealed.hashes, 0, ID);
    expect(rows(sql)[3]).toBe(0);
    followers.forget(sealed.hashes);
    expect(rows(sql)).toEqual([0, 0, 0, 0]);
  });

  it("that is refused is listed without a revision", async ({
    outbox,
    settleNext,
    fanOut,
    follow,
  }) => {
    await follow(CHAT);
    fanOut.remind(REMINDER, MOMENT);
    await settleNext(MOMENT, { do: "park", trouble: "400 invented" });
    expect(outbox.parked()).toEqual([
      { id: ID, revision: 0, trouble: "400 invented", count: 1 },
    ]);
  });

  test("says what is asked and until when, and is cancelled by a closed action, another deadline, its end and a withdrawal", () => {
    const messages = updateMessages(
      { publicUrl: "https://casewire.test", profile: profileOf(env) },
      {
        username: "invented_bot",
      } as never,
    );
    const revision = {
      number: 3,
      kind: "update",
      liveAt: "2025-12-01T00:00:00Z",
      note: {},
      changes: [],
    };
    const recipient = {
      locale: "en",
      rank: 2,
      manner: { silent: false, neutral: false },
      scopes: [ID],
    } as never;
    const about = (
      fields: object,
      number: number,
      now: number,
      to: Recipient = recipient,
    ) =>
      messages.reminder(
        { state: "present", record: { case: fields, revision } } as never,
        number,
        to,
        now,
      );
    const shown = (action: object, now = MOMENT, to?: Recipient) => {
      const fields = inventedCase(1, {
        action: { state: "active", request: { en: "Write." }, ...action },
      });
      return about(fields, reminderNumber(UNTIL), now, to);
    };
    const open = shown({ until: UNTIL })!;
    expect(open.text).toMatch(
      /^DEMO[^\n]*\nReminder · Action open: appeals are requested until 3 January 2026 · UA 1\/00\nInvented case 1\n/,
    );
    expect(
      open.keyboard.inline_keyboard.flat().map(({ text }) => text),
    ).toEqual(
      expect.arrayContaining([
        "Write an appeal",
        "Show the case",
        "Stop following",
      ]),
    );
    expect(
      shown({ until: UNTIL }, Date.parse("2026-01-04T12:00:00Z")),
    ).toBeNull();
    expect(shown({ until: "2026-02-03" })).toBeNull();
    expect(shown({ state: "closed", request: undefined })).toBeNull();
    expect(
      messages.reminder(
        { state: "withdrawn" } as never,
        reminderNumber(UNTIL),
        recipient,
        MOMENT,
      ),
    ).toBeNull();
    const events = [
      {
        date: { date: UNTIL },
        text: { en: "The appeal is heard" },
        source: "first",
      },
    ];
    const heard = (of: object[], now = MOMENT) =>
      about(
        { ...inventedCase(1), asOf: { date: "2025-12-01" }, events: of },
        hearingNumber(UNTIL),
        now,
      );
    expect(heard(events)!.text).toMatch(
      /\nReminder · 3 January 2026: The appeal is heard · UA 1\/00\n/,
    );
    expect(heard([])).toBeNull();
    expect(heard(events, Date.parse("2026-01-05T12:00:00Z"))).toBeNull();
    const neutral = {
      ...(recipient as Recipient),
      manner: { silent: false, neutral: true },
    };
    expect(
      shown({ until: UNTIL }, MOMENT, neutral)!.text.split("\n")[0],
    ).not.toContain("UA");
  });
});
