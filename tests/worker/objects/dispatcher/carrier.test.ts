/** The port: a carrier that only logs, and Web Push's own answers and sends. */
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it as test, vi } from "vitest";
import { base64Of } from "../../../../shared/base64.ts";
import type { Carrier } from "../../../../worker/objects/dispatcher/carrier.ts";
import {
  CircuitBreaker,
  ServiceBreakers,
} from "../../../../worker/objects/dispatcher/circuit-breaker.ts";
import { DeliverySender } from "../../../../worker/objects/dispatcher/delivery-sender.ts";
import { SqlDeskChats } from "../../../../worker/objects/dispatcher/desk-chats.ts";
import {
  type Delivery,
  drain,
  TokenBucket,
} from "../../../../worker/objects/dispatcher/drain.ts";
import { FanOut } from "../../../../worker/objects/dispatcher/fan-out.ts";
import { SqlFollowers } from "../../../../worker/objects/dispatcher/followers.ts";
import { SqlOutbox } from "../../../../worker/objects/dispatcher/outbox.ts";
import { serviceOf } from "../../../../worker/objects/dispatcher/push-address.ts";
import {
  pushCarrier,
  verdictOnPush,
} from "../../../../worker/objects/dispatcher/push-carrier.ts";
import { pushMessages } from "../../../../worker/objects/dispatcher/push-message.ts";
import {
  type Job,
  Queue,
} from "../../../../worker/objects/dispatcher/queue.ts";
import {
  pushRanks,
  rankOf,
  telegramRanks,
} from "../../../../worker/objects/dispatcher/rank.ts";
import type { SendAnswer } from "../../../../worker/objects/dispatcher/verdict.ts";
import { sendPushes } from "../../../../worker/web/workshop/send-pushes.ts";
import { inventedCase, inventedRevision } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";
import { announcement, CHAT, it, NOW, type Opened } from "../../outbox.ts";

const fields = inventedCase(1, { id: "ua-1-00" });
const state = (number: number) =>
  ({
    state: "present",
    record: {
      case: fields,
      revision: {
        number,
        kind: "update",
        changes: [],
        liveAt: "2026-01-01T00:00:00.000Z",
      },
    },
  }) as never;

/** Devices beside chats, and a carrier that writes down what it would send. */
function logging({ storage, vault, cards }: Opened) {
  const fanOut = new FanOut(storage, undefined, [telegramRanks, pushRanks]);
  const followers = new SqlFollowers(storage, fanOut);
  const lines: string[] = [];
  let answer: SendAnswer = { ok: true };
  let head = 1;
  const carrier: Carrier<string> = {
    ...{
      ranks: pushRanks,
      sendsPerSecond: 1_000,
      batch: 1,
      lanes: 2,
      sendsPerAlarm: 100,
      repeat: "replaces",
    },
    render: (notice, { locale }) =>
      notice.kind === "desk" ? null : `${notice.id} ${locale}`,
    send: async (address, message, { silent }) => {
      lines.push([address, message, ...(silent ? ["silently"] : [])].join(" "));
      return answer;
    },
    verdictOn: (given, attempts) => verdictOnPush(given, attempts),
  };
  const breakers = new ServiceBreakers(storage, "key");
  const outbox = new SqlOutbox(
    { storage, followers, fanOut, vault, cards },
    breakers,
    carrier,
  );
  const reads = () =>
    ({
      case: async () => state(head),
      leasedHistory: async () => ({ value: null }),
    }) as never;
  const deskChats = new SqlDeskChats(storage, followers);
  const sender = new DeliverySender({
    followers,
    fanOut,
    deskChats,
    vault,
    reads,
    carrier,
  });
  return {
    ...{ fanOut, followers, lines, outbox, breakers },
    becomes: (number: number) => (head = number),
    answers: (next: SendAnswer) => (answer = next),
    async follow(name: string, service: string) {
      const sealed = await vault.seal(name);
      const chat = followers.findOrAdd(sealed, rankOf.device, service);
      followers.follow(sealed, rankOf.device, 0, "ua-1-00", "en", 0, NOW);
      return chat;
    },
    run: (now = NOW) =>
      drain<Job>({
        ...{
          outbox: new Queue(outbox, null, breakers),
          send: (job) => sender.send(job as Delivery),
          bucket: new TokenBucket(1_000, 100),
          lanes: 2,
          until: now + 60_000,
        },
        verdictOn: (...given) => carrier.verdictOn(...given),
        clock: { now: () => now, sleep: async () => {} },
      }),
  };
}

describe("A carrier that only logs", () => {
  it("gets each follower of its own once, and Telegram's are left to Telegram", async (opened) => {
    const { follow, fanOut, lines, run } = logging(opened);
    await follow("one", "a");
    await follow("two", "b");
    await opened.follow(CHAT);
    fanOut.announce(announcement(1), NOW);
    expect(await run()).toBe(2);
    expect(lines.toSorted()).toEqual(["one ua-1-00 en", "two ua-1-00 en"]);
    expect(opened.outbox.takeOne(NOW)).toMatchObject({
      chat: await opened.chat(CHAT),
      number: 1,
    });
  });

  it("hears of a correction and an erasure that nobody was to be told of, silently; the erasure in quiet hours too", async (opened) => {
    const { follow, fanOut, followers, becomes, lines, run } = logging(opened);
    await follow("one", "a");
    await opened.follow(CHAT);
    for (const [index, kind] of (
      ["update", "correction", "redaction"] as const
    ).entries()) {
      fanOut.announce({ ...announcement(index + 1, "none"), kind }, NOW);
      becomes(index + 1);
      await run();
      if (kind !== "correction") continue;
      expect(lines).toEqual(["one ua-1-00 en silently"]);
      const hours = { zone: "+00:00", quiet: { from: 0, to: 23 } };
      followers.setManner(
        await opened.vault.seal("one"),
        rankOf.device,
        { hours },
        NOW,
      );
    }
    expect(lines).toHaveLength(2);
    expect(opened.outbox.takeOne(NOW)).toBeNull();
  });

  it("waits for the one service that asks for it, and stops at the one that refuses us, also after a restart", async (opened) => {
    const { follow, fanOut, followers, lines, answers, becomes, run } =
      logging(opened);
    const { storage } = opened;
    await follow("one", "a");
    fanOut.announce(announcement(1), NOW);
    answers({ ok: false, code: 429, description: "", retryAfter: 60 });
    await run();
    expect(lines).toHaveLength(1);
    expect(new ServiceBreakers(storage, "key").of("a").pausedUntil()).toBe(
      NOW + 60_000,
    );
    const refused = await follow("two", "b");
    fanOut.announce(announcement(2), NOW + 1_000);
    becomes(2);
    answers({ ok: false, code: 403, description: "" });
    await run(NOW + 1_000);
    // It is asked once more at once, because a refusal may be a mistake.
    expect(lines.slice(1)).toEqual(["two ua-1-00 en", "two ua-1-00 en"]);
    expect(new ServiceBreakers(storage, "key").isAccepted).toBe(false);
    expect(new ServiceBreakers(storage, "another key").isAccepted).toBe(true);
    expect(new CircuitBreaker(storage, "key").isAccepted).toBe(true);
    // Once its last device is gone, nothing more is sent there that could end
    // the alarm.
    const services = new ServiceBreakers(storage, "key");
    services.dropIdle();
    expect(services.isAccepted).toBe(false);
    followers.delete(refused);
    services.dropIdle();
    expect([services.isAccepted, services.of("a").pausedUntil()]).toEqual([
      true,
      NOW + 60_000,
    ]);
  });
});

test.each([
  [200, 6],
  [6, 0],
])(
  "A view that is too long for a message is cut to news, counts and first people, of %i",
  async (people, left) => {
    const word = () =>
      Array.from({ length: people === 6 ? 60 : 1 }, () =>
        crypto.randomUUID(),
      ).join("-");
    const many = Array.from({ length: people }, (_, at) => ({
      ...{ ...fields.people[0]!, id: `invented-${at}` },
      names: fields.people[0]!.names.slice(0, 1).map((name) => ({
        ...name,
        value: `Invented ${word()}`,
      })),
    }));
    const signer = { signText: async (text: string) => text } as never;
    const messageOf = pushMessages(
      "https://casewire.test",
      profile,
      async () => signer,
      { erasedOf: () => [] },
    );
    const revision = inventedRevision({
      number: 2,
      note: { en: "Invented news." },
    });
    const told = {
      state: "present",
      record: { case: { ...fields, people: many }, revision },
    } as never;
    const follower = {
      rank: 3 as const,
      locale: "en" as const,
      manner: { silent: false, neutral: false },
      scopes: ["all"],
    };
    const message = await messageOf(
      { kind: "update", id: fields.id, state: told, earlier: [] },
      follower,
      NOW,
    );
    expect(
      new TextEncoder().encode(JSON.stringify(message)).length,
    ).toBeLessThanOrEqual(3_993);
    const bytes = Uint8Array.from(atob(message!.view!), (letter) =>
      letter.charCodeAt(0),
    );
    const text = await new Response(
      new Blob([bytes])
        .stream()
        .pipeThrough(new DecompressionStream("deflate-raw")),
    ).text();
    // The first is in the text about all of them too.
    expect(text.match(/Invented [0-9a-f]{8}-/g) ?? []).toHaveLength(1 + left);
    expect(text).toContain("Invented news.");
  },
);

it("After a change of PUSH_KEY earlier devices go on by their own key, and end once that is removed", async (opened) => {
  const { vault, words } = opened;
  const newKey = async () => {
    const pair = await crypto.subtle.generateKey(
      { name: "ECDSA", namedCurve: "P-256" },
      true,
      ["sign", "verify"],
    );
    const { privateKey, publicKey } = pair as CryptoKeyPair;
    const { d = "" } = (await crypto.subtle.exportKey(
      "jwk",
      privateKey,
    )) as JsonWebKey;
    const point = new Uint8Array(
      (await crypto.subtle.exportKey("raw", publicKey)) as ArrayBuffer,
    );
    return {
      publicKey: base64Of(point)
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replace("=", ""),
      privateKey: d,
    };
  };
  const [old, fresh] = [await newKey(), await newKey()];
  const posted: string[] = [];
  const sendPushes = async (pushes: Push[]) => {
    posted.push(
      ...pushes.map(({ headers }) => headers.Authorization.split("k=")[1]!),
    );
    return pushes.map(() => ({ status: 201 }));
  };
  const address = { endpoint: "https://push.one.net/x", p256dh: "", auth: "" };
  const send = async (keys: (typeof old)[], boundTo: typeof old) => {
    const settings = {
      keys,
      followerKey: "",
      contact: "mailto:desk@newsroom.test",
      sendsPerSecond: 10,
    } as never;
    const carrier = pushCarrier(
      settings,
      { ...env, WORKSHOP: { sendPushes } } as never,
      vault,
      words,
    );
    const service = await serviceOf(address, vault, boundTo.publicKey);
    const message = {
      notification: { tag: "ua-1-00" },
      case: { kind: "update" },
    } as never;
    const how = { silent: false, delivery: { chat: 1, service } } as never;
    return carrier.verdictOn(
      await carrier.send("https://push.one.net/x p a", message, how),
      0,
      null,
    ).do;
  };
  expect(await send([old], old)).toBe("done");
  expect(await send([fresh, old], old)).toBe("done");
  expect(await send([fresh, old], fresh)).toBe("done");
  expect(await send([fresh], old)).toBe("end");
  expect(posted).toEqual([old, old, fresh].map(({ publicKey }) => publicKey));
  const other = { ...address, endpoint: "https://push.one.net/y" };
  expect(await serviceOf(other, vault, "A")).toBe(
    await serviceOf(address, vault, "A"),
  );
});

it("A service that seems down is asked by one message, and no host or port of a domain is another one", async (opened) => {
  const { follow, fanOut, lines, answers, run } = logging(opened);
  const { vault } = opened;
  const named = (endpoint: string) =>
    serviceOf({ endpoint, p256dh: "", auth: "" }, vault, "A");
  const service = await named("https://one.silent.net/x");
  expect(await named("https://two.silent.net:8443/y")).toBe(service);
  expect(await named("https://one.other.net/x")).not.toBe(service);
  for (let index = 0; index < 20; index++) await follow(`${index}`, service);
  fanOut.announce(announcement(1), NOW);
  answers({ ok: false, code: 0, description: "no answer" });
  await run();
  // Eight in a row, and those that were under way with the last.
  const tried = lines.length;
  expect(tried).toBeLessThanOrEqual(10);
  await run(NOW + 60_000);
  expect(lines).toHaveLength(tried + 1);
  answers({ ok: true });
  expect(await run(NOW + 120_000)).toBe(1);
  expect(await run(NOW + 180_000)).toBe(19);
});

test.each<
  [what: string, answer: SendAnswer, verdict: object, attempts?: number]
>([
  ["accepted", { ok: true }, { do: "done" }],
  ["gone", { ok: false, code: 410, description: "" }, { do: "end" }],
  ["unknown", { ok: false, code: 404, description: "" }, { do: "end" }],
  [
    "too large",
    { ok: false, code: 413, description: "" },
    { do: "park", trouble: "answer 413" },
  ],
  [
    "too fast",
    { ok: false, code: 429, description: "", retryAfter: 7 },
    { do: "pause", for: 7_000 },
  ],
  [
    "refused",
    { ok: false, code: 401, description: "" },
    { do: "stop", trouble: "answer 401" },
  ],
  [
    "down",
    { ok: false, code: 503, description: "" },
    { do: "again-silently", after: 8_000, trouble: "answer 503" },
    3,
  ],
  [
    "silent",
    { ok: false, code: 0, description: "no answer" },
    { do: "again-silently", after: 1_000, trouble: "no answer" },
  ],
  [
    "not sent",
    { ok: false, code: 0, description: "not sent" },
    { do: "again", after: 1_000, trouble: "not sent" },
  ],
  [
    "down for a day",
    { ok: false, code: 500, description: "" },
    { do: "park", trouble: "answer 500" },
    300,
  ],
])(
  "A push service's answer is judged: %s",
  (_, answer, verdict, attempts = 0) => {
    expect(verdictOnPush(answer, attempts)).toEqual(verdict);
  },
);

describe("A batch of the workshop", () => {
  afterEach(() => vi.unstubAllGlobals());
  const keys = {
    p256dh:
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  };
  const push = (host: string) => ({
    ...{ ...keys, endpoint: `https://${host}/x`, text: "{}" },
    headers: {
      Authorization: "vapid t=, k=",
      TTL: "1",
      Urgency: "high",
      Topic: "t",
    },
  });
  /**
   * A platform that refuses the seventh connection and the 51st request, and a
   * resolver.
   */
  function platform(ips: Record<string, string>) {
    const seen = { most: 0, requests: 0, posted: [] as string[] };
    let open = 0;
    vi.stubGlobal("fetch", async (url: string) => {
      if (++seen.requests > 50) throw new Error("Too many subrequests.");
      seen.most = Math.max(seen.most, ++open);
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      open--;
      const { hostname, searchParams } = new URL(url);
      if (hostname !== "cloudflare-dns.com") {
        seen.posted.push(hostname);
        return new Response(null, { status: 201 });
      }
      const data = ips[searchParams.get("name") ?? ""];
      const isFour = searchParams.get("type") === "A";
      return Response.json(
        data && isFour ? { Answer: [{ type: 1, data }] } : {},
      );
    });
    return seen;
  }

  test("of 40 for one service stays below six connections and fifty requests", async () => {
    const seen = platform({ "push.one.net": "93.184.215.14" });
    const answers = await sendPushes(
      Array.from({ length: 40 }, () => push("push.one.net")),
      null,
    );
    expect(answers).toEqual(Array(40).fill({ status: 201 }));
    expect([seen.most, seen.requests]).toEqual([expect.any(Number), 42]);
    expect(seen.most).toBeLessThanOrEqual(6);
  });

  test("for many services leaves for the next what the platform would refuse", async () => {
    const hosts = Array.from(
      { length: 40 },
      (_, index) => `push.many-${index}.net`,
    );
    const seen = platform(
      Object.fromEntries(hosts.map((host) => [host, "93.184.215.14"])),
    );
    const answers = await sendPushes(hosts.map(push), null);
    expect(seen.requests).toBeLessThanOrEqual(50);
    expect(answers.filter(({ status }) => status === 201).length).toBe(
      seen.posted.length,
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([201, "unsent"]),
    );
  });

  test("reaches no private network, by name, address or scheme, and asks again about a host that is not known", async () => {
    const seen = platform({ "push.inside.net": "10.0.0.1" });
    const endpoints = [
      "push.inside.net",
      "10.0.0.1",
      "localhost",
      "push.nowhere.net",
    ];
    const answers = await sendPushes(
      [
        ...endpoints.map(push),
        { ...push("push.one.net"), endpoint: "http://push.one.net/x" },
      ],
      null,
    );
    expect(answers.map(({ status }) => status)).toEqual([
      "refused",
      "refused",
      "refused",
      "unsent",
      "refused",
    ]);
    expect(seen.posted).toEqual([]);
  });
});
