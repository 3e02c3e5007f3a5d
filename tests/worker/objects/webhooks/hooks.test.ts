/**
 * Webhooks: what is sent, repeated, given up and replayed, and which addresses
 * are refused.
 */
import { describe, expect, test } from "vitest";
import type { PublishCommand } from "../../../../worker/objects/ledger/command.ts";
import {
  isPublicIp,
  webAddressFault,
} from "../../../../worker/objects/webhooks/address.ts";
import { Hooks } from "../../../../worker/objects/webhooks/hooks.ts";
import { inventedCase } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";
import { A, done, it as inNewsroom, Newsroom } from "../ledger/newsroom.ts";

const URL_OF_HOOK = "https://hooks.example.org/secret-path";

interface Post {
  url: string;
  body: string;
  headers: Record<string, string>;
}

/**
 * A Ledger and its webhooks, with a clock and a network that the test controls.
 */
class Room extends Newsroom {
  ips = ["93.184.215.14"];
  onPost = async () => {};
  status: number | "nothing" = 204;
  posts: Post[] = [];
  /** Editors who have left. */
  left = new Set<string>();
  hooks!: Hooks;

  open(): Hooks {
    this.hooks = new Hooks(
      this.storage,
      {
        now: () => this.clock,
        read: async (since, limit) =>
          this.journal.feed.page(since, limit).value,
        readProposals: async (since, limit) =>
          this.journal.audit.proposalEvents(since, limit),
        fallen: async (all) =>
          all.map(({ editor }) => (this.left.has(editor) ? "left" : null)),
        resolve: async () => this.ips,
        post: async (url, body, headers) => {
          this.posts.push({ url, body, headers });
          await this.onPost();
          if (this.status === "nothing")
            throw new Error(`${url} did not answer`);
          return this.status;
        },
        arm: () => {},
      },
      { publicUrl: "https://casewire.test", profile },
    );
    return this.hooks;
  }

  async add(more: object = {}): Promise<{ id: string; secret: string }> {
    const asked = {
      url: URL_OF_HOOK,
      topic: "changes",
      shape: "event",
      lang: "en",
      ...more,
    } as const;
    const added = await this.hooks.add(asked, {
      editor: "tester",
      passkey: null,
    });
    if (added === null || "fault" in added)
      throw new Error(JSON.stringify(added));
    return added;
  }

  /** Publishes, lets the moment come, and sends. */
  async tell(more: Partial<PublishCommand> = {}): Promise<void> {
    done(this.offer(this.journal.newest(A), more));
    await this.run(8_000);
  }

  /** Sends what is due after so many milliseconds. */
  async run(milliseconds: number): Promise<void> {
    this.pass(milliseconds);
    this.hooks.nudge();
    await this.hooks.run();
  }

  get events(): any[] {
    return this.posts.map(({ body }) => JSON.parse(body));
  }
}

const it = (what: string, run: (room: Room) => Promise<void>) =>
  inNewsroom(what, async ({ storage, rule }) => {
    const room = new Room(storage, rule);
    room.restart();
    // Its own tables; the schema's version would be the Ledger's.
    room.sql("DROP TABLE schema");
    room.open();
    await run(room);
  });

describe("A webhook", () => {
  it("for proposals tells each trouble once, again when it was not accepted, and the end", async (room) => {
    await room.add({ topic: "proposals" });
    await room.add();
    room.status = 500;
    await room.hooks.tellTroubles(["backup"]);
    room.status = 204;
    for (const troubles of [["backup"], ["backup"], []] as const)
      await room.hooks.tellTroubles(troubles);
    expect(room.events.map(({ type }) => type)).toEqual([
      "trouble.backup",
      "trouble.backup",
      "trouble.over",
    ]);
  });

  it("for proposals tells what happened, without a name, a word or a number that readers don't know", async (room) => {
    const { review } = room;
    const propose = (editor: string, number: number) =>
      done(
        review.propose({
          ...room.command(
            room.journal.newest(`ua-${number}-00`),
            `ua-${number}-00`,
          ),
          editor,
        }),
      ).proposal;
    // Readers know the first case.
    await room.tell();
    await room.add({ topic: "proposals" });
    await room.add({ topic: "proposals", shape: "slack", lang: "en" });
    const [first, second, third] = [
      propose("nora", 1),
      propose("nora", 2),
      propose("paul", 3),
    ];
    review.approve(first, room.journal.proposals.find(first)!.hash, "paul");
    review.reject(second, "paul", "The source is missing");
    review.reject(third, "paul", "");
    await room.run(1_000);
    const events = room.events.filter(({ type }) => type);
    expect(events.map(({ type, data }) => [type, data.case])).toEqual([
      ["proposal.made", "ua-1-00"],
      ["proposal.made", undefined],
      ["proposal.made", undefined],
      ["proposal.approved", "ua-1-00"],
      ["proposal.rejected", undefined],
      ["proposal.taken-back", undefined],
    ]);
    expect(room.events.flatMap(({ text }) => text ?? [])).toEqual(
      expect.arrayContaining([
        "UA 1/00\nA proposal was approved.\nhttps://casewire.test/desk#/approvals",
        "A new case\nA proposal was taken back.\nhttps://casewire.test/desk#/approvals",
      ]),
    );
    const sent = JSON.stringify(room.posts.map(({ body }) => body));
    for (const secret of [
      "Invented",
      "The source is missing",
      "Note",
      "nora",
      "paul",
      "2/00",
      "ua-3",
    ])
      expect(sent).not.toContain(secret);
    // The moment of the approved revision is for webhooks of the other kind.
    room.posts = [];
    await room.run(8_000);
    expect(room.posts).toEqual([]);
  });

  it("gets each change after its registration, at its moment, without content of the case", async (room) => {
    await room.tell();
    await room.add();
    await room.tell();
    room.journal.withdraw(A, "consent", "tester");
    await room.run(1_000);
    expect(room.posts).toHaveLength(1);
    await room.run(8_000);
    expect(
      room.events.map(({ type, data }) => [type, data.case, data.revision]),
    ).toEqual([
      ["case.updated", A, 2],
      ["case.withdrawn", A, 3],
    ]);
    for (const { url, body } of room.posts)
      expect([url, body.includes("Invented")]).toEqual([URL_OF_HOOK, false]);
    expect(JSON.stringify(await room.hooks.list())).not.toMatch(
      /secret-path|whsec/,
    );
  });

  it("is tried again with the same id, then given up, kept as a dead letter, and replayed", async (room) => {
    const { id } = await room.add();
    room.status = 500;
    await room.tell();
    await room.tell();
    expect(await room.hooks.list()).toMatchObject([
      { attempts: 2, trouble: "the receiver answered 500", dead: [] },
    ]);
    for (let attempt = 0; attempt < 8; attempt++) await room.run(86_400_000);
    expect(
      new Set(
        room.posts.slice(0, 10).map(({ headers }) => headers["webhook-id"]),
      ).size,
    ).toBe(1);
    const [{ dead, position }] = (await room.hooks.list()) as [any];
    expect(dead).toMatchObject([
      { change: 1, case: A, revision: 1, reason: "the receiver answered 500" },
    ]);
    expect(position).toBe(1);
    room.status = 204;
    await room.run(86_400_000);
    expect(room.events.at(-1)).toMatchObject({ data: { change: 2 } });
    const before = room.posts.length;
    expect(room.hooks.replay(id, 1)).toBe(true);
    await room.run(1);
    expect(room.events.slice(before).map(({ data }) => data.change)).toEqual([
      1, 2,
    ]);
    expect(await room.hooks.list()).toMatchObject([
      { dead: [], position: 2, trouble: null, next: null },
    ]);
    expect(room.hooks.replay("none", 1)).toBe(false);
  });

  it("loses nothing when the process dies before the answer is stored, and repeats at most that change", async (room) => {
    await room.add();
    room.status = "nothing";
    await room.tell();
    room.open();
    room.status = 204;
    await room.tell();
    await room.run(60_000);
    expect(room.events.map(({ data }) => data.change)).toEqual([1, 1, 2]);
    expect(await room.hooks.list()).toMatchObject([{ position: 2 }]);
    expect(JSON.stringify(await room.hooks.list())).not.toContain(
      "did not answer",
    );
  });

  it("ends when the receiver answers 410, and a removed one gets nothing", async (room) => {
    const { id } = await room.add();
    room.status = 410;
    await room.tell();
    await room.tell();
    expect(room.posts).toHaveLength(1);
    expect(await room.hooks.list()).toMatchObject([
      { ended: true, next: null },
    ]);
    expect([
      room.hooks.remove(id),
      room.hooks.remove(id),
      await room.hooks.list(),
    ]).toEqual([true, false, []]);
  });

  it("is suspended once who registered it has left, and goes on with a new secret when another takes it over", async (room) => {
    const { id, secret } = await room.add();
    await room.tell();
    room.left.add("tester");
    await room.tell();
    expect(room.posts).toHaveLength(1);
    expect(await room.hooks.list()).toMatchObject([
      { suspended: "left", ended: false, next: null, position: 1 },
    ]);
    expect(room.hooks.replay(id, 1)).toBe(true);
    await room.run(1);
    expect([room.posts.length, room.hooks.nextDue()]).toEqual([1, null]);
    const taken = room.hooks.takeOver(id, { editor: "ada", passkey: "ada's" });
    expect(taken!.secret).not.toBe(secret);
    await room.run(1);
    expect(room.events.map(({ data }) => data.change)).toEqual([1, 1, 2]);
    expect(await room.hooks.list()).toMatchObject([
      { editor: "ada", suspended: null, position: 2 },
    ]);
    expect(
      room.hooks.takeOver("none", { editor: "ada", passkey: null }),
    ).toBeNull();
  });

  it("gets nothing more once its editor leaves while changes are being sent", async (room) => {
    await room.add();
    for (let times = 0; times < 2; times++) room.goLive(A);
    room.hooks.nudge();
    room.onPost = async () => {
      room.left.add("tester");
      await room.hooks.list();
    };
    await room.hooks.run();
    expect(room.posts).toHaveLength(1);
  });

  it("hears of no old change after a restore", async (room) => {
    await room.tell();
    await room.add();
    room.journal.changes.startAfresh();
    await room.run(1);
    expect(room.posts).toEqual([]);
    await room.tell();
    expect(room.events).toMatchObject([{ data: { revision: 2 } }]);
  });

  it("has the shape that a chat service expects", async (room) => {
    for (const shape of ["slack", "discord", "matrix"])
      await room.add({ shape });
    await room.tell({
      case: inventedCase(1, { title: { en: "A <b> & @everyone" } }),
    });
    // They go out together, in an order of their own.
    const { events } = room;
    const slack = events.find((event) => "unfurl_links" in event);
    const discord = events.find((event) => "content" in event);
    const matrix = events.find((event) => event !== slack && event !== discord);
    expect(slack).toEqual({
      text: expect.stringMatching(
        /^UA 1\/00: A &lt;b&gt; &amp; @everyone\n.+\nhttps:\/\/casewire\.test\/cases\/ua-1-00/,
      ),
      unfurl_links: false,
    });
    expect(discord).toEqual({
      content: expect.stringContaining("A <b> & @everyone"),
      allowed_mentions: { parse: [] },
    });
    expect(Object.keys(matrix)).toEqual(["text"]);
  });
});

describe("A private network", () => {
  test.each([
    "http://hooks.example.org/",
    "https://127.0.0.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://8.8.8.8/",
    "https://localhost/",
    "https://a.localhost./",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://intranet/",
    "https://user:password@hooks.example.org/",
    "https://casewire.test/v1/cases",
    "file:///etc/passwd",
    "nonsense",
  ])("can't be named: %s", (url) => {
    expect(webAddressFault(url, "casewire.test")).toBeTruthy();
  });

  test("is known by every range, also within IPv6", () => {
    const four =
      "10.1.2.3 172.31.0.1 192.168.1.1 127.0.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255";
    const six = "::1 :: fc00::1 fe80::1 ::ffff:192.168.0.1 64:ff9b::a00:1 x";
    for (const ip of `${four} ${six}`.split(" "))
      expect([ip, isPublicIp(ip)]).toEqual([ip, false]);
    for (const ip of ["93.184.215.14", "2606:2800:21f:cb07::1"])
      expect([ip, isPublicIp(ip)]).toEqual([ip, true]);
  });

  it("isn't reached when a name leads there later, or leads to both (DNS rebinding), nor by a redirect", async (room) => {
    await room.add();
    await room.tell();
    expect(room.posts).toHaveLength(1);
    for (const ips of [["10.0.0.1"], ["93.184.215.14", "::1"], []]) {
      room.ips = ips;
      await room.tell();
    }
    await room.run(60_000);
    expect(room.posts).toHaveLength(1);
    room.ips = ["10.0.0.1"];
    await room.run(600_000);
    expect(await room.hooks.list()).toMatchObject([
      { position: 1, trouble: "the host leads to a private network" },
    ]);
    room.ips = ["93.184.215.14"];
    room.status = 302;
    await room.run(3_600_000);
    expect(room.posts).toHaveLength(2);
    expect(await room.hooks.list()).toMatchObject([
      {
        position: 1,
        trouble: "the receiver answered 302, and redirects are not followed",
      },
    ]);
  });
});
