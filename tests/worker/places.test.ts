/**
 * Pages elsewhere, from the API to the second Worker, which reads the lab's
 * pages, and back to editors.
 */
import {
  createExecutionContext,
  createScheduledController,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, expect, it, vi } from "vitest";
import { paths } from "../../shared/addresses.ts";
import type { Erase } from "../../worker/editing/rules/erase.ts";
import type { Place } from "../../worker/editing/rules/places.ts";
import { ledgerFor } from "../../worker/runtime/bindings.ts";
import worker from "../../worker/web/index.ts";
import { closed } from "../places-lab/cases.ts";
import { confirmedBy } from "../support/confirming.ts";
import { call, callsWith, json, tagOf } from "./web/api/people.ts";

const LAB = "https://lab.example.org";
const DAY_MS = 86_400_000;
const ID = "ua-741-00";
const as = callsWith();
const list = async (only: "old" | "waits" | "all"): Promise<Place[]> =>
  (
    await json<{ places: Place[] }>(
      200,
      as("anna", `${paths.deskPlaces}?case=${ID}`),
    )
  ).places.filter(
    ({ state, waits }) =>
      only === "all" || (only === "old" ? state === "old" : waits),
  );
const add = (name: string, more: object = {}) =>
  as("anna", paths.deskPlaces, "POST", {
    case: ID,
    url: `${LAB}/${name}`,
    ...more,
  });

/** Publishes a revision of the lab's case, and lets its moment come. */
async function publish(at: number): Promise<void> {
  const ledger = ledgerFor(env);
  const said = {
    note: { en: "A note" },
    kind: "update",
    notify: "none",
    editor: "anna",
  } as const;
  const command = { id: ID, case: closed[at]!.case, basedOn: at, ...said };
  const published = await ledger.publish(await confirmedBy(ledger, command));
  if ("failure" in published)
    throw new Error(JSON.stringify(published.failure));
  vi.setSystemTime(Date.parse(published.done.liveAt) + 1);
}

/**
 * Runs the cron trigger until the pages that are due at a time have been looked
 * at.
 */
async function cron(at: number): Promise<void> {
  vi.setSystemTime(at);
  for (let minute = 0; minute < 4; minute++)
    await worker.scheduled(
      createScheduledController(),
      env as Env,
      createExecutionContext(),
    );
}

// Only at the end: the Ledger keeps the clock that it began with.
afterAll(() => vi.useRealTimers());

it("A closing makes the next morning's tasks name the old pages, each with a letter in its language", async () => {
  vi.setSystemTime(Date.parse("2026-12-01T15:00:00Z"));
  await publish(0);
  await publish(1);
  const old = [
    "a-old-asks-en",
    "a-old-asks-late-es",
    "a-old-asks-last-ru",
    "a-old-asks-late-ar",
  ];
  for (const name of old)
    await json(201, add(name, { contact: "web@section.example" }));
  for (const name of [
    "a-current-en",
    "a-moved-301",
    "a-unknown-huge",
    "a-widget-script-en",
    "a-unreachable-gone",
  ])
    await json(201, add(name));
  await cron(Date.now());
  expect((await list("old")).map(({ url }) => url)).toEqual([]);

  await publish(2);
  const closedOn = Date.now();
  await cron(closedOn + 60_000);
  expect(await list("old")).toEqual([]);
  await cron(Math.ceil(closedOn / DAY_MS) * DAY_MS + 6 * 3_600_000);
  const tasks = await list("old");
  expect(tasks.map(({ url }) => url.slice(LAB.length + 1)).sort()).toEqual(
    old.toSorted(),
  );
  for (const { url, reason, olderThan, since, contact, letter } of tasks) {
    expect([reason, olderThan, since, contact]).toEqual([
      "asks",
      3,
      "2026-12-01",
      "web@section.example",
    ]);
    expect(letter).toMatchObject({ lang: url.slice(-2) });
    for (const part of [
      `\n${url}\n`,
      "UA 741/00",
      `<case-status case="${ID}"`,
      "https://casewire.test/cases/ua-741-00",
    ])
      expect(letter?.text).toContain(part);
  }
  expect(tasks.find(({ url }) => url.endsWith("es"))?.letter?.text).toContain(
    "Sigue pidiendo que se escriba.",
  );
  // Editors' webhooks and groups hear of each, once.
  const { changes } = (await ledgerFor(env).audit.proposalEvents(null, 100))!;
  expect(changes.filter(({ action }) => action === "place-old")).toHaveLength(
    4,
  );
  const counts = (await ledgerFor(env).observed()).places.map(
    ({ state, count }) => `${count} ${state}`,
  );
  expect(counts.toSorted()).toEqual([
    "1 moved",
    "1 unknown",
    "1 unreachable",
    "2 current",
    "4 old",
  ]);
});

it("A visitor's page waits for an editor, and nobody is made to read a private network", async () => {
  const tell = (form: Record<string, string>) =>
    call("POST", `${paths.places}?lang=fr`, {
      body: new URLSearchParams({ case: ID, contact: "", ...form }).toString(),
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Accept: "text/html",
      },
    });
  const told = await tell({
    url: `${LAB}/a-current-uk`,
    contact: "me@example.org",
  });
  expect([told.status, told.headers.get("Location")]).toEqual([
    303,
    "/embed?case=ua-741-00&lang=fr&ui=fr#told",
  ]);
  // Past the browser's own check, a page says in the visitor's language what to
  // do.
  for (const form of [
    { url: "https://10.0.0.1/" },
    { url: "https://intranet/page" },
    { contact: "x".repeat(201) },
  ]) {
    const refused = await tell(form);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toMatch(
      /<html lang="fr".*Indiquez l’adresse d’une page publique/s,
    );
  }
  expect((await tell({ url: `${LAB}/a-current-uk#part` })).status).toBe(303);
  expect((await tell({ case: "ua-404-00", url: `${LAB}/a` })).status).toBe(404);
  expect(await tagOf(add("", { url: "https://intranet/" }))).toBe(
    "422 invalid-case",
  );
  expect(await tagOf(add("x", { case: "ua-404-00" }))).toBe("404 unknown-case");
  const [waiting, ...others] = await list("waits");
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({
    url: `${LAB}/a-current-uk`,
    origin: "partner",
    waits: true,
    state: null,
  });
  await json(201, add("a-current-uk", { contact: "me@example.org" }));
  expect(await list("waits")).toEqual([]);
  await json(204, as("anna", `${paths.deskPlaces}/${waiting!.id}`, "DELETE"));
  expect(
    await tagOf(as("anna", `${paths.deskPlaces}/${waiting!.id}`, "DELETE")),
  ).toBe("404 unknown-place");
});

it("Each kind of erasure looks at the known pages once, and keeps the page and the day, not the words", async () => {
  vi.setSystemTime(Date.parse("2026-12-10T15:00:00Z"));
  for (const name of ["a-unknown-life-es", "a-unknown-summary"])
    await json(201, add(name, { note: "Mirela's school" }));
  await cron(Date.now());
  const erase = async (basedOn: number, ...erase: Erase[]) => {
    const send = (path: string, seen?: string) =>
      as(
        "anna",
        path.replace("{id}", ID),
        "POST",
        { erase, ...(seen && { seen }) },
        { "If-Match": `"${basedOn}"` },
      );
    const { seen } = await json(200, send(paths.deskErasurePreview));
    await json(201, send(paths.deskErasure, seen));
  };
  const withdraw = () =>
    json(
      200,
      as("anna", `/v1/cases/${ID}?reason=consent`, "DELETE", undefined, {
        "If-Match": '"5"',
      }),
    );
  const named =
    "current-en old-asks-en old-asks-last-ru old-asks-late-ar old-asks-late-es unknown-life-es widget-script-en".split(
      " ",
    );
  const sentence = closed[2]!.case.summary.en as string;
  const erasures: [
    date: string,
    erase: () => Promise<unknown>,
    pages: string[],
  ][] = [
    [
      "2026-12-11",
      () => erase(3, { what: "sentence", sentence }),
      ["unknown-summary"],
    ],
    [
      "2026-12-12",
      () => erase(4, { what: "person", person: "mirela-fantova" }),
      named,
    ],
    ["2026-12-13", withdraw, ["old-asks-en"]],
  ];
  for (const [date, carryOut, pages] of erasures) {
    vi.setSystemTime(Date.parse(`${date}T15:00:00Z`));
    await carryOut();
    vi.setSystemTime(Date.parse(`${date}T15:01:00Z`));
    const found = async () =>
      (await list("old")).filter(({ since }) => since === date);
    await expect
      .poll(async () =>
        (await found()).map(({ url }) => url.slice(LAB.length + 3)).sort(),
      )
      .toEqual(pages);
    for (const one of await found())
      expect(one).toMatchObject({ reason: "erased", note: null });
    expect(JSON.stringify(await found())).not.toMatch(
      /Mirela|Demoland, a country/,
    );
  }
});
