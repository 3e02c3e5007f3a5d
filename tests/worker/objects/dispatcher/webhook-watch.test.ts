/** A webhook that was turned away is seen within the hour. */
import { expect } from "vitest";
import { webhookWatch } from "../../../../worker/objects/dispatcher/webhook-watch.ts";
import { it, NOW } from "../../outbox.ts";

const OURS = "https://casewire.test/telegram";
const HOUR_MS = 3_600_000;

it("The webhook's address is read once an hour, and every minute while it is another one", async ({
  storage,
}) => {
  const telegram = { url: OURS, asked: 0, ok: true };
  const api = async () => {
    telegram.asked++;
    return telegram.ok
      ? { ok: true, result: { url: telegram.url } }
      : { ok: false, code: 0, description: "no answer" };
  };
  // Each wake may find a new object.
  const watch = () => webhookWatch(storage, OURS, api as never);
  const look = async (at: number) => {
    await watch().look(NOW + at);
    return [watch().isOurs, telegram.asked];
  };
  expect(watch().isOurs).toBe(true);
  expect(await look(0)).toEqual([true, 1]);
  expect(await look(HOUR_MS - 1)).toEqual([true, 1]);
  telegram.url = "https://elsewhere.test/";
  expect(await look(HOUR_MS)).toEqual([false, 2]);
  // No answer changes nothing.
  telegram.ok = false;
  expect(await look(HOUR_MS + 60_000)).toEqual([false, 3]);
  Object.assign(telegram, { ok: true, url: OURS });
  expect(await look(HOUR_MS + 120_000)).toEqual([true, 4]);
  // None at all is another one too: then nobody reads what people write.
  telegram.url = "";
  expect(await look(3 * HOUR_MS)).toEqual([false, 5]);
});
