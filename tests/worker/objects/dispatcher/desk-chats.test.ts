/** Editors' chats: how a group is linked, what it hears, and what ends that. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import { localeTags } from "../../../../shared/locale.ts";
import {
  DESK_CODE_MS,
  type DeskChats,
  type DeskCode,
  MAX_DESK_CHATS,
} from "../../../../worker/editing/rules/desk-chats.ts";
import type { Registrant } from "../../../../worker/editing/rules/roles.ts";
import { SqlDeskChats } from "../../../../worker/objects/dispatcher/desk-chats.ts";
import {
  deskNotice,
  deskNoticeNumber,
  isDeskNotice,
} from "../../../../worker/objects/dispatcher/desk-notices.ts";
import { CHAT_INTERVAL_MS } from "../../../../worker/objects/dispatcher/rank.ts";
import { isReminder } from "../../../../worker/objects/dispatcher/reminders.ts";
import type {
  ChangeCursor,
  ProposalEvent,
} from "../../../../worker/reads/state.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { profileOf } from "../../../../worker/runtime/profiles/profiles.ts";
import { portsTo } from "../../chat-ports.ts";
import { announcement, it, NOW, type open } from "../../outbox.ts";
import { callsWith, publication } from "../../web/api/people.ts";

const GROUP = -1_007_301;
const OTHER = -1_007_302;

const by = (editor: string): Registrant => ({ editor, passkey: null });

/**
 * The audit log of a Ledger, as far as proposals go, and the chats that hear of
 * it.
 */
function room({ storage, followers, vault, outbox }: ReturnType<typeof open>) {
  const log = { name: "log", events: [] as ProposalEvent[], reads: 0 };
  const chats = new SqlDeskChats(storage, followers);
  const recorded: [string, string][] = [];
  const read = async (since: ChangeCursor | null, limit: number) => {
    log.reads++;
    const newest = log.events.length;
    if (since && (since.log !== log.name || since.position > newest))
      return null;
    const changes = log.events.slice(since?.position ?? 0).slice(0, limit);
    const next = changes.at(-1)?.change ?? newest;
    return { log: log.name, newest, changes, next, more: next < newest };
  };
  /** Editors who have left. */
  const left = new Set<string>();
  const fallen = async (all: Registrant[]) =>
    all.map(({ editor }) => (left.has(editor) ? ("left" as const) : null));
  return {
    log,
    chats,
    recorded,
    read,
    left,
    ports: { read, fallen },
    happen(action: ProposalEvent["action"], number: number) {
      const [id, at] = [`ua-${number}-00`, new Date(NOW).toISOString()];
      const about = {
        id,
        isPublic: true,
        revision: { number: null },
        action,
        editor: "anna",
        author: "anna",
        at,
      };
      log.events.push({ change: log.events.length + 1, ...about });
    },
    async link(
      chat: number,
      code: string,
      { topic = 0, now = NOW, locale = "en" as const } = {},
    ) {
      const record = async ({ editor }: Registrant, id: string) =>
        recorded.push([editor, id]) > 0;
      return chats.link(await vault.seal(chat), topic, code, locale, now, {
        read,
        record,
      });
    },
    /**
     * Takes and settles everything that is due.
     * @returns the numbers and chats, in order
     */
    async sent(now = NOW) {
      const taken: [number, number][] = [];
      for (let at = now; at < now + 60_000; at += 1_000)
        for (let job = outbox.takeOne(at); job; job = outbox.takeOne(at)) {
          taken.push([job.number, job.chat]);
          await outbox.settleOne(job, { do: "done" }, at, 0);
        }
      return taken;
    },
  };
}

describe("A code", () => {
  it("links one group, once, within ten minutes, as a person may type it, and is stored only as a hash", async (opened) => {
    const { chats, link, recorded } = room(opened);
    const { code, expires } = chats.newCode(by("anna"), NOW);
    expect(code).toMatch(/^(?:[a-z0-9]{4}-){3}[a-z0-9]{4}$/);
    expect(Date.parse(expires)).toBe(NOW + DESK_CODE_MS);
    const stored = JSON.stringify(
      opened.sql.exec("SELECT * FROM desk_codes").toArray(),
    );
    expect(stored).toContain(digest(code.replaceAll("-", "")));
    expect(stored).not.toContain(code.slice(0, 9));
    expect(await link(GROUP, "aaaa-bbbb-cccc-dddd")).toBe("unknown");
    expect(await link(GROUP, code, { now: NOW + DESK_CODE_MS })).toBe(
      "unknown",
    );
    expect(await link(GROUP, code.toUpperCase().replaceAll("-", " – "))).toBe(
      "linked",
    );
    expect(await link(OTHER, code)).toBe("unknown");
    const second = chats.newCode(by("boris"), NOW).code;
    expect(await link(GROUP, second)).toBe("already");
    expect(await link(GROUP, second, { topic: 7 })).toBe("linked");
    expect(chats.list()).toMatchObject([
      { editor: "anna" },
      { editor: "boris" },
    ]);
    expect(recorded.map(([editor]) => editor)).toEqual(["anna", "boris"]);
    expect(chats.list().map(({ id }) => id)).toEqual(
      recorded.map(([, id]) => id),
    );
    expect(opened.sql.exec("SELECT * FROM desk_codes").toArray()).toEqual([]);
  });

  it("is used once by two groups at the same time, links at most so many groups, and none that is not in the audit log", async (opened) => {
    const { chats, link, read } = room(opened);
    const { code } = chats.newCode(by("anna"), NOW);
    expect(
      (await Promise.all([link(GROUP, code), link(OTHER, code)])).sort(),
    ).toEqual(["linked", "unknown"]);
    const next = chats.newCode(by("anna"), NOW).code;
    const record = () => Promise.reject(new Error("no Ledger"));
    await expect(
      chats.link(await opened.vault.seal(1), 0, next, "en", NOW, {
        read,
        record,
      }),
    ).rejects.toThrow("no Ledger");
    expect(chats.list()).toHaveLength(1);
    // The Ledger refuses the code of an editor who is no administrator any
    // more.
    const refused = { read, record: async () => false };
    expect(
      await chats.link(await opened.vault.seal(1), 0, next, "en", NOW, refused),
    ).toBe("unknown");
    expect(opened.sql.exec("SELECT * FROM desk_codes").toArray()).toEqual([]);
    for (let topic = 2; topic <= MAX_DESK_CHATS; topic++)
      expect(
        await link(OTHER, chats.newCode(by("anna"), NOW).code, { topic }),
      ).toBe("linked");
    expect(
      await link(OTHER, chats.newCode(by("anna"), NOW).code, { topic: 99 }),
    ).toBe("full");
  });
});

describe("A linked group", () => {
  it("hears of everything that happens from then on, once each and in order, across crashes and calls at the same time", async (opened) => {
    const { chats, link, happen, ports, sent, log } = room(opened);
    happen("propose", 1);
    expect(await chats.catchUp(ports, NOW)).toBe(false);
    expect(log.reads).toBe(0);
    await link(GROUP, chats.newCode(by("anna"), NOW).code);
    await link(OTHER, chats.newCode(by("anna"), NOW).code, { topic: 7 });
    for (let number = 2; number <= 60; number++) {
      happen("propose", number);
      happen("approve", number);
    }
    const calls = [
      chats.catchUp(ports, NOW),
      new SqlDeskChats(opened.storage, opened.followers).catchUp(ports, NOW),
    ];
    expect((await Promise.all(calls)).some((made) => made)).toBe(true);
    expect(await chats.catchUp(ports, NOW)).toBe(false);
    const { outbox } = opened;
    // What comes meanwhile doesn't overtake.
    const done = [outbox.takeOne(NOW)!, outbox.takeOne(NOW)!];
    for (const job of done) await outbox.settleOne(job, { do: "done" }, NOW, 0);
    happen("reject", 1);
    await chats.catchUp(ports, NOW);
    // A crash with two messages in flight.
    outbox.takeOne(NOW);
    outbox.takeOne(NOW);
    outbox.recover(NOW);
    const all: [number, number][] = done.map(({ number, chat }) => [
      number,
      chat,
    ]);
    for (let at = NOW; all.length < 238; at += 60_000)
      all.push(...(await sent(at)));
    const [group, other] = [await opened.chat(GROUP), await opened.chat(OTHER)];
    const expected = log.events.slice(1).map(deskNoticeNumber);
    for (const chat of [group, other])
      expect(
        all.filter(([, to]) => to === chat).map(([number]) => number),
      ).toEqual(expected);
    expect(outbox.status(NOW).depth).toBe(0);
  });

  it("hears of each trouble once, and when all have ended", async (opened) => {
    const { chats, link, sent } = room(opened);
    await link(GROUP, chats.newCode(by("anna"), NOW).code);
    const steps = [
      ["workshop"],
      ["workshop"],
      ["readers", "workshop"],
      ["readers"],
      [],
      [],
    ] as const;
    const made = steps.map((troubles, index) =>
      chats.tellTroubles(troubles, NOW + index),
    );
    expect(made).toEqual([true, false, true, false, true, false]);
    const numbers: number[] = [];
    for (let at = NOW; numbers.length < 3; at += 60_000)
      numbers.push(...(await sent(at)).map(([number]) => number));
    expect(
      numbers.map(
        (number) => deskNotice({ caseId: "", number }, "en", place).text,
      ),
    ).toEqual([
      "The desk and the bot don’t work: the second Worker is missing.",
      "Readers get errors.",
      "Everything works again.",
    ]);
  });

  it("hears no old news after a restore of the Ledger", async (opened) => {
    const { chats, link, happen, ports, sent, log } = room(opened);
    await link(GROUP, chats.newCode(by("anna"), NOW).code);
    log.name = "another log";
    happen("propose", 1);
    expect(await chats.catchUp(ports, NOW)).toBe(false);
    happen("reject", 1);
    expect(await chats.catchUp(ports, NOW)).toBe(true);
    expect((await sent()).map(([number]) => number)).toEqual([
      deskNoticeNumber(log.events[1]!),
    ]);
  });

  it("hears nothing more, of what waits neither, once the editor whose code linked it has left", async (opened) => {
    const { chats, link, happen, ports, sent, left } = room(opened);
    await link(GROUP, chats.newCode(by("anna"), NOW).code);
    await link(OTHER, chats.newCode(by("boris"), NOW).code, { topic: 7 });
    happen("propose", 1);
    await chats.catchUp(ports, NOW);
    left.add("anna");
    happen("approve", 1);
    expect(await chats.catchUp(ports, NOW)).toBe(true);
    expect(chats.list()).toMatchObject([{ editor: "boris" }]);
    const other = await opened.chat(OTHER);
    expect(
      (await sent()).concat(await sent(NOW + 60_000)).map(([, chat]) => chat),
    ).toEqual([other, other]);
  });

  it("that is unlinked, forgotten, moved or gone hears nothing more where it was, and leaves no row", async (opened) => {
    const { sql, followers, vault, outbox, fanOut, follow } = opened;
    const { chats, link, happen, ports, sent } = room(opened);
    const linkAll = async () => {
      await link(GROUP, chats.newCode(by("anna"), NOW).code);
      await link(OTHER, chats.newCode(by("anna"), NOW).code, { topic: 7 });
      happen("propose", 1);
      await chats.catchUp(ports, NOW);
    };
    const rows = () =>
      ["chats", "desk_chats", "deliveries"].map(
        (table) => sql.exec(`SELECT * FROM ${table}`).toArray().length,
      );
    const hashes = (chat: number) => vault.hashes(chat);

    await linkAll();
    expect(rows()).toEqual([2, 2, 2]);
    expect(chats.remove(chats.list()[0]!.id)).toBe(true);
    expect(chats.remove("no such chat")).toBe(false);
    expect(chats.unlink(await hashes(OTHER), 0)).toBe(false);
    expect(chats.unlink(await hashes(OTHER), 7)).toBe(true);
    expect(rows()).toEqual([0, 0, 0]);

    await linkAll();
    expect(followers.forget(await hashes(GROUP))).toMatchObject({
      desk: 1,
      deliveries: 1,
    });
    // Telegram says that the topic was deleted, as for a follower's message.
    await outbox.settleOne(outbox.takeOne(NOW)!, { do: "end-topic" }, NOW, 0);
    expect(rows()).toEqual([0, 0, 0]);

    await linkAll();
    await outbox.settleOne(outbox.takeOne(NOW)!, { do: "end" }, NOW, 0);
    const moved = -1_007_303;
    await outbox.settleOne(
      outbox.takeOne(NOW)!,
      { do: "migrate", to: moved as never },
      NOW,
      0,
    );
    expect(await opened.chat(OTHER)).toBeNull();
    expect(await sent(NOW + 60_000)).toEqual([
      [
        deskNoticeNumber({ change: 3, action: "propose" }),
        await opened.chat(moved),
      ],
    ]);
    expect(rows()).toEqual([1, 1, 0]);

    // A follow and the link end apart from each other.
    await follow(moved, { topic: 7 });
    fanOut.announce(announcement(1), NOW);
    happen("approve", 1);
    await chats.catchUp(ports, NOW);
    followers.unfollow(await hashes(moved), 7, "ua-1-00");
    expect(
      (await sent(NOW + 120_000)).map(([number]) => isDeskNotice({ number })),
    ).toEqual([true]);
    expect(
      chats.recipient({ chat: (await opened.chat(moved))!, topic: 0 }),
    ).toBeNull();
    expect(rows()).toEqual([1, 1, 0]);
  });
});

const place = {
  publicUrl: "https://casewire.test",
  profile: profileOf(env as unknown as Env),
};

test("A message to editors names the case's number and nothing else, in every language, with a button to the desk", () => {
  const said = new Set<string>();
  for (const locale of localeTags)
    for (const action of [
      "propose",
      "approve",
      "reject",
      "take-back",
      "redact",
      "withdraw",
    ] as const) {
      const number = deskNoticeNumber({ change: 41, action });
      expect([isDeskNotice({ number }), isReminder({ number })]).toEqual([
        true,
        false,
      ]);
      const { text, keyboard } = deskNotice(
        { caseId: "ua-1-00", number },
        locale,
        place,
      );
      expect(text.split("\n")[0]).toMatch(/1\/00/);
      said.add(text);
      const link = action === "propose" ? "#/approvals" : "#/cases/ua-1-00";
      expect(keyboard.inline_keyboard.flat()).toMatchObject([
        { url: `https://casewire.test/desk${link}` },
      ]);
    }
  expect(said.size).toBe(6 * localeTags.length);
  // Telegram accepts no button that links to a local run.
  const local = deskNotice(
    {
      caseId: "ua-1-00",
      number: deskNoticeNumber({ change: 1, action: "reject" }),
    },
    "en",
    {
      ...place,
      publicUrl: "http://localhost:8787",
    },
  );
  expect(local).toMatchObject({
    text: "UA 1/00\nA proposal was rejected. It is a draft again.",
    keyboard: { inline_keyboard: [] },
  });
});

const sent: { chat_id: number; text: string; reply_markup?: unknown }[] = [];
const dispatcher = env.DISPATCHER.getByName("dispatcher");
let isPublic = false;

const call = callsWith({ REVIEW: "two" });
/** As the bot links a group that sends a code. */
const link = (code: string) =>
  portsTo(dispatcher).desk.link({ chat: GROUP, kind: "group" }, code, "uk");
const chats = async () =>
  (await (await call("anna", paths.deskChats, "GET")).json()) as DeskChats;
/**
 * Sends what is due, as if the pause that Telegram asks of a group had passed.
 */
const sendNext = async () => {
  await runInDurableObject(dispatcher, (_, { storage }) => {
    storage.sql.exec(
      "UPDATE deliveries SET due_at = due_at - ? WHERE state = 'pending'",
      CHAT_INTERVAL_MS[1],
    );
  });
  await runDurableObjectAlarm(dispatcher);
};

beforeAll(() => {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const method = url.split("/").at(-1);
    if (method === "sendMessage") sent.push(JSON.parse(init.body as string));
    const chat = {
      id: GROUP,
      ...(isPublic ? { username: "invented_public" } : {}),
    };
    return Response.json({
      ok: true,
      result: { message_id: sent.length, date: 1, chat, text: "" },
    });
  });
});
afterAll(() => vi.unstubAllGlobals());

test("A code from the desk links a group, then it hears of proposals, approvals and rejections, until it is unlinked", async () => {
  const made = await call("anna", paths.deskChats, "POST");
  expect(made.status).toBe(201);
  const { code } = (await made.json()) as DeskCode;
  expect(await link(code)).toBe("linked");
  expect(await chats()).toMatchObject({
    bot: expect.any(String),
    chats: [{ editor: "anna" }],
  });

  const propose = async (number: number) => {
    const body = publication(number, { note: { en: "A secret note" } });
    const answer = await call(
      "anna",
      `/v1/cases/ua-${number}-00`,
      "PUT",
      body,
      { "If-None-Match": "*" },
    );
    expect(answer.status).toBe(202);
    return ((await answer.json()) as { proposal: string }).proposal;
  };
  const [first, second] = [await propose(1), await propose(2)];
  const proposal = await call("boris", `/v1/desk/proposals/${first}`, "GET");
  const etag = proposal.headers.get("ETag") as string;
  expect(
    (
      await call(
        "boris",
        `/v1/desk/proposals/${first}/approve`,
        "POST",
        {},
        { "If-Match": etag },
      )
    ).status,
  ).toBe(201);
  const rejected = await call(
    "boris",
    `/v1/desk/proposals/${second}/reject`,
    "POST",
    { reason: "A secret reason" },
  );
  expect(rejected.status).toBeLessThan(300);
  await expect
    .poll(() => sendNext().then(() => sent.length), { timeout: 20_000 })
    .toBe(5);
  expect(sent.map(({ text }) => text)).toEqual([
    "Редактор приєднав чи видалив вебхук або групу.",
    "UA 1/00\nПропозиція чекає на другого редактора.",
    "UA 2/00\nПропозиція чекає на другого редактора.",
    "UA 1/00\nПропозицію схвалено.",
    "UA 2/00\nПропозицію відхилено. Вона знову є чернеткою.",
  ]);
  expect(new Set(sent.map(({ chat_id }) => chat_id))).toEqual(new Set([GROUP]));
  expect(JSON.stringify(sent)).not.toMatch(/anna|boris|secret|Invented/);

  const [{ id }] = (await chats()).chats as [DeskChats["chats"][0]];
  expect(
    (await call("anna", `${paths.deskChats}/${id}`, "DELETE")).status,
  ).toBe(204);
  expect(
    (await call("anna", `${paths.deskChats}/${id}`, "DELETE")).status,
  ).toBe(404);
  expect((await chats()).chats).toEqual([]);
  const audit = (await (
    await call("anna", `${paths.deskAudit}?limit=20`, "GET")
  ).json()) as {
    audit: { action: string }[];
  };
  expect(
    audit.audit.filter(({ action }) => action.startsWith("chat-")),
  ).toMatchObject([
    { editor: "anna", action: "chat-remove", case: null, subject: digest(id) },
    { editor: "anna", action: "chat-add", case: null, subject: digest(id) },
  ]);

  // A group that has become public is unlinked with its next message, and told
  // so.
  await link(
    ((await (await call("anna", paths.deskChats, "POST")).json()) as DeskCode)
      .code,
  );
  expect((await chats()).chats).toHaveLength(1);
  isPublic = true;
  const third = await propose(3);
  await expect
    .poll(() => sendNext().then(chats), { timeout: 20_000 })
    .toMatchObject({ chats: [] });
  await expect
    .poll(() => sent.at(-1)!.text.split("\n")[0])
    .toBe("Ця група публічна");
  // The next test file finds no proposal here.
  expect(
    (await call("anna", `/v1/desk/proposals/${third}/reject`, "POST", {}))
      .status,
  ).toBeLessThan(300);
});
