/**
 * A second, invented newsroom on the same bundle: it publishes, is read,
 * followed and embedded, imports nothing and is backed up, and no answer in any
 * language has a word of the newsroom of Urgent Actions.
 */
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addresses, addressOf, paths } from "../../shared/addresses.ts";
import { Case } from "../../shared/case/schema.ts";
import { locales, localeTags } from "../../shared/locale.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { ApiError } from "../../worker/editing/contract/client.ts";
import caseFile from "../../worker/tools/local/cases/dpw-2026-14.json" with {
  type: "json",
};
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { pressWatch, profile as urgentActions } from "../support/profile.ts";
import {
  type StandInProcess,
  spawnStandIn,
} from "../support/stand-in-process.ts";
import { everyAnswer } from "./every-answer.ts";

const first = v.parse(Case, caseFile);
const { id } = first;
const NUMBER = "DPW-2026-014";
const PROFILE = { PROFILE: "demoland-press-watch" };

/**
 * Words of the other newsroom in every language, and its series where it isn't
 * the code of a country or a language's territory.
 */
const foreign = [
  /amnest|amnist|амнест|أمنستي/iu,
  new RegExp(
    urgentActions.series
      .flatMap(({ label }) =>
        Object.values(label).map((words) => words.split(/[:(]/)[0]?.trim()),
      )
      .join("|"),
    "iu",
  ),
  /\bUA\b(?!-\d)/u,
];

function expectOwn(text: string, about: string): void {
  for (const words of foreign)
    expect(text.match(words)?.[0], `${about} has ${words}`).toBeUndefined();
}

let worker: TestWorker;
let telegram: StandInProcess;

beforeAll(async () => {
  worker = await startWorker({ env: PROFILE });
  telegram = await spawnStandIn(worker);
  await worker.untilLive(await worker.publish(first));
});
afterAll(async () => {
  await telegram?.close();
  await worker?.close();
});

const read = async (path: string) => (await fetch(worker.url + path)).text();
const viewIn = async (lang: string): Promise<PresentView> =>
  JSON.parse(await read(addresses.view(id, lang)));

describe("A case of the press-freedom newsroom", () => {
  it("has the profile's number, designations, custody and proceedings in each language", async () => {
    for (const lang of pressWatch.languages) {
      const view = await viewIn(lang);
      expect(view).toMatchObject({
        lang,
        number: NUMBER,
        issuer: "Demoland Press Watch",
        sources: { list: [] },
      });
      const said = JSON.stringify(view.people).toLowerCase();
      for (const list of ["custody", "proceedings"] as const)
        expect(said).toContain(pressWatch[list][0]?.label[lang]?.toLowerCase());
    }
    // The person's pronouns choose the form.
    expect(JSON.stringify((await viewIn("uk")).people)).toMatch(
      /Журналістка .*Працівник медіа/,
    );
  });

  it("is found by its number, however it is typed, and at other spellings of its address", async () => {
    const found = async (q: string) =>
      JSON.parse(await read(addressOf(paths.cases, { q }))).cases.length;
    for (const q of [
      "dpw-2026-014",
      "DPW 2026 14",
      "26-14",
      "٢٠٢٦/١٤",
      "Reporter",
    ])
      expect(await found(q), q).toBe(1);
    for (const q of ["14/26", "UA 14/26"]) expect(await found(q), q).toBe(0);
    const moved = await fetch(`${worker.url}/cases/DPW-2026-014`, {
      redirect: "manual",
    });
    expect([moved.status, moved.headers.get("Location")]).toEqual([
      301,
      addresses.page(id),
    ]);
  });

  it("must keep to the newsroom's series and words", async () => {
    const issues = async (fields: Case) => {
      const refused = await worker
        .publish(fields)
        .catch((error) => error as ApiError);
      if (!(refused instanceof ApiError)) throw new Error("it was published");
      expectOwn(JSON.stringify(refused.problem), "a refusal");
      return (
        (refused.problem.issues ?? []) as { pointer: string; message: string }[]
      ).map(({ pointer, message }) => `${pointer} ${message}`);
    };
    expect(await issues(inventedCase(1))).toContain(
      "/case/number/series must be one of DPW",
    );
    expect(await issues({ ...first, id: "dpw-26-14" })).toEqual([
      "/case/id must be dpw-2026-14, as the number says",
    ]);
    const designations = [
      { ...first.people[0]?.designations[0], value: "prisoner-of-conscience" },
    ];
    const people = [{ ...first.people[0], designations }] as Case["people"];
    expect(await issues({ ...first, people })).toEqual([
      "/case/people/0/designations/0/value must be one of journalist, media-worker",
    ]);
  });

  it("fits the published schema, which lists the newsroom's own codes", async () => {
    const ajv = new Ajv2020({ strict: false });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    const validate = ajv.compile(JSON.parse(await read(paths.caseSchema)));
    expect(validate(caseFile), JSON.stringify(validate.errors)).toBe(true);
    expect(
      validate({ ...caseFile, number: { ...caseFile.number, series: "UA" } }),
    ).toBe(false);
    expect(
      validate({
        ...caseFile,
        documents: [{ id: "one", kind: "initial", lang: "en" }],
      }),
    ).toBe(false);
  });

  it("is followed in Telegram in every language, with the newsroom's own safety text", async () => {
    const chats = await Promise.all(
      pressWatch.languages.map(async (lang, index) => {
        const chat = telegram.chat(8_301_900 + index, lang);
        for (const words of [
          "/start",
          "/help",
          "/privacy",
          "/case",
          "/follow",
          "/act",
          "/cases",
          "DPW 2026 14",
        ])
          await chat.ask(words);
        await chat.ask(`/follow ${NUMBER}`);
        const warning = (await chat.messages()).at(-1);
        expect(warning?.text).toContain(pressWatch.bot?.safety[0]?.text[lang]);
        const [understood] = warning?.keyboard[0] ?? [];
        await chat.press(understood?.text ?? "");
        await expect
          .poll(async () => (await chat.messages()).at(-1)?.text)
          .not.toBe(warning?.text);
        await chat.ask(`/act ${NUMBER}`);
        return { lang, chat };
      }),
    );
    await chats[0]?.chat.ask("/start");
    await expect
      .poll(async () => (await chats[0]?.chat.messages())?.at(-1)?.text)
      .toMatch(/^Demoland Press Watch\n/);
    // A language that isn't offered behaves like one that Casewire doesn't
    // speak.
    const menu = await chats[0]?.chat.ask(`/language ${locales.tr.name}`);
    expect(menu?.keyboard.flat().map(({ text }) => text)).toEqual(
      pressWatch.languages.map((tag) => locales[tag].name),
    );

    const update = { ...first, asOf: { date: "2026-11-03" } };
    const published = await worker.publish(update, {
      notify: "loud",
      note: { en: "The border is still closed." },
    });
    await worker.untilLive(published);
    for (const { lang, chat } of chats) {
      const all = await chat.until((messages) =>
        messages.some(({ text }) =>
          text.includes("The border is still closed."),
        ),
      );
      for (const message of all)
        expectOwn(JSON.stringify(message), `a message in ${lang}`);
      expect(all.at(-1)?.text).toContain(NUMBER);
    }
  });

  it("comes from a newsroom whose documents have no known layout, so they open and fill nothing", async () => {
    const { editor } = worker;
    const read = await editor.readDocument({
      body: "Demo Alfa is held.\nUA 1/20",
      type: "text/plain",
    });
    expect(read).toMatchObject({
      case: {},
      warnings: [{ tag: "unknown-layout" }],
      text: "Demo Alfa is held.\nUA 1/20",
    });
    expectOwn(
      JSON.stringify({ ...read, text: "", sentences: [] }),
      "the reading",
    );
    expect((await editor.readMe()).profile.imports).toEqual([]);
  });
});

describe("No word of the other newsroom", () => {
  it("is in any answer of any route, in any language", async () => {
    const texts = await everyAnswer(worker, "editors", [id, "dpw-2026-99"]);
    for (const [address, text] of texts) expectOwn(text, address);
    expect(texts.size).toBeGreaterThan(200);
  });

  it("is on the desk, in its scripts or in its words", async () => {
    const desk = await read(paths.desk);
    expect(desk).toContain("<title>Demoland Press Watch</title>");
    const files = [...desk.matchAll(/(?:href|src)="(\/desk@[^"]+)"/g)].map(
      ([, path]) => path as string,
    );
    expect(files.length).toBeGreaterThan(localeTags.length);
    expect(files.some((path) => path.endsWith(".js"))).toBe(true);
    // The scripts have UA as the code of a country only.
    for (const path of files)
      expectOwn((await read(path)).replaceAll(/\bUA(?=:`)|`UA`/g, ""), path);
  });

  it("is on a frame, a badge, a snippet or a page about what went wrong, which show the newsroom's name", async () => {
    for (const lang of pressWatch.languages) {
      const guide = await read(addresses.embedGuide(id, lang));
      const page = await read(addresses.page(id, lang));
      const badge = await read(addresses.badge(id, lang));
      for (const text of [guide, page, badge])
        expect(text).toContain("Demoland Press Watch");
      const switcher = [...page.matchAll(/hreflang="(\w+)"[^>]*lang="/g)].map(
        ([, tag]) => tag,
      );
      expect(switcher).toEqual([...pressWatch.languages]);
      expect(page).toContain(pressWatch.newsroom.imprint[lang]);
      for (const variant of ["card", "compact", "timeline"] as const)
        expectOwn(
          await read(addresses.embed(id, lang, { variant })),
          `the ${variant} in ${lang}`,
        );
      expectOwn(await read(`/nothing?lang=${lang}`), `no such page in ${lang}`);
    }
    const turkish = await read(addresses.page(id, "tr"));
    expect(turkish).toMatch(
      /<html lang="en"[\s\S]*not available in this language yet/,
    );
  });
});
