/**
 * The bot on the real runtime, with one Worker and one stand-in for all
 * scenarios. Scenarios that wait for moments have their own cases and chats,
 * and run concurrently.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { close, open, worker } from "./telegram/bot.ts";
import { commands } from "./telegram/commands.ts";
import { following } from "./telegram/following.ts";
import { hours } from "./telegram/hours.ts";
import { finding, sharing } from "./telegram/inline.ts";
import { places } from "./telegram/places.ts";
import { webhook } from "./telegram/webhook.ts";
import { words } from "./telegram/words.ts";

beforeAll(open);
afterAll(close);

describe("Telegram's webhook", webhook);
describe("The bot", commands);
describe("Inline mode", finding);
describe.concurrent("Following a case", following);
describe.concurrent("A followed name", words);
describe.concurrent("A card shared from Telegram", sharing);
describe.concurrent("The bot in every kind of chat", places);
describe("The bot as time passes", hours);

it("After all scenarios of the bot no delivery is waiting or parked", async () => {
  const outbox = async () => (await worker.editor.health()).outbox;
  await expect
    .poll(outbox)
    .toMatchObject({ depth: 0, parked: 0, running: true });
});
