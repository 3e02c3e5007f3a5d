/**
 * Devices follow by Web Push. `npm run test:push` is the long form of the first
 * test.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { eraseSeen } from "../support/erasing.ts";
import { inventedCase } from "../support/invented.ts";
import { step } from "../support/step.ts";
import { placesOf, storedFiles } from "../support/stored-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PushNewsroom, runPush, wishFor } from "./push/push-newsroom.ts";

const DEVICES = 100;
const KILLS = 1;
const folder = temporaryFolder();
const fields = inventedCase(73);
let newsroom: PushNewsroom;

beforeAll(async () => {
  newsroom = await PushNewsroom.open(folder, 100, true);
  await newsroom.worker.untilLive(await newsroom.worker.publish(fields));
  await newsroom.seed(DEVICES, fields);
});

afterAll(() => newsroom?.close());

const newest = () => newsroom.service.received.at(-1)!;

it("Devices hear once through crashes and a push service's faults, and nothing stored or logged shows where they are", async () => {
  const { service } = newsroom;
  const changed = { ...fields, asOf: { date: "2000-02-03" } };
  await step(
    "Nobody is lost, and only a send that met a crash or a lost answer is repeated",
    async () => {
      const { lost, duplicates, allowed } = await runPush(newsroom, changed, {
        devices: DEVICES,
        kills: KILLS,
        rate: 100,
      });
      expect(lost).toEqual([]);
      expect(duplicates).toBeLessThanOrEqual(allowed);
      expect((await newsroom.worker.editor.health()).outbox).toMatchObject({
        depth: 0,
        parked: 0,
        running: true,
      });
    },
  );
  await step(
    "Every body has one length, no topic is of two devices, and a repetition has its first one's",
    () => {
      expect(new Set(service.received.map(({ bytes }) => bytes)).size).toBe(1);
      const topics = Map.groupBy(service.received, ({ topic }) => topic);
      for (const [topic, pushes] of topics) {
        expect(topic).toMatch(/^[0-9a-f]{32}$/);
        expect(new Set(pushes.map(({ device }) => device)).size).toBe(1);
      }
      expect(topics.size).toBe(
        new Set(service.received.map(({ device }) => device)).size,
      );
      expect(newest()).toMatchObject({ ttlS: 7 * 86_400, urgency: "high" });
    },
  );
  await step(
    "The message is the page, for browsers with and without a service worker",
    () => {
      const { message } = newest();
      expect(message).toMatchObject({
        web_push: 8030,
        notification: {
          tag: fields.id,
          navigate: expect.stringContaining(`/cases/${fields.id}`),
        },
        case: { id: fields.id, number: 2, kind: "update" },
        view: expect.any(String),
      });
    },
  );
  await step(
    "A device that is gone is deleted, and no endpoint is readable",
    async () => {
      const files = await storedFiles(newsroom.folder);
      expect(files.length).toBeGreaterThan(0);
      for (const endpoint of newsroom.endpoints.slice(0, 20)) {
        const secret = endpoint.split("/").at(-1)!;
        expect(await placesOf(secret, newsroom.folder)).toEqual([]);
        expect(newsroom.worker.output()).not.toContain(secret);
      }
      expect(await placesOf("127.0.0.1", newsroom.folder)).toEqual([]);
      expect(newsroom.worker.output()).not.toContain(service.url);
    },
  );
  await step(
    "An erasure reaches them without notification, with the number only",
    async () => {
      const before = service.received.length;
      await newsroom.worker.untilLive(
        await eraseSeen(newsroom.worker.editor, fields.id),
      );
      const told = () => service.received.slice(before);
      const heard = () => new Set(told().map(({ device }) => device)).size;
      await expect.poll(heard, { timeout: 60_000 }).toBe(DEVICES * 0.9);
      for (const { message, ttlS, text } of told()) {
        expect(message).toMatchObject({
          notification: { title: "UA 73/00", body: "", silent: true },
          case: { erased: true },
        });
        expect(ttlS).toBe(28 * 86_400);
        expect(text).not.toContain('view"');
      }
    },
  );
});

it("A device follows places and words, chooses its manner and hours, and is forgotten at once", async () => {
  const { service, worker } = newsroom;
  const one = inventedCase(74);
  await worker.untilLive(await worker.publish(one));
  const [open, hidden, resting] = [
    service.subscribe(),
    service.subscribe(),
    service.subscribe(),
  ];
  const name = one.people[0]!.names[0]!.value;
  const hour = new Date().getUTCHours();
  // Until the hour after the next.
  const quiet = { from: hour, to: (hour + 2) % 24 };
  const wishes = [
    { ...open, ...wishFor(`~${name}`) },
    { ...hidden, ...wishFor(one.id, { manner: "hidden" }) },
    { ...resting, ...wishFor(one.id, { hours: { zone: "+00:00", quiet } }) },
  ];
  for (const [at, wish] of wishes.entries())
    expect(await (await newsroom.follow(wish)).json()).toEqual({
      follows: [at === 0 ? "#1" : one.id],
    });
  const before = service.received.length;
  await worker.untilLive(
    await worker.publish(
      { ...one, asOf: { date: "2000-02-04" } },
      { notify: "loud" },
    ),
  );
  const heard = () =>
    service.received.slice(before).map(({ message }) => message);
  await expect.poll(() => heard().length, { timeout: 20_000 }).toBe(2);
  const [plain, concealed] = heard().toSorted(
    (a, b) => Number(a.case.hidden ?? 0) - Number(b.case.hidden ?? 0),
  );
  expect(plain!.view).toBeDefined();
  expect(concealed).toMatchObject({
    notification: { title: "There is news.", body: "", silent: true },
    case: { hidden: true },
  });
  expect(concealed!.view).toBeUndefined();
  expect((await worker.editor.health()).outbox?.depth).toBe(1);
  const forget = (address: object) =>
    fetch(worker.url + paths.forget, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(address),
    });
  expect((await forget(resting)).status).toBe(204);
  expect((await worker.editor.health()).outbox?.depth).toBe(0);
  expect((await forget(resting)).status).toBe(204);
  // A device says each time all that it follows, and must not be refused for a
  // case that was withdrawn since.
  await worker.untilLive(await worker.withdraw(one.id));
  const follows = [one.id, fields.id].map((scope) => ({ scope, seen: 0 }));
  const stored = await newsroom.follow({
    ...hidden,
    ...wishFor(one.id, { follows }),
  });
  expect(await stored.json()).toEqual({ follows: [null, fields.id] });
  expect((await forget(open)).status).toBe(204);
});

it.each([
  ["/endpoint", { endpoint: "https://localhost.example/x" }],
  ["/endpoint", { endpoint: "https://10.0.0.1/x" }],
  ["/endpoint", { endpoint: "http://push.services.test/x" }],
  ["/p256dh", { p256dh: "x" }],
  ["/key", { key: `B${"A".repeat(86)}` }],
  ["/hours/zone", { hours: { zone: "Mars" } }],
  ["/follows/0/scope", { follows: [{ scope: "ua-99999-00", seen: 0 }] }],
  ["/follows/0/scope", { follows: [{ scope: "~x", seen: 0 }] }],
  ["/follows", { follows: [] }],
])(
  "A device that sends an unusable %s is told so, and nothing is stored",
  async (pointer, wrong) => {
    const answer = await newsroom.follow({
      ...newsroom.service.subscribe(),
      ...wishFor(fields.id),
      ...wrong,
    });
    expect(answer.status).toBe(422);
    expect((await answer.json()).issues).toEqual([
      expect.objectContaining({
        pointer: expect.stringMatching(`^${pointer}`),
      }),
    ]);
  },
);
