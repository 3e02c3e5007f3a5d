/**
 * The bot on the real runtime: one Worker and one stand-in for all scenarios. What waits for moments has cases and chats of its
 * own, and waits together.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { close, open, worker } from "./telegram/bot.ts";
import { commands } from "./telegram/commands.ts";
import { following } from "./telegram/following.ts";
import { finding, sharing } from "./telegram/inline.ts";
import { places } from "./telegram/places.ts";
import { webhook } from "./telegram/webhook.ts";

beforeAll(open);
afterAll(close);

describe("the webhook", webhook);
describe("the commands", commands);
describe("what is found", finding);
describe.concurrent("following", following);
describe.concurrent("a shared card", sharing);
describe.concurrent("places", places);

it("leaves nothing waiting", async () => {
  const { outbox } = await worker.editor.health();
  expect(outbox).toMatchObject({ depth: 0, parked: 0, running: true });
});
