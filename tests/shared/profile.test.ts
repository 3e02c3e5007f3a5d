/**
 * The file that describes a newsroom: what it must have, and how a fault in it
 * is reported.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import { checkProfile } from "../../shared/profile/check.ts";
import { profileFaults } from "../../shared/profile/faults.ts";
import { documentLabel, statusLabel } from "../../shared/profile/labels.ts";
import {
  caseIdAt,
  caseIdIn,
  caseIdOf,
  numberOf,
  printNumber,
  typedIdsIn,
} from "../../shared/profile/numbers.ts";
import { viewCase } from "../../shared/view/view.ts";
import { readProfile } from "../../worker/runtime/profiles/profiles.ts";
import { firstCasesOf } from "../../worker/tools/local/first-cases.ts";
import { inventedCase } from "../support/invented.ts";
import { pressWatch, profile } from "../support/profile.ts";
import { root } from "../support/root.ts";
import { first } from "./cases.ts";
import { without } from "./facts.ts";

const FILE = "worker/runtime/profiles/invented.json";
const file = JSON.parse(
  readFileSync(
    join(root, "worker/runtime/profiles/demoland-press-watch.json"),
    "utf8",
  ),
);
const faultsOf = (content: unknown): string[] => {
  const read = checkProfile(content, FILE);
  return "faults" in read ? read.faults : [];
};

describe("A profile with a fault", () => {
  const labelled = (value: string) => [
    { value, label: file.designations[0].label },
  ];
  const reading = {
    layout: "urgent-actions",
    issuers: [{ name: "Demo Group", words: ["demo group"] }],
  };
  const reference = {
    label: file.documents.unspecified,
    pattern: "\\d+",
    example: "x",
  };
  const GENDERS =
    "must choose by {gender, select, he {...} she {...} other {...}}";
  it.each<[string, unknown, string]>([
    ["/newsroom/name", undefined, "is required: add it"],
    ["/newsroom/name", "", "must not be empty"],
    ["/newsroom/url", "press-watch.invalid", "must be a web address"],
    [
      "/newsroom/contact",
      "desk@press-watch.invalid",
      "must be a mailto: or https: address",
    ],
    ["/newsroom/fax", "1234", "is not a known field: remove it"],
    [
      "/newsroom/imprint/ar",
      undefined,
      "/newsroom/imprint must have a text in each language: add ar",
    ],
    ["/languages", [], "must name at least one language"],
    ["/languages", ["en", "en"], "must name each language once"],
    [
      "/languages",
      ["tlh"],
      `/languages/0 must be one of ${localeTags.join(", ")}: the languages of shared/locale.ts`,
    ],
    [
      "/defaultLanguage",
      "tr",
      "must be one of the languages: en, uk, ru, es, fr, ar",
    ],
    ["/series", [], "must have at least one series"],
    ["/series/0/code", "dpw", "must be 1 to 12 capital letters or digits"],
    ["/series/0/id", "dpw-{year}", "must contain {number} once"],
    [
      "/series/0/id",
      "{year}-{number}",
      "must be lower-case words and tokens joined by hyphens, and begin with a word: ua-{number}-{yy}",
    ],
    [
      "/series/0/id",
      "dpw-{year}{number}",
      "must have a sign between its tokens",
    ],
    [
      "/series/0/id",
      "dpw-{year}-{number:3}",
      "must have {number} without a width",
    ],
    [
      "/series/0/id",
      "dpw-{number}",
      "must have {year}, because the printed number has it",
    ],
    [
      "/series/0/print",
      "DPW-{jahr}-{number}",
      "must have no tokens but {number}, {number:3} (padded), {year} and {yy}",
    ],
    [
      "/series/0/print",
      "DPW {number}",
      "must have {yy} or {year}, because the id has a year",
    ],
    ["/series/0/example", "fourteen", "must be a number as readers type it"],
    ["/series/1", file.series[0], "/series must have a different code each"],
    [
      "/designations/0/value",
      "Journalist",
      "must be lower-case words or digits joined by hyphens, such as media-worker",
    ],
    [
      "/custody",
      [...labelled("one"), ...labelled("one")],
      "must have a different value each",
    ],
    [
      "/designations/0/label/en",
      "{name}",
      "must have no placeholder but {gender}: remove {name}",
    ],
    [
      "/designations/0/label/en",
      "{gender, select, he {a}}",
      "must be an ICU message: missing other clause",
    ],
    [
      "/designations/0/label/en",
      "{gender, select, male {a} female {b} other {c}}",
      GENDERS,
    ],
    [
      "/custody/0/value",
      "released",
      "must not be released, which is a common word already",
    ],
    [
      "/series/1",
      { ...file.series[0], code: "DPX", id: "dpx-{year}-{number}" },
      "/series/1/print must differ from the printed numbers of the other series",
    ],
    [
      "/series/0/id",
      "the-press-freedom-cases-of-demoland-{year}-{number}",
      "must make ids of at most 40 characters with a number of six digits, not 47",
    ],
    ["/newsroom/name", "\u3164", "must contain a character that prints"],
    [
      "/newsroom/name",
      "Press\u202eWatch",
      "must not contain control characters",
    ],
    [
      "/rights/text/en",
      "By {name}",
      "must have no placeholder but {issuer}: remove {name}",
    ],
    [
      "/documents/reference",
      { ...reference, pattern: "[" },
      "/documents/reference/pattern must be a regular expression",
    ],
    [
      "/documents/reference",
      reference,
      "/documents/reference/example must match the pattern",
    ],
    [
      "/imports",
      [{ ...reading, layout: "letters" }],
      "/imports/0/layout must be one of urgent-actions",
    ],
    [
      "/imports",
      [{ ...reading, issuers: [] }],
      "/imports/0/issuers must name at least one issuer",
    ],
    [
      "/imports",
      [reading],
      "/series must have the series UA, because imports names urgent-actions",
    ],
    [
      "/bot/safety/0/countries/0",
      "Demoland",
      "must be an ISO 3166-1 country code such as RU",
    ],
    [
      "/bot/safety",
      Array.from({ length: 21 }, () => file.bot.safety[0]),
      "must have at most 900 characters in en, not 1846",
    ],
  ])(
    "at %s of %j names the file, the field and the remedy",
    (pointer, value, fault) => {
      const faults = faultsOf(without(file, pointer, value));
      expect(faults.join("\n")).toContain(
        `${FILE}: ${fault.startsWith("/") ? "" : `${pointer} `}${fault}`,
      );
      for (const line of faults)
        expect(line).toMatch(
          /^worker\/runtime\/profiles\/invented\.json: .* \(docs\/profile\.md\)$/,
        );
    },
  );

  it("or that is no object, or isn't listed, is named too", () => {
    for (const content of [null, [], "text"])
      expect(faultsOf(content)[0]).toContain(`${FILE}: the file must be`);
    expect(readProfile("no-such-newsroom")).toEqual({
      faults: [
        expect.stringMatching(
          /^PROFILE must be one of .*demoland-press-watch.* not "no-such-newsroom": put its file into/,
        ),
      ],
    });
  });

  it("has none in the profiles of the project, with or without a bot", () => {
    expect(faultsOf(file)).toEqual([]);
    expect(faultsOf(without(file, "/bot"))).toEqual([]);
  });
});

it("The first cases of a local run are those of its newsroom", async () => {
  const idsOf = async (of: typeof profile) =>
    (await firstCasesOf(of)).map(({ id }) => id);
  expect(await idsOf(profile)).toEqual(["ua-0-00", "ua-126-19"]);
  expect(await firstCasesOf(pressWatch)).toEqual([
    { id: "dpw-2026-14", number: "DPW-2026-014" },
  ]);
  expect(await idsOf({ ...pressWatch, designations: [] })).toEqual([]);
});

describe("Case numbers", () => {
  it("are printed, made into ids and read from ids as their series says", () => {
    for (const [series, number, year, id, printed, of] of [
      ["DPW", 14, 2026, "dpw-2026-14", "DPW-2026-014", pressWatch],
      ["UA", 126, 2019, "ua-126-19", "UA 126/19", profile],
      ["EXTRA", 5, 2007, "extra-5-07", "EXTRA 5/07", profile],
    ] as const) {
      expect(printNumber({ series, number, year }, of)).toBe(printed);
      expect(caseIdOf({ series, number, year }, of)).toBe(id);
      expect(numberOf(id, of)).toBe(printed);
    }
  });

  it("of a series that has left the profile still show", () => {
    expect(numberOf("ua-126-19", pressWatch)).toBe("ua-126-19");
    expect(
      printNumber({ series: "UA", number: 126, year: 2019 }, pressWatch),
    ).toBe("UA 126/2019");
  });

  it("may have no year", () => {
    const plain = {
      series: [
        { ...pressWatch.series[0]!, id: "dpw-{number}", print: "DPW {number}" },
      ],
    };
    expect(caseIdOf({ series: "DPW", number: 7 }, plain)).toBe("dpw-7");
    expect(numberOf("dpw-7", plain)).toBe("DPW 7");
    expect(typedIdsIn("dpw 7", plain)).toEqual(["dpw-7"]);
    // A number alone could be anything.
    expect(typedIdsIn("7", plain)).toBeNull();
    const dated = { number: { series: "DPW", number: 7, year: 2026 } };
    const message = "must be left out: numbers of this series have no year";
    expect(profileFaults(dated, { ...pressWatch, ...plain })).toEqual([
      { path: ["number", "year"], message },
    ]);
  });

  it.each([
    ["ncw-{number}", "NCW/{number:4}", "NCW/0042"],
    ["ncw-{number}", "№ {number} NCW", "№ 42 NCW"],
    ["ncw-{number}-{yy}", "File {number} of {year}", "File 42 of 2026"],
    ["ncw-{year}-{number}", "Справа {number} за {year}", "Справа 42 за 2026"],
  ])(
    "with the id %s print as %s, and are recognized as printed",
    (id, print, printed) => {
      const own = {
        series: [{ ...pressWatch.series[0]!, code: "NCW", id, print }],
      };
      const number = {
        series: "NCW",
        number: 42,
        ...(id.includes("{y") ? { year: 2026 } : {}),
      };
      expect(printNumber(number, own)).toBe(printed);
      for (const typed of [
        printed,
        printed.toLowerCase(),
        ` ${printed.replaceAll("/", " ")}`,
      ])
        expect(typedIdsIn(typed, own), typed).toEqual([caseIdOf(number, own)]);
    },
  );

  it.each([
    [
      ["dpw-2026-14"],
      ["DPW 2026 14", "DPW-2026-014", "dpw2026/14", "2026-014", "#26/14"],
    ],
    [null, ["UA 2026/14", "Reporter One"]],
  ])("are recognized as %j in %j", (ids, all) => {
    for (const typed of all)
      expect(typedIdsIn(typed, pressWatch), typed).toEqual(ids);
  });

  it("without their series may be of several", () => {
    expect(typedIdsIn("126/19", profile)).toEqual([
      "ua-126-19",
      "extra-126-19",
      "ma-126-19",
      "nsa-126-19",
    ]);
    expect(typedIdsIn("MA 126.19", profile)).toEqual(["ma-126-19"]);
  });

  it("begin an address in any spelling, and a name with a hyphen is none", () => {
    expect(caseIdAt("DPW-2026-014/feed.atom", pressWatch)).toEqual({
      id: "dpw-2026-14",
      rest: "/feed.atom",
    });
    expect(caseIdAt("ua-126-19", pressWatch)).toBeNull();
    expect(caseIdIn("DPW 2026 14", pressWatch)).toBe("dpw-2026-14");
    expect(caseIdIn("emir-usein", profile)).toBeNull();
  });
});

it("A profile's words take the form of the person's gender", () => {
  const say = (gender: "he" | "she" | "they") =>
    statusLabel("designations", "journalist", gender, "uk", pressWatch);
  expect([say("he"), say("she"), say("they")]).toEqual([
    "Журналіст",
    "Журналістка",
    "Журналіст або журналістка",
  ]);
});

it("A profile's words add to the common ones", () => {
  const say = (value: string, of = pressWatch) =>
    statusLabel("custody", value, "they", "fr", of);
  expect(say("barred-from-leaving")).toBe("Interdiction de quitter le pays");
  expect(say("released")).toBe(say("released", profile));
});

it("A profile's words that have left it show as their codes", () => {
  expect(
    statusLabel("custody", "barred-from-leaving", "he", "en", profile),
  ).toBe("barred-from-leaving");
  expect(documentLabel("initial", "en", pressWatch)).toBe("initial");
  // A stored case is shown although the newsroom could no longer publish it.
  const older = inventedCase(7);
  expect(profileFaults(older, pressWatch)).not.toEqual([]);
  expect(
    viewCase(older, first, "en", Date.parse(first.liveAt), pressWatch),
  ).toMatchObject({ number: "UA 7/2000" });
});
