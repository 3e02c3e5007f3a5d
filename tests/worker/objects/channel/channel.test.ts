/**
 * The Channel: a socket opened at any time ends on the head and receives each
 * revision once, and nothing else.
 */

import {
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import type { CaseRecord, Revision } from "../../../../shared/revision.ts";
import { revisionCode } from "../../../../shared/revision-code.ts";
import type { View } from "../../../../shared/view/schema.ts";
import type { Channel } from "../../../../worker/objects/channel/channel.ts";
import type { CaseState } from "../../../../worker/reads/state.ts";
import { channelFor, ledgerFor } from "../../../../worker/runtime/bindings.ts";
import { inventedCase, inventedRevision } from "../../../support/invented.ts";
import { askAt, objectThat } from "../../../support/object-that.ts";
import { pause } from "../../../support/waiting.ts";
import { backdate } from "../../backdate.ts";
import { bind } from "../../bound.ts";
import { call, json, publish, tagOf } from "../../web/api/people.ts";

const revision = (number: number, more: Partial<Revision> = {}) =>
  inventedRevision({
    number,
    liveAt: `2026-11-25T10:0${number}:00.000Z`,
    ...more,
  });

const present = (id: number, number: number): CaseState => ({
  state: "present",
  record: { case: inventedCase(id), revision: revision(number) },
});

// Backdated by a minute before anything is read, so that no lease covers the
// time before.
beforeAll(async () => {
  for (const number of [1, 2, 4, 5, 6, 7])
    await json(201, publish("test-token", number));
  await backdate();
});

interface Connection {
  socket: WebSocket;
  views: View[];
  texts: string[];
  closed: Promise<number>;
}

const connect = (
  query: string,
  headers: Record<string, string> = { Upgrade: "websocket" },
): Promise<Response> =>
  exports.default.fetch(
    new Request(`https://casewire.test/v1/live?${query}`, { headers }),
  );

const open: Connection[] = [];
async function openConnection(
  query: string,
  address = "192.0.2.1",
): Promise<Connection> {
  const response = await connect(query, {
    Upgrade: "websocket",
    "CF-Connecting-IP": address,
  });
  expect(response.status).toBe(101);
  const socket = response.webSocket!;
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => void resolve(code)),
  );
  const connection: Connection = { socket, views: [], texts: [], closed };
  socket.addEventListener("message", ({ data }) => {
    connection.texts.push(String(data));
    if (String(data) !== "pong")
      connection.views.push(JSON.parse(String(data)));
  });
  socket.accept();
  open.push(connection);
  return connection;
}
/** Opens a socket of a client that has this revision of a case. */
const openWith = (revision: number, number: number, lang = "en") =>
  openConnection(`case=ua-${number}-00&lang=${lang}&revision=${revision}`);

afterEach(() => {
  for (const { socket } of open.splice(0)) socket.close();
});

/** Waits until all earlier messages have arrived; messages keep their order. */
async function settled(...connections: Connection[]): Promise<void> {
  const pongs = ({ texts }: Connection) =>
    texts.filter((text) => text === "pong").length;
  for (const connection of connections) {
    const before = pongs(connection);
    connection.socket.send("ping");
    await vi.waitFor(() => expect(pongs(connection)).toBe(before + 1));
  }
}

describe("A request for a socket", () => {
  it.each([
    ["case=ua-1-00&lang=en&revision=x", 400],
    ["lang=en", 400],
    ["case=ua-99-00&lang=en", 404],
  ])("with %s is refused with %i", async (query, status) => {
    const response = await connect(query);
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toContain(
      "application/problem+json",
    );
  });
});

describe("A widget's socket", () => {
  it("gets the newest revision at once in its own language when it is behind", async () => {
    const [behind, upToDate] = [await openWith(0, 1), await openWith(1, 1)];
    const uk = await openConnection("case=ua-1-00&lang=uk-UA");
    await vi.waitFor(() =>
      expect([behind.views.length, uk.views.length]).toEqual([1, 1]),
    );
    await settled(behind, uk, upToDate);
    expect(behind.views[0]).toMatchObject({
      state: "present",
      lang: "en",
      revision: { number: 1 },
    });
    expect(uk.views[0]).toMatchObject({
      lang: "uk",
      title: { text: "Вигадана справа 1" },
    });
    expect(upToDate.views).toEqual([]);
    expect(
      new TextEncoder().encode(behind.texts[0]).length,
    ).toBeLessThanOrEqual(8192);
  });

  it("gets each revision once, also a withdrawal, although the Ledger announces it twice", async () => {
    const [en, ar] = [await openWith(1, 2), await openWith(1, 2, "ar")];
    const withdrawn = {
      state: "withdrawn",
      revision: revision(3, { kind: "withdrawal", note: {} }),
    } as const;
    for (const state of [present(2, 2), present(2, 2), withdrawn])
      await channelFor(env, "ua-2-00").push("ua-2-00", state);
    await vi.waitFor(() =>
      expect([en.views.length, ar.views.length]).toEqual([2, 2]),
    );
    await settled(en, ar);
    expect(
      en.views.map(({ state, revision }) => `${state} ${revision?.number}`),
    ).toEqual(["present 2", "withdrawn 3"]);
    expect(ar.views.map(({ dir }) => dir)).toEqual(["rtl", "rtl"]);
  });

  it.each([
    ["said so itself", (liveAt: string) => revisionCode(liveAt)],
    ["gave the number of the head", () => 1],
  ])(
    "gets a revision of a restored history with the number of one that it has, when it %s",
    async (_, given) => {
      const ID = "ua-6-00";
      const lost = await json<CaseRecord>(200, call("GET", `/v1/cases/${ID}`));
      const one = await openConnection(
        `case=${ID}&lang=en&revision=${given(lost.revision.liveAt)}`,
      );
      const channel = channelFor(env, ID);
      await channel.push(ID, { state: "present", record: lost });
      for (let times = 0; times < 2; times++)
        await channel.push(ID, present(6, 1));
      await vi.waitFor(() => expect(one.views).not.toEqual([]));
      await settled(one);
      expect(one.views.map(({ revision }) => revision)).toMatchObject([
        { number: 1, liveAt: revision(1).liveAt },
      ]);
    },
  );

  it("gets the head at once when it has a lost revision with the same number", async () => {
    const one = await openConnection(
      `case=ua-6-00&lang=en&revision=${revisionCode(revision(1).liveAt)}`,
    );
    await vi.waitFor(() =>
      expect(one.views).toMatchObject([{ revision: { number: 1 } }]),
    );
    expect(one.views[0]!.revision!.liveAt).not.toBe(revision(1).liveAt);
  });

  it("is answered pong, and still gets revisions after the object slept", async () => {
    const one = await openWith(1, 4);
    await settled(one);
    await evictDurableObject(channelFor(env, "ua-4-00"));
    await channelFor(env, "ua-4-00").push("ua-4-00", present(4, 2));
    await channelFor(env, "ua-4-00").push("ua-4-00", present(4, 2));
    await vi.waitFor(() => expect(one.views).toHaveLength(1));
    await settled(one);
    expect(one.views).toHaveLength(1);
    one.socket.close(1000);
    expect(await one.closed).toBe(1000);
  });

  it.each([
    ["a text of four bytes", "pong"],
    ["900 kB", new Uint8Array(900_000)],
  ])("is closed when it sends %s instead of a ping", async (_, message) => {
    const [one, other] = [await openWith(1, 4), await openWith(1, 4)];
    for (let times = 0; times < 3; times++) one.socket.send(message);
    expect(await one.closed).toBe(1008);
    await settled(other);
  });

  it("counts for the network of its address as long as it is open, also when the object sleeps", async () => {
    const allow = (sockets: string) =>
      runInDurableObject(channelFor(env, "ua-1-00"), async (channel) => {
        (channel as unknown as { env: Env }).env.SOCKETS_PER_ADDRESS = sockets;
      });
    await allow("1");
    const query = "case=ua-1-00&lang=en&revision=1";
    const mine = await openConnection(query, "2001:db8:0:1::a");
    await openConnection(query, "2001:db8:0:2::a");
    await evictDurableObject(channelFor(env, "ua-1-00"));
    const refused = await connect(query, {
      Upgrade: "websocket",
      "CF-Connecting-IP": "2001:db8::1:0:0:0:b",
    });
    expect(refused.headers.get("Retry-After")).toBe("60");
    expect(await tagOf(refused)).toBe("429 too-many-sockets");
    mine.socket.close(1000);
    await mine.closed;
    await openConnection(query, "2001:db8:0:1::c");
    await allow("200");
  });

  it("leaves nothing of its address but a hash of its own for each case", async () => {
    const address = "203.0.113.77";
    const tags: string[] = [];
    for (const id of ["ua-1-00", "ua-2-00"]) {
      await openConnection(`case=${id}&lang=en&revision=1`, address);
      await runInDurableObject(channelFor(env, id), async (_, state) => {
        const kept = state
          .getWebSockets()
          .map((socket) => [
            state.getTags(socket),
            socket.deserializeAttachment(),
          ]);
        expect(JSON.stringify(kept)).not.toContain(address);
        tags.push(state.getTags(state.getWebSockets().at(-1)!).join(" "));
        expect([...(await state.storage.list()).keys()]).toEqual([]);
      });
    }
    expect(tags[0]).toMatch(/client [0-9a-f]{16}$/);
    expect(tags[0]).not.toBe(tags[1]);
  });

  it("ends on the newer revision when one is pushed while the head is being read", async () => {
    const seen = await runInDurableObject<Channel, number[]>(
      channelFor(env, "ua-5-00") as never,
      async (channel) => {
        const answer = channel.fetch(
          new Request(
            "https://casewire.test/v1/live?case=ua-5-00&lang=en&revision=0",
          ),
        );
        await channel.push("ua-5-00", present(5, 7));
        const socket = (await answer).webSocket!;
        const numbers: number[] = [];
        socket.addEventListener(
          "message",
          ({ data }) =>
            void numbers.push(JSON.parse(String(data)).revision.number),
        );
        socket.accept();
        await pause(
          30,
          "The older head, were it sent at all, would be sent before the object has nothing left to do.",
        );
        return numbers;
      },
    );
    expect(seen).toEqual([7]);
  });
});

describe("A Channel", () => {
  const ID = "ua-7-00";
  const query = `case=${ID}&lang=en&revision=1`;
  const RENEWAL_INTERVAL_MS = 5 * 60_000;
  const REGISTER = "registrations.register";
  const inChannel = <T>(
    look: (channel: Channel, state: DurableObjectState) => T | Promise<T>,
  ) => runInDurableObject<Channel, T>(channelFor(env, ID) as never, look);
  const alarm = () => inChannel((_, { storage }) => storage.getAlarm());
  const fireAlarm = () => runDurableObjectAlarm(channelFor(env, ID) as never);

  /**
   * Stands between the Channel and the Ledger.
   * @returns what it was asked, in order
   * @param answer to a registration
   */
  async function listenIn(
    answer: () => Promise<void> = async () => {},
  ): Promise<string[]> {
    const asked: string[] = [];
    await inChannel((channel) => {
      const stub = objectThat(async (path, given) => {
        asked.push(path);
        if (path !== REGISTER) return askAt(ledgerFor(env), path, given);
        await answer();
        asked.push("answered");
      });
      bind(channel, { LEDGER: { getByName: () => stub } });
    });
    return asked;
  }
  const registrations = (asked: string[]) =>
    asked.filter((path) => path === REGISTER).length;

  // It starts without sockets and without an alarm.
  beforeEach(async () => {
    await vi.waitFor(async () =>
      expect(await inChannel((_, state) => state.getWebSockets().length)).toBe(
        0,
      ),
    );
    await inChannel((_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(channelFor(env, ID));
  });

  it("reads the head only once the Ledger knows that it has a socket", async () => {
    const asked = await listenIn(() =>
      pause(20, "Whatever reads too soon would do so meanwhile."),
    );
    await settled(
      await openConnection(query.replace("revision=1", "revision=0")),
    );
    expect(asked.slice(0, 2)).toEqual([REGISTER, "answered"]);
    expect(asked.length).toBeGreaterThan(2);
  });

  it("closes a socket that the Ledger can't be told of, and tells it of the next", async () => {
    let isDown = true;
    const asked = await listenIn(async () => {
      if (isDown) throw new Error("the Ledger is down");
    });
    const refused = await openConnection(query);
    expect([await refused.closed, await alarm()]).toEqual([1013, null]);
    isDown = false;
    await settled(await openConnection(query));
    expect([registrations(asked), await alarm()]).toEqual([
      2,
      expect.any(Number),
    ]);
  });

  it("registers once for all sockets, and renews that while one is open, also after it slept", async () => {
    const before = Date.now();
    const asked = await listenIn();
    const [one, two] = await Promise.all([
      openConnection(query),
      openConnection(query),
    ]);
    await settled(one!, two!, await openConnection(query));
    expect(registrations(asked)).toBe(1);
    expect(await alarm()).toBeGreaterThanOrEqual(before + RENEWAL_INTERVAL_MS);
    await fireAlarm();
    expect([registrations(asked), await alarm()]).toEqual([
      2,
      expect.any(Number),
    ]);
    await evictDurableObject(channelFor(env, ID));
    const askedAfterwards = await listenIn();
    await settled(await openConnection(query));
    expect(registrations(askedAfterwards)).toBe(0);
    await fireAlarm();
    expect([registrations(askedAfterwards), await alarm()]).toEqual([
      1,
      expect.any(Number),
    ]);
  });

  it("lets its registration run out when it has no sockets, and registers for the next one", async () => {
    const asked = await listenIn();
    const one = await openConnection(query);
    one.socket.close(1000);
    await one.closed;
    await vi.waitFor(async () =>
      expect(await inChannel((_, state) => state.getWebSockets().length)).toBe(
        0,
      ),
    );
    await fireAlarm();
    expect([registrations(asked), await alarm()]).toEqual([1, null]);
    await settled(await openConnection(query));
    expect([registrations(asked), await alarm()]).toEqual([
      2,
      expect.any(Number),
    ]);
  });

  it("tries a renewal that failed again after a minute", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    await settled(await openConnection(query));
    await listenIn(() => Promise.reject(new Error("the Ledger is down")));
    await fireAlarm();
    expect(await alarm()).toBeLessThanOrEqual(Date.now() + 60_000);
    const asked = await listenIn();
    await fireAlarm();
    expect([registrations(asked), logged.mock.calls.length]).toEqual([1, 1]);
    logged.mockRestore();
  });
});
