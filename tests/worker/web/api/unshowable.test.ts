/** A case whose stored content is invalid, on every surface. */

import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { caseMessage } from "../../../../bot/message.ts";
import { addresses, paths } from "../../../../shared/addresses.ts";
import { message } from "../../../../shared/messages.ts";
import { readsFor } from "../../../../worker/reads/reads.ts";
import { refusalViewOf } from "../../../../worker/reads/state.ts";
import { profile } from "../../../support/profile.ts";
import { backdate } from "../../backdate.ts";
import { sql } from "./people.ts";
import { call, origin, publication, put, TOKEN } from "./three-cases.ts";

const [SOUND, BAD] = ["ua-1-00", "ua-2-00"] as const;
const TITLE = message("en", "view.unshowable.title");

const json = async (path: string, headers: Record<string, string> = {}) =>
  (await (await call(path, { headers })).json()) as any;

const logged: string[] = [];
console.error = (...words: unknown[]) =>
  void logged.push(
    words
      .map((word) => (typeof word === "string" ? word : JSON.stringify(word)))
      .join(" "),
  );

beforeAll(async () => {
  for (const [at, id] of [SOUND, BAD].entries())
    expect(
      (await put(id, { "If-None-Match": "*" }, publication(at + 1))).status,
    ).toBe(201);
  await backdate();
  // Deleting a required list is what an older backup or a faulty upgrade would
  // do.
  await sql(
    "UPDATE revisions SET content = json_remove(content, '$.people') WHERE case_id = ?",
    BAD,
  );
});

describe("A case that can't be shown", () => {
  it.each([
    ["the record", addresses.case(BAD), "application/problem+json"],
    ["a revision", addresses.revision(BAD, 1), "application/problem+json"],
    ["the view", addresses.view(BAD, "en"), "application/problem+json"],
    [
      "oEmbed",
      `${paths.oembed}?url=${origin}${addresses.page(BAD)}`,
      "application/problem+json",
    ],
    ["the page", addresses.page(BAD), "text/html"],
    ["a revision's page", addresses.revisionPage(BAD, 1), "text/html"],
    ["the frame", addresses.embed(BAD), "text/html"],
    ["the badge", addresses.badge(BAD), "image/svg+xml"],
  ])(
    "is 503 with its number and without its words, and no cache keeps it: %s",
    async (_, path, type) => {
      const response = await call(path);
      const body = await response.text();
      expect([response.status, response.headers.get("Content-Type")]).toEqual([
        503,
        expect.stringContaining(type),
      ]);
      expect(response.headers.get("Cloudflare-CDN-Cache-Control")).toBe(
        "no-store",
      );
      expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
      expect(body).not.toMatch(/Invented|Demoland/);
      if (type === "application/problem+json")
        expect(JSON.parse(body)).toMatchObject({
          type: "urn:casewire:problem:unshowable",
          number: 1,
          id: BAD,
        });
      else {
        expect(body).toContain("UA 2/00");
        expect(body).toContain(TITLE);
      }
    },
  );

  it("has a view in every language, which the widget, the socket and the bot show", async () => {
    const { value: state } = await readsFor(env).leasedCase(BAD);
    if (state.state !== "unshowable") throw new Error(state.state);
    for (const lang of profile.languages) {
      const { view } = await json(addresses.view(BAD, lang));
      expect(view).toEqual(refusalViewOf(BAD, state, lang, profile));
      expect(view).toMatchObject({
        state: "unshowable",
        number: "UA 2/00",
        revision: { number: 1 },
      });
      const sent = caseMessage(view, true, { publicUrl: origin, profile });
      expect(sent.text).toContain(message(lang, "view.unshowable.text"));
      expect(sent.text).toContain("UA 2/00");
    }
    const { webSocket } = await call(addresses.live(BAD, "en", 0), {
      headers: { Upgrade: "websocket" },
    });
    const pushed = new Promise<string>((resolve) => {
      webSocket!.addEventListener("message", ({ data }) =>
        resolve(String(data)),
      );
    });
    webSocket!.accept();
    expect(JSON.parse(await pushed)).toMatchObject({
      state: "unshowable",
      title: { text: TITLE },
    });
    webSocket!.close();
  });

  it("keeps its number in lists, which show every other case", async () => {
    const list = await json(paths.cases);
    expect(list.cases.map(({ id }: { id: string }) => id)).toEqual([SOUND]);
    expect(list.unshowable).toEqual([{ id: BAD, number: "UA 2/00" }]);
    expect((await json(`${paths.cases}?q=2/00`)).unshowable).toHaveLength(1);
    for (const query of ["q=1/00", "q=Invented", "action=active"])
      expect(await json(`${paths.cases}?${query}`)).not.toHaveProperty(
        "unshowable",
      );
    const front = await call(paths.front);
    const page = await front.text();
    expect(front.status).toBe(200);
    expect(page).toContain("Invented case 1");
    expect(page).toContain(
      `${TITLE}: <a href="${addresses.page(BAD, "en")}">UA 2/00</a>`,
    );
    expect(page).not.toContain("Invented case 2");
    for (const path of [
      addresses.feed("atom"),
      addresses.feed("json", BAD),
      addresses.embedGuide(),
    ]) {
      const response = await call(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).not.toContain("Invented case 2");
    }
  });

  it("is counted by /healthz for editors, and logged by id without its words", async () => {
    expect(await json(paths.health, TOKEN)).toMatchObject({
      ok: true,
      unshowable: 1,
    });
    expect(await json(paths.health)).not.toHaveProperty("unshowable");
    expect(
      logged
        .filter((line) => line.includes(BAD))
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        level: "error",
        part: "Ledger",
        message: `Ledger: ${BAD} revision 1 cannot be shown: its stored content is invalid at people`,
        case: BAD,
        revision: 1,
      },
    ]);
  });

  it("stands in the desk's list, and editors are told what they can do: publish again, or withdraw", async () => {
    const { cases } = await json(paths.deskCases, TOKEN);
    expect(cases.find(({ id }: { id: string }) => id === BAD)).toMatchObject({
      state: "present",
      title: null,
    });
    expect(await json(addresses.deskCase(BAD), TOKEN)).toMatchObject({
      type: "urn:casewire:problem:unshowable",
      remedy: expect.stringContaining("withdraw"),
    });
    expect((await put(BAD, { "If-Match": '"1"' }, publication(2))).status).toBe(
      201,
    );
    const withdrawn = await call(`${addresses.case(BAD)}?reason=mistake`, {
      method: "DELETE",
      headers: { ...TOKEN, "If-Match": '"2"' },
    });
    expect(withdrawn.status).toBe(200);
  });
});
