/**
 * What /forget answers, and the messages that it offers to delete in Telegram.
 */
import { type Api, GrammyError } from "grammy";
import { expect, it } from "vitest";
import {
  buttonData,
  buttonPattern,
  messagesIn,
} from "../../bot/button-data.ts";
import { deleteMessages, forgottenMessage } from "../../bot/forget.ts";
import { localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";

/** A Telegram that refuses every call with a message older than `oldest`. */
function telegram(oldest: number) {
  const deleted: number[] = [];
  let calls = 0;
  const api = {
    async deleteMessages(_chat: number, ids: number[]) {
      calls++;
      if (ids.some((id) => id < oldest)) {
        const refusal = {
          ok: false as const,
          error_code: 400,
          description: "Bad Request: message can't be deleted",
        };
        throw new GrammyError("refused", refusal, "deleteMessages", {});
      }
      deleted.push(...ids);
      return true as const;
    },
  } as unknown as Api;
  return { api, deleted, calls: () => calls };
}

it("Everything that Telegram still deletes goes, in a few calls", async () => {
  const ids = Array.from({ length: 100 }, (_, index) => 1_000 - index);
  for (const oldest of [0, 950, 901, 1_000, 1_001]) {
    const { api, deleted, calls } = telegram(oldest);
    expect(await deleteMessages(api, 1, ids)).toBe(
      oldest === 0 || oldest === 901,
    );
    expect(deleted.sort((a, b) => b - a)).toEqual(
      ids.filter((id) => id >= oldest),
    );
    expect(calls()).toBeLessThan(20);
  }
});

it("The button names as many messages as fit", () => {
  for (const ids of [
    [],
    [7],
    Array.from({ length: 40 }, (_, index) => 2_000_000_000 - index),
  ]) {
    const data = buttonData.deleteRecent(ids);
    expect(data.length).toBeLessThanOrEqual(64);
    const kept = messagesIn(buttonPattern.deleteRecent.exec(data)![1]!);
    expect(kept).toEqual(ids.slice(0, kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(Math.min(ids.length, 8));
  }
});

const nothing = {
  follows: 0,
  deliveries: 0,
  cards: 0,
  posts: 0,
  chosen: false,
  warned: false,
};

it("The answer to /forget names what was deleted, and nothing that was not there", () => {
  const confirmation = (
    forgotten: Partial<typeof nothing>,
    kind: "private" | "group" | "channel" = "private",
  ) => forgottenMessage({ ...nothing, ...forgotten }, kind, "en").text;
  expect(confirmation({})).toBe(
    "Nothing was stored about this chat here\nNow delete this chat in Telegram too: its messages are still there and on this phone.",
  );
  expect(confirmation({ follows: 2, chosen: true })).toMatch(
    /\nDeleted: 2 subscriptions and the language and settings chosen here\. An update .* may still arrive\. Now delete/,
  );
  expect(confirmation({ warned: true })).toMatch(
    /\nDeleted: that you read the warning about sharing\. Now/,
  );
  expect(confirmation({ follows: 1 }, "group")).toMatch(
    /1 subscription\. .*group stay/,
  );
  expect(confirmation({ follows: 1 }, "group")).not.toContain(
    "delete this chat",
  );
});

it.each(localeTags)(
  "An answer that can't be sure doesn't claim that everything is gone: %s",
  (locale) => {
    const { text } = forgottenMessage(
      { ...nothing, unsure: true },
      "private",
      locale,
    );
    expect(text).not.toContain(message(locale, "bot.forget.nothing"));
  },
);
