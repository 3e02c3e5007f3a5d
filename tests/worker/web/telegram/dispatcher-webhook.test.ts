/** The webhook while storage is down, and the alarm while Telegram is down. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { Dispatcher } from "../../../../worker/objects/dispatcher/dispatcher.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { tellBot } from "../../../../worker/web/workshop/bot.ts";
import { askAt, objectThat } from "../../../support/object-that.ts";
import { backdate } from "../../backdate.ts";
import { claim, portsTo } from "../../chat-ports.ts";
import { publish } from "../../publish.ts";
import { deliver } from "./deliver.ts";

const chat = { id: 7301928, type: "private", first_name: "Invented Reader" };
function messageUpdate(update_id: number, text: string, to = chat) {
  const length = /^\/\w+|$/.exec(text)![0].length;
  const entities =
    length > 0 ? [{ type: "bot_command", offset: 0, length }] : [];
  return {
    update_id,
    message: {
      message_id: 1,
      date: 1,
      chat: to,
      from: { ...to, is_bot: false },
      text,
      entities,
    },
  };
}

const down = {
  getByName() {
    throw Object.assign(new Error("storage is down"), { retryable: true });
  },
};

const id = "ua-1-00";
const dispatcher = env.DISPATCHER.getByName("dispatcher");
const inside = (
  look: (state: DurableObjectState, instance: Dispatcher) => unknown,
  of = dispatcher,
) =>
  runInDurableObject<Dispatcher, void>(
    of,
    async (instance, state) => void (await look(state, instance)),
  );

/** A case whose moment has passed before anything is read. */
beforeAll(async () => {
  expect(await publish(1)).toHaveProperty("done");
  await backdate();
});

it("The webhook asks Telegram to send an update again when the followers cannot be reached", async () => {
  const answer = await deliver(messageUpdate(1, "ua-9-99"), {
    DISPATCHER: down,
  });
  expect(answer.status).toBe(503);
  expect(answer.headers.get("Retry-After")).toBe("1");
});

it("The webhook asks Telegram to send an update again when the cases cannot be read, and accepts it then", async () => {
  expect(
    (await deliver(messageUpdate(2, "ua-9-99"), { LEDGER: down })).status,
  ).toBe(503);
  expect(await claim(dispatcher, 2)).toBe("new");
  await dispatcher.chats.reopen(2);
  expect((await deliver(messageUpdate(2, "ua-9-99"))).status).toBe(200);
  expect(await claim(dispatcher, 2)).toBe("seen");
});

it("The webhook asks Telegram to send an update again while the workshop is missing, and accepts it then", async () => {
  const answer = await deliver(messageUpdate(4, "/help"), {
    WORKSHOP: undefined,
  });
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([
    503,
    "1",
  ]);
  expect((await deliver(messageUpdate(4, "/help"))).status).toBe(200);
  expect(await claim(dispatcher, 4)).toBe("seen");
});

it("The webhook handles an update once, even while it is still working on it", async () => {
  expect(await claim(dispatcher, 3)).toBe("new");
  expect((await deliver(messageUpdate(3, "/help"))).status).toBe(503);
  await dispatcher.chats.end(3);
  expect((await deliver(messageUpdate(3, "/help"))).status).toBe(200);
});

it("An update calls the Dispatcher once, whatever it reads and changes", async () => {
  vi.stubGlobal("fetch", async () =>
    Response.json({ ok: true, result: { message_id: 9, date: 1, chat } }),
  );
  const own = { ...chat, id: chat.id + 1 };
  const asked: string[] = [];
  const counted = objectThat((path, given) => {
    asked.push(path);
    return askAt(dispatcher, path, given);
  });
  const bindings = {
    DISPATCHER: { getByName: () => counted },
    WORKSHOP: { tellBot },
  };
  const texts = [
    "/start",
    "Invented Person",
    `/start f-${id}`,
    "/following",
    "/language uk",
  ];
  for (const [index, text] of texts.entries())
    expect(
      (await deliver(messageUpdate(100 + index, text, own), bindings)).status,
    ).toBe(200);
  expect(asked).toEqual(texts.map(() => "chats.claim"));
  expect(
    await portsTo(dispatcher).followers.language({
      chat: own.id,
      kind: "private",
    }),
  ).toBe("uk");
  vi.unstubAllGlobals();
});

it("The webhook deletes the numbers of Telegram's updates after two days, even without traffic", async () => {
  const quiet = env.DISPATCHER.getByName("quiet");
  for (const id of [5, 6]) await quiet.chats.end(id);
  const older = "UPDATE updates SET at = at - 2 * 86400000 - 1000 WHERE id = 5";
  await inside(({ storage }) => storage.sql.exec(older), quiet);
  await quiet.wake();
  expect(await claim(quiet, 5)).toBe("new");
  expect(await claim(quiet, 6)).toBe("seen");
});

it("The Dispatcher retries by itself while Telegram is silent, and loses no follower", async () => {
  await portsTo(dispatcher).followers.follow(
    { chat: chat.id, kind: "private" },
    id,
    "en",
    0,
  );
  // The Ledger may already have announced this revision, without notification.
  await inside(({ storage }) => storage.sql.exec("DELETE FROM announced"));
  await dispatcher.announce({
    id,
    number: 1,
    liveAt: new Date().toISOString(),
    notify: "loud",
    kind: "update",
  });
  await runDurableObjectAlarm(dispatcher);
  await expect
    .poll(() => dispatcher.outbox.status().then(({ depth }) => depth))
    .toBe(1);
  await inside(async ({ storage }) => {
    const [row] = storage.sql
      .exec("SELECT state, silent, trouble FROM deliveries")
      .toArray();
    expect(row).toEqual({
      state: "uncertain",
      silent: 1,
      trouble: "no answer",
    });
    expect(await storage.getAlarm()).toBeGreaterThan(Date.now());
    await storage.deleteAlarm();
  });
  await dispatcher.wake();
  await inside(async ({ storage }) =>
    expect(await storage.getAlarm()).not.toBeNull(),
  );
  // Telegram has refused the token. The Dispatcher probes it and gets no
  // answer.
  await inside(async ({ storage }, instance) => {
    storage.sql.exec(
      "INSERT INTO paces VALUES ('telegram', 0, ?, 0)",
      digest(env.BOT_TOKEN).slice(0, 16),
    );
    expect(instance.outbox.status().running).toBe(false);
    await instance.alarm();
    const alarm = await storage.getAlarm();
    expect(alarm).toBeGreaterThan(Date.now() + 50_000);
    expect(alarm).toBeLessThan(Date.now() + 61_000);
  });
  const forgotten = await portsTo(dispatcher).followers.forget({
    chat: chat.id,
    kind: "private",
  });
  expect(forgotten).toMatchObject({ follows: 1, deliveries: 1, cards: 0 });
});

it("An alarm that is left from before the bot was removed reads, changes and sets nothing", async () => {
  const {
    BOT_TOKEN: _,
    BOT_INFO: __,
    WEBHOOK_SECRET: ___,
    FOLLOWER_KEY: ____,
    ...withoutBot
  } = env;
  await runInDurableObject(
    env.DISPATCHER.getByName("without a bot"),
    async (_, state) => {
      await state.storage.deleteAlarm();
      const before = state.storage.sql.databaseSize;
      await new Dispatcher(state, withoutBot as Env).alarm();
      expect(await state.storage.getAlarm()).toBeNull();
      expect(state.storage.sql.databaseSize).toBe(before);
    },
  );
});
