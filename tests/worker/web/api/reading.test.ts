/**
 * What readers are told: the record, the view, the list, the history and the
 * signed log.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { addresses, paths } from "../../../../shared/addresses.ts";
import type { Revision } from "../../../../shared/revision.ts";
import { dateIn } from "../../../../shared/view/date.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import { signedViewIn } from "../../../../widget/signed-view.ts";
import { contract } from "../../../../worker/editing/contract/contract.ts";
import {
  tileBytes,
  tilePath,
} from "../../../../worker/editing/contract/log-entry.ts";
import type { Route } from "../../../../worker/editing/contract/route.ts";
import { readsFor } from "../../../../worker/reads/reads.ts";
import { copyLog } from "../../../../worker/tools/cli/log-copy.ts";
import { app } from "../../../../worker/web/app.ts";
import { ahead } from "../../../support/next-year.ts";
import { backdate } from "../../backdate.ts";
import {
  call,
  origin,
  publication,
  publishThreeCases,
  put,
} from "./three-cases.ts";

beforeAll(publishThreeCases);

const read = async (path: string) => (await (await call(path)).json()) as any;

it("The signed log is read whole by its public key, in tiles that never change", async () => {
  const text = async (path: string) => (await call(path)).text();
  const log = await copyLog({
    key: () => text(paths.logKey),
    checkpoint: () => text(paths.logCheckpoint),
    async bundle(tile) {
      const answer = await call(
        paths.logTile.replace("{tilePath}", tilePath(tile)),
      );
      expect(answer.headers.get("Content-Type")).toBe(
        "application/octet-stream",
      );
      expect(answer.headers.get("Cache-Control")).toBe(
        "public, max-age=31536000, immutable",
      );
      return new Uint8Array(await answer.arrayBuffer());
    },
  });
  expect(log.checkpoint.origin).toBe("casewire.test/v1/log");
  const { revisions } = await (await call("/v1/cases/ua-1-00/revisions")).json<{
    revisions: Revision[];
  }>();
  expect(
    log.entries
      .filter((entry) => entry.case === "ua-1-00")
      .map(({ hash }) => hash),
  ).toEqual(revisions.map(({ hash }) => hash).toReversed());
  const encoded = await call(
    `/v1/log/tile/${encodeURIComponent(`0/000.p/${log.tree.size}`)}`,
  );
  expect(new Uint8Array(await encoded.arrayBuffer())).toEqual(
    tileBytes(log.tree.tile(0, 0)),
  );
  expect((await call(`/v1/log/tile/0/000.p/${log.tree.size + 1}`)).status).toBe(
    404,
  );
});

it("The signed log has a key that also signs views, each with its age and its end, for half a day the same", async () => {
  const key = (await (await call(paths.logKey)).text()).trim();
  const answer = await call("/v1/cases/ua-1-00/signed-view?lang=ar");
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([
    200,
    "text/plain; charset=utf-8",
  ]);
  const note = await answer.text();
  const { made, expires, view } = (await signedViewIn(note, {
    key,
    id: "ua-1-00",
    lang: "ar",
  }))!;
  const live: PresentView = await (
    await call("/v1/cases/ua-1-00/view?lang=ar")
  ).json();
  const day = dateIn("ar", made.slice(0, 10));
  expect(view).toEqual({
    ...live,
    words: { ...live.words, offline: `نسخة من موقع مرآة بتاريخ ${day}.` },
  });
  expect(Date.parse(made)).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(made)).toBeGreaterThanOrEqual(
    Date.parse(live.revision.liveAt),
  );
  expect(Date.parse(expires) - Date.parse(made)).toBe(7 * 86_400_000);
  expect(
    await (await call("/v1/cases/ua-1-00/signed-view?lang=ar")).text(),
  ).toBe(note);
  expect((await call("/v1/cases/ua-9-99/signed-view")).status).toBe(404);
  expect((await call("/v1/cases/ua-1-00/signed-view?language=ar")).status).toBe(
    400,
  );
});

it("The signed log is not served without its key, and nothing else changes", async () => {
  const without = { ...env, LOG_KEY: "" };
  const signed = "/v1/cases/ua-1-00/signed-view";
  for (const path of [
    paths.logKey,
    paths.logCheckpoint,
    "/v1/log/tile/0/000.p/1",
    signed,
  ]) {
    const answer = await app.request(origin + path, {}, without);
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { type: "urn:casewire:problem:no-log" },
    ]);
  }
  expect(
    (await app.request(`${origin}/v1/cases/ua-1-00`, {}, without)).status,
  ).toBe(200);
});

describe("The record, the view, the list and the history", () => {
  it("give the history in pages", async () => {
    const first = await call("/v1/cases/ua-1-00/revisions?limit=1");
    expect(((await first.json()) as any).revisions).toMatchObject([
      { number: 2 },
    ]);
    const [, next = ""] =
      /^<https:\/\/[^/]+([^>]+)>; rel="next"$/.exec(
        first.headers.get("Link") ?? "",
      ) ?? [];
    expect(next).toBe("/v1/cases/ua-1-00/revisions?limit=1&cursor=2");
    const second = await call(next);
    expect(((await second.json()) as any).revisions).toMatchObject([
      { number: 1 },
    ]);
    expect(second.headers.get("Link")).toBeNull();
    const page = await (await call("/cases/ua-1-00?cursor=2")).text();
    expect(page).toContain("First version");
    expect(page).not.toContain('<span class="tag">');
  });

  it("are kept for addresses, with their headers in memory, but not for made-up numbers of a history", async () => {
    const { bodies } = readsFor(env);
    const isKept = async (path: string) => {
      await (await call(path)).text();
      return bodies.at(origin + path, Date.now()) !== null;
    };
    for (const path of ["/v1/cases/ua-1-00/revisions", "/cases/ua-1-00"])
      expect([
        await isKept(`${path}?cursor=2`),
        await isKept(`${path}?cursor=3`),
      ]).toEqual([true, false]);
    const path = "/v1/cases/ua-3-00/view?lang=tr";
    const content = await (await call(path)).arrayBuffer();
    expect(bodies.at(origin + path, Date.now())?.bytes).toBeGreaterThan(
      content.byteLength + 5_000,
    );
  });

  it("carry a finished refusal for the widget", async () => {
    const withdrawn = {
      state: "withdrawn",
      lang: "ar",
      dir: "rtl",
      revision: { number: 2 },
    };
    expect(await read("/v1/cases/ua-2-00/view?lang=ar")).toMatchObject({
      status: 410,
      view: withdrawn,
    });
    expect(await read("/v1/cases/ua-9-99/view")).toMatchObject({
      status: 404,
      view: { state: "unknown" },
    });
  });

  it("can be searched by folded name and number, and a name that is near is offered", async () => {
    const ids = async (query: string) =>
      (await read(`/v1/cases${query}`)).cases.map(({ id }: any) => id).sort();
    for (const all of ["", "?q=inventid%20wan"])
      expect(await ids(all)).toEqual(["ua-1-00", "ua-3-00"]);
    for (const spelt of ["3/00", "UA3/00", "3.00", "ua-3-00", "3/2000"])
      expect(await ids(`?q=${spelt}`)).toEqual(["ua-3-00"]);
    for (const other of [
      "nobody",
      "33/00",
      "3/0",
      "0/00",
      "i",
      "👍",
      ".*",
      "%25",
    ])
      expect(await ids(`?q=${other}`)).toEqual([]);
    const offered = {
      name: "Invented Person One",
      id: "ua-3-00",
      number: "UA 3/00",
    };
    expect(await read("/v1/cases?q=Inventet%20Persn")).toMatchObject({
      cases: [],
      didYouMean: [offered, {}],
    });
    const page = await (await call("/?q=Inventet%20Persn&lang=en")).text();
    expect(page).toMatch(
      /Did you mean:.*href="\/cases\/ua-3-00\?lang=en"><bdi>Invented Person One<\/bdi>/s,
    );
  });
});

it("No public answer tells of what is pending, in its text, its counts, its cursor or its ETag", async () => {
  const read = Object.values<Route>(contract)
    .filter(
      ({ method, access, keep }) =>
        method === "GET" && !access && keep === "lease",
    )
    .map(
      ({ path }) =>
        origin +
        path.replace("{id}", "ua-3-00").replace(/\{(number|part)\}/, "1"),
    );
  const answers = () => {
    // An isolate without a copy of anything.
    const fresh = {
      ...env,
      LEDGER: { getByName: () => env.LEDGER.getByName("ledger") },
    };
    return Promise.all(
      read.map(async (address) => {
        const answer = await app.request(address, {}, fresh);
        const [etag, link] = ["ETag", "Link"].map((name) =>
          answer.headers.get(name),
        );
        return {
          address,
          etag,
          link,
          status: answer.status,
          body: (await answer.bytes()).toString(),
        };
      }),
    );
  };
  const before = await answers();
  expect(before.length).toBeGreaterThan(20);
  const [head, none] = [{ "If-Match": '"2"' }, { "If-None-Match": "*" }];
  expect(
    (await put("ua-3-00", head, publication(3, { liveAt: ahead }))).status,
  ).toBe(201);
  expect(
    (await put("ua-5-00", none, publication(5, { liveAt: ahead }))).status,
  ).toBe(201);
  expect(await answers()).toEqual(before);
});

it("An address without a language has that of the case, also when the case has another one now and that was asked for before", async () => {
  const id = "ua-4-00";
  const surfaces = [
    addresses.page(id),
    addresses.embed(id),
    addresses.badge(id),
    addresses.feed("json", id),
  ];
  const headersOf = async (query: string, name: string) => {
    const answers = await Promise.all(
      surfaces.map((path) => call(path + query)),
    );
    await Promise.all(answers.map((answer) => answer.text()));
    return answers.map(({ headers }) => headers.get(name));
  };
  const all = (language: string) => surfaces.map(() => language);
  const bilingual = JSON.parse(JSON.stringify(publication(4)), (_, value) =>
    typeof value?.en === "string" ? { uk: value.en, ...value } : value,
  );
  expect((await put(id, { "If-None-Match": "*" }, bilingual)).status).toBe(201);
  await backdate();
  await expect.poll(() => headersOf("", "ETag")).not.toContain(null);
  expect(await headersOf("", "Content-Language")).toEqual(all("en"));
  const first = await headersOf("?lang=en", "ETag");
  bilingual.case.language = "uk";
  expect((await put(id, { "If-Match": '"1"' }, bilingual)).status).toBe(201);
  await backdate();
  await expect
    .poll(async () =>
      (await headersOf("?lang=en", "ETag")).filter((etag) =>
        first.includes(etag),
      ),
    )
    .toEqual([]);
  expect(await headersOf("", "Content-Language")).toEqual(all("uk"));
});
