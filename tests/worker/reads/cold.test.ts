/**
 * Every surface that readers have, on an isolate that knows nothing yet, with
 * many cases: only what needs all of them waits for them.
 */
import {
  createExecutionContext,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { CaseBook } from "../../../bot/ports.ts";
import { contract } from "../../../worker/editing/contract/contract.ts";
import type { Route } from "../../../worker/editing/contract/route.ts";
import {
  readReminders,
  reminderNumber,
} from "../../../worker/objects/dispatcher/reminders.ts";
import type { Ledger } from "../../../worker/objects/ledger/ledger.ts";
import { readsFor } from "../../../worker/reads/reads.ts";
import { leaseRule } from "../../../worker/runtime/lease.ts";
import { answerRequest } from "../../../worker/web/app.ts";
import { lookUpsOf } from "../../../worker/web/telegram/look-ups.ts";
import { inventedCase, publishOf } from "../../support/invented.ts";
import { askAt, objectThat } from "../../support/object-that.ts";
import { profile } from "../../support/profile.ts";
import { Journal } from "../objects/ledger/confirming-journal.ts";

const CASES = 400;
/**
 * What the Ledger may answer to all questions of a request that doesn't search.
 * All cases are more than twice as long.
 */
const MAX_BYTES = 115_000;
const origin = "https://casewire.test";
const ID = "ua-7-00";

function caseOf(number: number) {
  const action = {
    state: number % 3 === 0 ? ("closed" as const) : ("active" as const),
    request: { en: "Write." },
  };
  const until = number === 10 ? { until: "2030-01-02" } : {};
  const rare = number % 70 === 0 ? ["TR", "AZ"] : [];
  const authorities = number % 50 === 0 ? ["RU"] : rare;
  const fields = inventedCase(number, {
    action: { ...action, ...until },
    authorities,
  });
  if (number === 10)
    fields.people[0]!.names = [
      { ...fields.people[0]!.names[0]!, value: "Demo Nowhereman" },
    ];
  return fields;
}

beforeAll(async () => {
  await runInDurableObject<Ledger, void>(
    env.LEDGER.getByName("ledger"),
    (_, { storage }) => {
      let clock = Date.now() - 10_000 * (CASES + 2);
      const journal = new Journal(
        storage,
        5_000,
        () => clock,
        profile,
        leaseRule,
        env.VERSION.id,
      );
      for (let number = 1; number <= CASES; number++, clock += 10_000)
        journal.publish(publishOf(caseOf(number)));
      journal.settle();
      storage.sql.exec("DELETE FROM announcements");
    },
  );
});

/**
 * The bindings of an isolate that has asked nothing yet, how much the Ledger
 * answered it, and how many pages of all cases.
 */
function freshIsolate() {
  const answered = { bytes: 0, pages: 0 };
  const ledger = objectThat(async (path, given) => {
    if (path === "cases.casesBetween") answered.pages++;
    const value = await askAt(env.LEDGER.getByName("ledger"), path, given);
    answered.bytes += (JSON.stringify(value) ?? "").length;
    return value;
  });
  return {
    bindings: { ...env, LEDGER: { getByName: () => ledger } } as unknown as Env,
    answered,
  };
}

async function read(path: string, bindings: Env) {
  const context = createExecutionContext();
  const got = await answerRequest(
    new Request(origin + path),
    bindings,
    context,
  );
  const body = new TextDecoder("latin1").decode(await got.arrayBuffer());
  await waitOnExecutionContext(context);
  return [got.status, got.headers.get("ETag"), got.headers.get("Link"), body];
}

const params: Record<string, string> = {
  id: ID,
  version: "0.0.0",
  file: "none",
  image: "none",
};

/** What needs all cases besides searches. */
const whole = [
  "/sitemap.xml",
  "/sitemap-1.xml",
  "/sitemap-2.xml",
  "/sitemap-9.xml",
  "/calendar.ics",
];

/**
 * Addresses of every route that anyone may read: those that don't need all
 * cases, and those that do.
 */
async function addressesOfReaders(
  complete: Env,
): Promise<{ short: string[]; long: string[] }> {
  const routes = Object.values<Route>(contract).filter(
    ({ method, access }) => method === "GET" && !access,
  );
  const plain = routes.map(({ path }) =>
    path.replace(/\{(\w+)[^}]*\}/g, (_, name: string) => params[name] ?? "1"),
  );
  const [, , link] = await read("/v1/cases?limit=5", complete);
  const next = /<[^>]*[?&]cursor=([^&>]+)/.exec(String(link))?.[1] as string;
  expect(next).toBeDefined();
  const both = [
    "q=demo",
    "action=active",
    "authority=RU",
    "changedSince=2020-01-01",
    `cursor=${next}`,
  ];
  const filters = [
    ...["q=7/00", "q=nowhereman", "q=محمد", `action=closed&cursor=${next}`],
    ...[
      "place=UA",
      "place=Demoville",
      "place=Россия",
      "custody=released",
      "person=Nowhereman",
      "series=UA",
    ],
  ];
  const front = [
    "place=RU",
    "q=demo&place=UA",
    `lang=uk&cursor=${next}`,
    `authority=RU&cursor=${next}`,
  ];
  return {
    short: [
      ...plain.filter((path) => !whole.includes(path)),
      ...["limit=100", "limit=5", "lang=ar"].map(
        (query) => `/v1/cases?${query}`,
      ),
      `/embed?case=${ID}`,
    ],
    long: [
      ...whole,
      ...[...both, ...filters].map((query) => `/v1/cases?${query}`),
      ...[...both, ...front].map((query) => `/?${query}`),
      "/embed?case=demo",
    ],
  };
}

const lookUps: Record<
  keyof Omit<CaseBook, "view" | "act">,
  (book: ReturnType<typeof lookUpsOf>) => Promise<unknown>
> = {
  list: (book) => book.list(400, 8),
  search: (book) => book.search("nowhereman", 8),
  known: (book) => book.known([ID, "ua-8-00"]),
  asked: (book) => book.asked(["happened", "Nowhereman"], 5),
  mentioned: (book) =>
    book.mentioned("Demo Nowhereman, UA 8/00, UA 9999/00 and Invented Person"),
  places: (book) => book.places("Demoville"),
  example: (book) => book.example(),
};

const bookOf = (bindings: Env) =>
  lookUpsOf((ask) => ask(readsFor(bindings)), profile);

describe("On a fresh isolate", () => {
  it("each answer is what the whole list gives, and only searches, sitemaps and the calendar wait for all cases", async () => {
    const { bindings: complete, answered: all } = freshIsolate();
    await readsFor(complete).allCases();
    expect(all.bytes).toBeGreaterThan(2 * MAX_BYTES);
    const { short, long } = await addressesOfReaders(complete);
    for (const path of [...short, ...long]) {
      const { bindings, answered } = freshIsolate();
      const shown = await read(path, bindings);
      expect(shown[0], path).not.toBe(500);
      const isShort = short.includes(path);
      expect([path, answered.pages === 0, answered.bytes < MAX_BYTES]).toEqual([
        path,
        isShort,
        isShort,
      ]);
      // The status page tells of the questions that were asked.
      if (!path.includes("status"))
        expect([path, ...shown]).toEqual([
          path,
          ...(await read(path, complete)),
        ]);
    }
  });

  it("all who search share the page of all cases", async () => {
    const { bindings, answered } = freshIsolate();
    const searches = Array.from({ length: 50 }, (_, index) =>
      read(`/v1/cases?q=demo${index}`, bindings),
    );
    for (const [status] of await Promise.all(searches))
      expect(status).toBe(200);
    expect(answered.pages).toBe(1);
  });

  it("an address has the ETag that it has on any other, also when the answer is kept of another address", async () => {
    const changes = async (since = ""): Promise<string> => {
      const [, , , body] = await read(`/v1/changes?limit=100${since}`, env);
      const { more, next } = JSON.parse(body as string) as {
        more: boolean;
        next: string;
      };
      return more ? changes(`&since=${next}`) : `/v1/changes?since=${next}`;
    };
    const newest = await changes();
    for (const [path, alike] of [
      ["/v1/cases", "/v1/cases?limit=50"],
      ["/v1/cases?action=active", "/v1/cases?action=active&q="],
      ["/?lang=en", "/"],
      [newest, `${newest}&limit=50`],
    ] as const) {
      const [one, other] = [freshIsolate().bindings, freshIsolate().bindings];
      await read(alike, one);
      const [first, second] = [await read(path, one), await read(path, other)];
      expect([path, first[0], first[1], first[3]]).toEqual([
        path,
        200,
        second[1],
        second[3],
      ]);
    }
  });

  it.each(Object.keys(lookUps) as (keyof typeof lookUps)[])(
    "the bot's look-up '%s' gives what the whole list gives",
    async (name) => {
      const { bindings: whole } = freshIsolate();
      await readsFor(whole).allCases();
      const { bindings, answered } = freshIsolate();
      expect(await lookUps[name](bookOf(bindings))).toEqual(
        await lookUps[name](bookOf(whole)),
      );
      expect([name, answered.pages > 0]).toEqual([
        name,
        ["list", "search", "asked", "mentioned", "places"].includes(name),
      ]);
    },
  );

  it("the cron run's search for reminders reads only cases with a deadline or a hearing", async () => {
    const { bindings, answered } = freshIsolate();
    expect(
      await readReminders(
        readsFor(bindings),
        Date.parse("2029-12-31T11:00:00Z"),
      ),
    ).toMatchObject([{ id: "ua-10-00", number: reminderNumber("2030-01-02") }]);
    expect(answered.pages).toBe(0);
  });
});
