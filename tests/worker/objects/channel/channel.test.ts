/** The Channel: a socket opened at any time ends on the head and receives each revision once, and nothing else. */

import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { CaseRecord } from "../../../../shared/revision.ts";
import { revisionCode } from "../../../../shared/revision-code.ts";
import type { View } from "../../../../shared/view/schema.ts";
import type { Channel } from "../../../../worker/objects/channel/channel.ts";
import type { CaseState } from "../../../../worker/reads/state.ts";
import { channelFor, ledgerFor } from "../../../../worker/runtime/bindings.ts";
import { inventedCase } from "../../../invented.ts";
import { pause } from "../../../waiting.ts";
import { backdate } from "../../backdate.ts";
import { askAt, objectThat } from "../../object-that.ts";

const revision = (number: number) => ({
  number,
  sequence: number,
  kind: "update" as const,
  note: { en: `Note ${number}`, uk: `Примітка ${number}` },
  committedAt: "2026-11-25T10:00:00.000Z",
  liveAt: `2026-11-25T10:0${number}:00.000Z`,
  hash: String(number),
  contentHash: "",
  previousHash: "",
  changes: [],
});

const present = (id: number, number: number): CaseState => ({
  state: "present",
  record: { case: inventedCase(id), revision: revision(number) },
});

const TOKEN = { Authorization: "Bearer test-token" };

// Backdated by a minute before anything is read, so that no lease covers the time before.
beforeAll(async () => {
  for (const id of [1, 2, 3, 4, 5, 6, 7]) {
    const response = await exports.default.fetch(
      new Request(`https://casewire.test/v1/cases/ua-${id}-00`, {
        method: "PUT",
        headers: { ...TOKEN, "Content-Type": "application/json", "If-None-Match": "*" },
        body: JSON.stringify({ case: inventedCase(id), note: { en: "First" }, kind: "update", notify: "none" }),
      }),
    );
    expect(response.status).toBe(201);
  }
  await backdate();
});

interface Connection {
  socket: WebSocket;
  views: View[];
  texts: string[];
  closed: Promise<number>;
}

async function connect(query: string, headers: Record<string, string> = { Upgrade: "websocket" }): Promise<Response> {
  return exports.default.fetch(new Request(`https://casewire.test/v1/live?${query}`, { headers }));
}

function record(response: Response): Connection {
  const socket = response.webSocket!;
  const connection: Connection = {
    socket,
    views: [],
    texts: [],
    closed: new Promise((resolve) => socket.addEventListener("close", ({ code }) => void resolve(code))),
  };
  socket.addEventListener("message", ({ data }) => {
    connection.texts.push(String(data));
    if (String(data) !== "pong") connection.views.push(JSON.parse(String(data)));
  });
  socket.accept();
  return connection;
}

const open: Connection[] = [];
async function openConnection(query: string, address = "192.0.2.1"): Promise<Connection> {
  const response = await connect(query, { Upgrade: "websocket", "CF-Connecting-IP": address });
  expect(response.status).toBe(101);
  const connection = record(response);
  open.push(connection);
  return connection;
}

afterEach(() => {
  for (const { socket } of open.splice(0)) socket.close();
});

/** Waits until all earlier messages have arrived; messages keep their order. */
async function settled(...connections: Connection[]): Promise<void> {
  const pongs = ({ texts }: Connection) => texts.filter((text) => text === "pong").length;
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
    expect(response.headers.get("Content-Type")).toContain("application/problem+json");
  });

  it("is refused with 426 when it is no upgrade", async () => {
    expect((await connect("case=ua-99-00&lang=en", {})).status).toBe(426);
  });
});

describe("A widget's socket", () => {
  it("gets the newest revision at once in its own language when it is behind", async () => {
    const [behind, uk, upToDate] = [
      await openConnection("case=ua-1-00&lang=en&revision=0"),
      await openConnection("case=ua-1-00&lang=uk-UA"),
      await openConnection("case=ua-1-00&lang=en&revision=1"),
    ];
    await vi.waitFor(() => expect([behind.views.length, uk.views.length]).toEqual([1, 1]));
    await settled(behind, uk, upToDate);
    expect(behind.views[0]).toMatchObject({ state: "present", lang: "en", revision: { number: 1 } });
    expect(uk.views[0]).toMatchObject({ lang: "uk", title: { text: "Вигадана справа 1" } });
    expect(upToDate.views).toEqual([]);
    expect(new TextEncoder().encode(behind.texts[0]).length).toBeLessThanOrEqual(8192);
  });

  it("gets each revision once, although the Ledger announces it twice", async () => {
    const [en, ar] = [
      await openConnection("case=ua-2-00&lang=en&revision=1"),
      await openConnection("case=ua-2-00&lang=ar&revision=1"),
    ];
    const channel = channelFor(env, "ua-2-00");
    await channel.push("ua-2-00", present(2, 2));
    await channel.push("ua-2-00", present(2, 2));
    await channel.push("ua-2-00", present(2, 3));
    await vi.waitFor(() => expect([en.views.length, ar.views.length]).toEqual([2, 2]));
    await settled(en, ar);
    expect(en.views.map((view) => view.revision?.number)).toEqual([2, 3]);
    expect(ar.views.map(({ dir }) => dir)).toEqual(["rtl", "rtl"]);
  });

  it.each([
    ["said so itself", (liveAt: string) => revisionCode(liveAt)],
    ["gave the number of the head, as old widgets do", () => 1],
  ])("gets a revision of a restored history with the number of one that it has, when it %s", async (_, given) => {
    const ID = "ua-6-00";
    const lost = (await (await exports.default.fetch(`https://casewire.test/v1/cases/${ID}`)).json()) as CaseRecord;
    const one = await openConnection(`case=${ID}&lang=en&revision=${given(lost.revision.liveAt)}`);
    const channel = channelFor(env, ID);
    await channel.push(ID, { state: "present", record: lost });
    for (let times = 0; times < 2; times++) await channel.push(ID, present(6, 1));
    await vi.waitFor(() => expect(one.views).not.toEqual([]));
    await settled(one);
    expect(one.views.map(({ revision }) => revision)).toMatchObject([{ number: 1, liveAt: revision(1).liveAt }]);
  });

  it("gets the head at once when it has a lost revision with the same number", async () => {
    const one = await openConnection(`case=ua-6-00&lang=en&revision=${revisionCode(revision(1).liveAt)}`);
    await vi.waitFor(() => expect(one.views).toMatchObject([{ revision: { number: 1 } }]));
    expect(one.views[0]!.revision!.liveAt).not.toBe(revision(1).liveAt);
  });

  it("gets a withdrawal", async () => {
    const one = await openConnection("case=ua-3-00&lang=en&revision=1");
    const withdrawal = { ...revision(2), kind: "withdrawal" as const, note: {} };
    await channelFor(env, "ua-3-00").push("ua-3-00", { state: "withdrawn", revision: withdrawal });
    await vi.waitFor(() => expect(one.views).toHaveLength(1));
    expect(one.views[0]).toMatchObject({ state: "withdrawn", revision: { number: 2 } });
  });

  it("is answered pong, and still gets revisions after the object slept", async () => {
    const one = await openConnection("case=ua-4-00&lang=en&revision=1");
    one.socket.send("ping");
    await vi.waitFor(() => expect(one.texts).toEqual(["pong"]));
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
    ["a text of four bytes", "pong", 1008],
    ["bytes", new Uint8Array(4), 1003],
    ["a text of 900 kB", "ping".repeat(225_000), 1009],
    ["900 kB", new Uint8Array(900_000), 1009],
  ])("is closed when it sends %s instead of a ping", async (_, message, code) => {
    const [one, other] = [
      await openConnection("case=ua-4-00&lang=en&revision=1"),
      await openConnection("case=ua-4-00&lang=en&revision=1"),
    ];
    for (let times = 0; times < 3; times++) one.socket.send(message);
    expect(await one.closed).toBe(code);
    await settled(other);
  });

  it("is refused when its address has too many, and not when another one has", async () => {
    const allow = (sockets: string) =>
      runInDurableObject(channelFor(env, "ua-1-00"), async (channel) => {
        (channel as unknown as { env: { SOCKETS_PER_ADDRESS?: string } }).env.SOCKETS_PER_ADDRESS = sockets;
      });
    await allow("3");
    const query = "case=ua-1-00&lang=en&revision=1";
    const from = (address: string) => connect(query, { Upgrade: "websocket", "CF-Connecting-IP": address });
    const mine: Connection[] = [];
    for (let count = 0; count < 3; count++) mine.push(await openConnection(query, "2001:db8:0:1::a"));
    const refused = await from("2001:db8::1:0:0:0:b");
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);
    expect(((await refused.json()) as { type: string }).type).toBe("urn:casewire:problem:too-many-sockets");
    await openConnection(query, "2001:db8:0:2::a");
    // Those that sleep count too, and a closed one doesn't.
    await evictDurableObject(channelFor(env, "ua-1-00"));
    expect((await from("2001:db8:0:1::c")).status).toBe(429);
    mine[0]!.socket.close(1000);
    await mine[0]!.closed;
    await openConnection(query, "2001:db8:0:1::c");
    await allow("200");
  });

  it("leaves nothing of its address but a hash of its own for each case", async () => {
    const address = "203.0.113.77";
    const tags: string[] = [];
    for (const id of ["ua-1-00", "ua-2-00"]) {
      await openConnection(`case=${id}&lang=en&revision=1`, address);
      await runInDurableObject(channelFor(env, id), async (_, state) => {
        const kept = state.getWebSockets().map((socket) => [state.getTags(socket), socket.deserializeAttachment()]);
        expect(JSON.stringify(kept)).not.toContain(address);
        tags.push(state.getTags(state.getWebSockets().at(-1)!).join(" "));
        expect([...(await state.storage.list()).keys()]).toEqual([]);
      });
    }
    expect(tags[0]).toMatch(/client [0-9a-f]{16}$/);
    expect(tags[0]).not.toBe(tags[1]);
  });

  it("ends on the newer revision when one is pushed while the head is being read", async () => {
    const seen = await runInDurableObject<Channel, number[]>(channelFor(env, "ua-5-00") as never, async (channel) => {
      const answer = channel.fetch(new Request("https://casewire.test/v1/live?case=ua-5-00&lang=en&revision=0"));
      await channel.push("ua-5-00", present(5, 7));
      const socket = (await answer).webSocket!;
      const numbers: number[] = [];
      socket.addEventListener("message", ({ data }) => void numbers.push(JSON.parse(String(data)).revision.number));
      socket.accept();
      await pause(30, "The older head, were it sent at all, would be sent before the object has nothing left to do.");
      return numbers;
    });
    expect(seen).toEqual([7]);
  });
});

describe("A Channel", () => {
  const ID = "ua-7-00";
  const query = `case=${ID}&lang=en&revision=1`;
  /** What the Ledger knows of the Channel. */
  const known = () =>
    runInDurableObject(ledgerFor(env) as never, (_: unknown, { storage }: DurableObjectState) =>
      storage.sql.exec("SELECT empty_in FROM channels WHERE case_id = ? AND shard = 0", ID).toArray(),
    );
  const forget = () =>
    runInDurableObject(ledgerFor(env) as never, (_: unknown, { storage }: DurableObjectState) => {
      storage.sql.exec("DELETE FROM channels");
    });

  /** Waits until its last socket is closed. */
  const saysThatItIsEmpty = () =>
    vi.waitFor(async () => expect(await channelFor(env, ID).push(ID, present(7, 1))).toBeNull());

  const alarm = () =>
    runInDurableObject(channelFor(env, ID) as never, (_: unknown, { storage }: DurableObjectState) =>
      storage.getAlarm(),
    );
  const listening = [{ empty_in: null }];
  /** The Channel has no socket, knows of no registration, and has no alarm. */
  const startAfresh = async () => {
    await saysThatItIsEmpty();
    await runInDurableObject(channelFor(env, ID) as never, (_: unknown, { storage }: DurableObjectState) =>
      storage.deleteAlarm(),
    );
    await evictDurableObject(channelFor(env, ID));
  };
  /** Opens sockets and closes them again. */
  const visit = async (sockets: number) => {
    await Promise.all(Array.from({ length: sockets }, () => openConnection(query)));
    for (const { socket, closed } of open.splice(0)) {
      socket.close(1000);
      await closed;
    }
  };

  /** Opens a socket while the Ledger answers registrations in this way. @returns its closing code, and what the Ledger was asked, in order */
  const openWith = (...answers: ((channel: Channel) => Promise<void>)[]) =>
    runInDurableObject(channelFor(env, ID) as never, async (channel: Channel) => {
      const whole = (channel as unknown as { env: Env }).env;
      const asked: string[] = [];
      let answered: ((channel: Channel) => Promise<void>) | undefined;
      const stub = objectThat(async (path, given) => {
        asked.push(path);
        if (path !== "registerChannel") return askAt(ledgerFor(env), path, given);
        await answered?.(channel);
        asked.push("answered");
      });
      Object.defineProperty(channel, "env", {
        value: { ...whole, LEDGER: { getByName: () => stub } },
        configurable: true,
      });
      const codes: (number | undefined)[] = [];
      for (const answerNext of answers) {
        answered = answerNext;
        const answer = await channel.fetch(
          new Request(`https://casewire.test/v1/live?case=${ID}&lang=en&revision=0&client=a`),
        );
        const socket = answer.webSocket!;
        codes.push(
          await new Promise<number | undefined>((resolve) => {
            socket.addEventListener("message", () => resolve(undefined));
            socket.addEventListener("close", ({ code }) => resolve(code));
            socket.accept();
          }),
        );
        socket.close();
      }
      Object.defineProperty(channel, "env", { value: whole, configurable: true });
      return { codes, asked };
    });

  it("reads the head only once the Ledger knows that it has a socket", async () => {
    await saysThatItIsEmpty();
    const answer = pause(20, "Whatever reads too soon would do so meanwhile.");
    const { asked, codes } = await openWith(() => answer);
    expect(codes).toEqual([undefined]);
    expect(asked.slice(0, 2)).toEqual(["registerChannel", "answered"]);
    expect(asked.length).toBeGreaterThan(2);
  });

  it("counts a socket in a push that comes before the Ledger knows of it", async () => {
    await saysThatItIsEmpty();
    let sockets: number | null | undefined;
    await openWith(async (channel) => {
      sockets = await channel.push(ID, present(7, 1));
    });
    expect(sockets).toBe(1);
  });

  it("closes a socket that the Ledger can't be told of, and tells it of the next", async () => {
    await saysThatItIsEmpty();
    const { codes } = await openWith(
      () => Promise.reject(new Error("the Ledger is down")),
      () => Promise.resolve(),
    );
    expect(codes).toEqual([1013, undefined]);
  });

  it("registers again after it said that it is empty, and not for every socket or sleep", async () => {
    await saysThatItIsEmpty();
    await forget();
    const one = await openConnection(query);
    expect(await known()).toEqual([{ empty_in: null }]);
    await forget();
    await settled(one, await openConnection(query));
    await evictDurableObject(channelFor(env, ID));
    await settled(await openConnection(query));
    expect(await known()).toEqual([]);
    expect(await channelFor(env, ID).push(ID, present(7, 1))).toBe(3);
    for (const { socket } of open.splice(0)) socket.close();
    await saysThatItIsEmpty();
    await settled(await openConnection(query));
    expect(await known()).toEqual([{ empty_in: null }]);
  });

  it("tells the Ledger minutes after its last socket has closed, once however many there were, also when it slept", async () => {
    await startAfresh();
    const before = Date.now();
    await visit(3);
    const set = await alarm();
    expect(set).toBeGreaterThanOrEqual(before + 600_000);
    await visit(1);
    expect([await alarm(), await known()]).toEqual([set, listening]);
    await evictDurableObject(channelFor(env, ID));
    await runDurableObjectAlarm(channelFor(env, ID) as never);
    expect(await known()).toEqual([{ empty_in: env.VERSION.id }]);
    expect(await alarm()).toBeNull();
    await openConnection(query);
    expect(await known()).toEqual(listening);
  });

  it.each(["getAlarm", "setAlarm"] as const)(
    "sets its alarm with the next socket that closes when %s failed",
    async (name) => {
      await startAfresh();
      await runInDurableObject(channelFor(env, ID) as never, async (channel: Channel, { storage }) => {
        const fails = { value: () => Promise.reject(new Error("the storage is down")), configurable: true };
        Object.defineProperty(storage, name, fails);
        const { 0: client, 1: socket } = new WebSocketPair();
        for (const end of [client, socket]) end.accept();
        await expect(channel.webSocketError(socket)).rejects.toThrow("the storage is down");
        Reflect.deleteProperty(storage, name);
        await channel.webSocketClose(socket);
      });
      expect(await alarm()).not.toBeNull();
    },
  );

  it("tells nothing while it has a socket, and then looks again once one has closed", async () => {
    await startAfresh();
    const kept = await openConnection(query);
    open.pop();
    await visit(1);
    await runDurableObjectAlarm(channelFor(env, ID) as never);
    expect([await alarm(), await known()]).toEqual([null, listening]);
    kept.socket.close(1000);
    await kept.closed;
    await vi.waitFor(async () => expect(await alarm()).not.toBeNull());
  });

  it("tells again later what the Ledger couldn't be told", async () => {
    await startAfresh();
    await visit(1);
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    await runInDurableObject(channelFor(env, ID) as never, async (channel: Channel, { storage }) => {
      const { env: whole } = channel as unknown as { env: Env };
      const value = {
        ...whole,
        LEDGER: { getByName: () => ({ checkChannel: () => Promise.reject(new Error("the Ledger is down")) }) },
      };
      Object.defineProperty(channel, "env", { value, configurable: true });
      await storage.deleteAlarm();
      await channel.alarm();
      Object.defineProperty(channel, "env", { value: whole, configurable: true });
    });
    expect([await alarm(), logged.mock.calls.length, await known()]).toEqual([expect.any(Number), 1, listening]);
    logged.mockRestore();
  });
});

it("The Channel sends an update to five hundred sockets, each in its language", async () => {
  const languages = ["en", "uk"] as const;
  const lines = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      openConnection(`case=ua-6-00&lang=${languages[index % 2]}&revision=1`, `192.0.2.${index % 250}`),
    ),
  );
  await channelFor(env, "ua-6-00").push("ua-6-00", present(6, 2));
  await vi.waitFor(() => expect(lines.every(({ views }) => views.length === 1)).toBe(true), {
    timeout: 15_000,
    interval: 10,
  });
  expect(lines.every(({ views }, index) => views[0]?.lang === languages[index % 2])).toBe(true);
}, 30_000);
