/**
 * Values that the desk's form fills in by itself, takes from the document, or
 * leaves to the editor.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { Case } from "../../shared/case/schema.ts";
import { isOutdated, sourceDigest } from "../../shared/case/text.ts";
import { type LocaleTag, localeTags } from "../../shared/locale.ts";
import { accepted } from "../../worker/desk/form/accept.ts";
import {
  derived,
  withIssuer,
  withStandards,
} from "../../worker/desk/form/derive.ts";
import { openDoubts } from "../../worker/desk/form/form-state.ts";
import { pathOf, pointerOf, withValue } from "../../worker/desk/form/path.ts";
import { problemsOf } from "../../worker/desk/form/problems.ts";
import { deskWords } from "../../worker/desk/locales/desk-words.ts";
import { onRoleChanged, signIn } from "../../worker/desk/session.ts";
import {
  draftFromDocument,
  duplicateOf,
  emptyDraft,
} from "../../worker/desk/start-draft.ts";
import { setWords } from "../../worker/desk/words.ts";
import { draftFrom } from "../../worker/editing/importer/importer.ts";
import type {
  DraftSource,
  UnfinishedCase,
} from "../../worker/editing/rules/desk.ts";
import { ua12619 } from "../shared/cases.ts";
import { inventedCase, inventedPerson, stated } from "../support/invented.ts";
import { pressWatch, profile } from "../support/profile.ts";
import { root } from "../support/root.ts";

setWords(deskWords("en"));

function read(
  name: string,
): Omit<DraftSource, "name"> & { case: UnfinishedCase } {
  const text = readFileSync(join(root, "tests/documents", name), "utf8");
  return { ...draftFrom(text, profile), text, sentences: [] };
}
const spoken = {
  ...profile,
  languages: ["en", "uk", "ar"] satisfies LocaleTag[] as LocaleTag[],
};
const gaps = (unfinished: UnfinishedCase) =>
  problemsOf(unfinished, profile).map(({ pointer }) => pointer);

const broken = {
  ...inventedCase(1),
  id: "ua-2-00",
  issuer: "x".repeat(201),
  number: { series: "UA", number: 1, year: 2000 },
  people: [
    inventedPerson("Invented Person", {
      designations: [stated("hero")],
      custody: stated("gone"),
      proceedings: [
        { id: "one", ...stated("charged") },
        { id: "two", ...stated("lost") },
      ],
    }),
  ],
  documents: [{ id: "d", kind: "letter", reference: "x", lang: "english" }],
  authorities: ["Russia"],
  links: Array.from({ length: 21 }, () => ({
    href: "https://a.example",
    name: "A",
  })),
} as unknown as UnfinishedCase;
const problemsIn = (tag: LocaleTag) => {
  setWords(deskWords(tag));
  const none = { ...broken, documents: [] } as UnfinishedCase;
  const own = {
    ...broken,
    number: { series: "DPW", number: 1, year: 26 },
  } as UnfinishedCase;
  const series = [
    { ...profile.series[0]!, id: "ua-{number}", print: "UA {number}" },
  ];
  return [
    ...[broken, none].flatMap((fields) => problemsOf(fields, profile)),
    ...[broken, own].flatMap((fields) => problemsOf(fields, pressWatch)),
    ...problemsOf(broken, { ...profile, designations: [], series }),
  ].map(({ text }) => text);
};

it("What the newsroom's profile forbids is said in the editor's words, in every language", () => {
  const english = problemsIn("en");
  for (const words of [
    "Must be ua-1-00, as the number says.",
    "Must be one of: initial, update, outcome, correction.",
    "Leave it out: this newsroom uses no such words.",
    "Leave it out: this newsroom’s documents have no reference.",
    "Leave out the source: the case has no documents.",
    "Leave out the year: numbers of this series have none.",
    "The person has several proceedings: name this one.",
    "Choose one of the case’s documents.",
    "Too long: at most 200 characters.",
    "Too many: at most 20 entries.",
    "Must be a country code such as RU.",
    "Must be a language code such as en, uk or crh.",
  ])
    expect(english).toContain(words);
  expect(
    english.some((text) => text.startsWith("Must be a reference such as ")),
  ).toBe(true);
  for (const tag of localeTags.filter((one) => one !== "en"))
    expect(problemsIn(tag).join("\n"), tag).not.toMatch(/\bmust\b|digits/i);
  setWords(deskWords("en"));
});

describe("A new case in the desk's form", () => {
  it("lacks only the editor's own words", () => {
    for (const name of ["2014-further", "2017-form", "2019-first"]) {
      const { draft } = draftFromDocument(
        read(`invented/${name}.txt`),
        name,
        null,
        spoken,
      );
      const own = draft.case.issuer === undefined ? ["/issuer"] : [];
      expect(gaps(draft.case), name).toEqual([
        ...own,
        "/title",
        "/summary",
        "/rights/holder",
        "/action/request",
      ]);
    }
  });

  it("is written in a language that the surfaces speak, whatever the document's language", () => {
    const { draft } = draftFromDocument(
      read("invented/2011-outcome-es.txt"),
      "outcome",
      null,
      spoken,
    );
    expect(draft.case.language).toBe("en");
    expect(draft.case.documents?.[0]?.lang).toBe("es");
    for (const gap of gaps(draft.case))
      expect([
        "/issuer",
        "/title",
        "/summary",
        "/places/0/name/en",
        "/rights/holder",
      ]).toContain(gap);
  });

  it("can be published once its gaps are filled", () => {
    const { draft } = draftFromDocument(
      read("invented/2019-first.txt"),
      "first",
      null,
      spoken,
    );
    const words = { en: "In other words" };
    const named = withIssuer(
      draft.case,
      { ...draft.case, issuer: "Invented Issuer" },
      profile,
    );
    const held = withValue<UnfinishedCase>(
      named,
      ["rights", "holder"],
      "Invented Issuer",
    );
    const filled = gaps(held).reduce(
      (fields, gap) => withValue(fields, pathOf(gap), words),
      held,
    );
    expect(v.is(Case, filled)).toBe(true);
  });

  it("needs no identifier, which follows from the number", () => {
    expect(gaps(emptyDraft(profile).case)).toEqual([
      ...[
        "/number/number",
        "/issuer",
        "/title",
        "/summary",
        "/action/state",
        "/asOf",
        "/rights/holder",
        "/number/year",
      ],
    ]);
  });

  it("has no issuer and no holder of rights until an editor names them, and then texts on rights that name the issuer", () => {
    const { case: fresh } = emptyDraft(profile);
    expect(fresh.issuer).toBeUndefined();
    let typed = fresh;
    for (const issuer of ["I", "Invented", "Invented Issuer"])
      typed = withIssuer(typed, { ...typed, issuer }, profile);
    expect(typed.rights).toMatchObject({
      text: { en: expect.stringContaining("Invented Issuer") },
    });
    expect(typed.rights?.holder).toBeUndefined();
    const own = withValue<UnfinishedCase>(
      typed,
      ["rights", "text", "en"],
      "Our own words on rights",
    );
    const renamed = withIssuer(
      own,
      { ...own, issuer: "Another Issuer" },
      profile,
    );
    expect(renamed.rights).toMatchObject({
      text: { en: "Our own words on rights" },
    });
  });

  it("like another one has its people and places, and no fact, author, source or number", () => {
    const other = inventedCase(906, {
      places: [{ name: { en: "Demoville" }, source: "first" }],
      quotations: [],
      action: { state: "closed", targets: [{ name: "Minister of Invention" }] },
    });
    const { case: copy, base } = duplicateOf(other, profile);
    expect(base).toBeNull();
    expect(copy).toMatchObject({
      number: { series: "UA" },
      places: [{ name: { en: "Demoville" } }],
      people: [
        {
          names: [
            { value: "Invented Person One" },
            { value: "Inventid Person Wan" },
          ],
          pronouns: "they/them",
        },
      ],
      action: { targets: [{ name: "Minister of Invention" }] },
    });
    const text = JSON.stringify(copy);
    for (const gone of [
      "Invented Issuer",
      "pre-trial",
      '"first"',
      "906",
      "2000",
      "Casewire",
    ])
      expect(text).not.toContain(gone);
  });

  it("of a newsroom that restates no documents has none", () => {
    const { case: fresh } = emptyDraft(pressWatch);
    expect(fresh).toMatchObject({ number: { series: "DPW" }, documents: [] });
  });
});

describe("A published case in the desk's form", () => {
  const standing = inventedCase(7);

  it("is not changed when it is opened", () =>
    expect(derived(standing, standing, profile)).toEqual(standing));

  it("keeps the ids of its people when a name is corrected, and makes ids for new people from their names", () => {
    const mended = withValue(
      standing,
      ["people", 0, "names", 0, "value"],
      "Invented Person Uno",
    );
    const { names } = inventedPerson("Invénted Person Two");
    const more = withValue<UnfinishedCase>(mended, ["people", 1], { names });
    expect(
      derived(more, standing, profile).people?.map((person) => person?.id),
    ).toEqual([standing.people[0]?.id, "invented-person-two"]);
  });

  it("gives a new translation its source, unreviewed, and leaves those of a changed source outdated", () => {
    const translated = withValue<UnfinishedCase>(
      standing,
      ["title", "ar"],
      "قضية مخترعة",
    );
    const ar = {
      text: "قضية مخترعة",
      of: sourceDigest("Invented case 7"),
      reviewed: false,
    };
    expect(derived(translated, standing, profile).title?.ar).toEqual(ar);
    const edited = withValue<UnfinishedCase>(
      standing,
      ["title", "en"],
      "Invented case seven",
    );
    const changed = derived(edited, standing, profile);
    expect(changed.title).toEqual({
      ...standing.title,
      en: "Invented case seven",
    });
    expect(isOutdated(changed.title, "uk", "en")).toBe(true);
  });

  it("has no Cyrillic name in English", () => {
    const named = withValue<UnfinishedCase>(
      standing,
      ["people", 0, "names", 0, "value"],
      "Вигадана Особа",
    );
    expect(gaps(derived(named, standing, profile))).toEqual([
      "/people/0/names/0/lang",
    ]);
  });

  it("gets the rights statement in each language that is added", () => {
    const added = withStandards(standing, profile, "ar");
    expect(added.rights?.text?.ar).toContain("CC BY 4.0");
    expect(added.rights?.text?.en).toBe(standing.rights.text.en);
  });
});

describe("An accepted status", () => {
  const statement = {
    asOf: { date: "2020-06-25" },
    statedBy: "Invented Court",
    source: "update",
  };
  const DEFENDER = "human-rights-defender";
  const fields = { people: [{ id: "demo-alfa" }, { id: "demo-bravo" }] };
  it.each([
    [
      { field: "custody", value: "imprisoned" },
      "custody",
      { value: "imprisoned", ...statement },
    ],
    [
      { field: "proceedings", value: "convicted" },
      "proceedings",
      [{ value: "convicted", ...statement }],
    ],
    [
      { field: "sentence", value: "P12Y" },
      "sentence",
      { value: { duration: "P12Y" }, ...statement },
    ],
    [
      { field: "designation", value: DEFENDER },
      "designations",
      [{ value: DEFENDER, ...statement }],
    ],
  ] as const)(
    "%o goes into its field, with the date, author and source that the editor gave",
    (proposal, name, value) => {
      const [path, next] = accepted(fields, 1, proposal, statement);
      expect(withValue(fields, path, next)).toEqual({
        people: [{ id: "demo-alfa" }, { id: "demo-bravo", [name]: value }],
      });
    },
  );

  it("adds a proceeding, or replaces the chosen one and keeps its id and subject", () => {
    const tax = {
      id: "tax",
      value: "on-trial",
      subject: { en: "the tax case" },
      ...statement,
    };
    const known = { people: [{ id: "demo-alfa", proceedings: [tax] }] };
    const later = {
      ...statement,
      asOf: { date: "2021-03" },
      source: "outcome",
    };
    const proposal = { field: "proceedings", value: "convicted" } as const;
    expect(
      withValue(known, ...accepted(known, 0, proposal, later)).people[0]
        ?.proceedings,
    ).toEqual([tax, { value: "convicted", ...later }]);
    expect(
      withValue(known, ...accepted(known, 0, proposal, later, 0)).people[0]
        ?.proceedings,
    ).toEqual([{ ...tax, value: "convicted", ...later }]);
  });

  it("moves the term in force to the earlier ones, unless it is the same term", () => {
    const first = {
      value: { duration: "P12Y", imposedOn: { date: "2019-11-12" } },
      ...statement,
    };
    const known = { people: [{ id: "demo-alfa", sentence: first }] };
    const later = {
      ...statement,
      asOf: { date: "2021-03" },
      source: "outcome",
    };
    expect(
      accepted(known, 0, { field: "sentence", value: "P9Y" }, later)[1],
    ).toEqual({
      value: {
        duration: "P9Y",
        earlier: [{ ...first.value, source: "update" }],
      },
      ...later,
    });
    expect(
      accepted(known, 0, { field: "sentence", value: "P12Y" }, later)[1],
    ).toEqual({ ...first, ...later });
  });

  it("replaces the same designation, and keeps the others", () => {
    let next = fields;
    for (const value of [DEFENDER, "prisoner-of-conscience", DEFENDER])
      next = withValue(
        next,
        ...accepted(next, 0, { field: "designation", value }, statement),
      );
    expect(next.people[0]).toMatchObject({
      designations: [{ value: "prisoner-of-conscience" }, { value: DEFENDER }],
    });
  });
});

it("UA 126/19 in the desk's form is not changed by its own document, and every pointer of the draft leads into the case", () => {
  const outcome = (standing: Case) =>
    draftFromDocument(
      read("ua-126-19-outcome.txt"),
      "outcome",
      { number: 1, case: standing },
      spoken,
    );
  const { draft, differences } = outcome(ua12619);
  expect(differences).toEqual([]);
  const people = draft.source?.provenance.filter(({ pointer }) =>
    /^\/people\/\d+\/names\/0\/value$/.test(pointer),
  );
  expect(people?.length).toBe(6);
  for (const { pointer, value } of people ?? []) {
    const [, index] = pathOf(pointer);
    expect(ua12619.people[Number(index)]?.names[0]?.value).toBe(value);
  }
  // The doubts were settled when the document was published.
  expect(draft.source?.warnings.length).toBeGreaterThan(0);
  expect(openDoubts(draft)).toEqual([]);
  const { draft: news } = outcome({ ...ua12619, documents: [], events: [] });
  expect(openDoubts(news)).toHaveLength(news.source?.warnings.length ?? 0);
});

it("The desk gives a large document the time that a slow connection needs", async () => {
  const waits = vi.spyOn(AbortSignal, "timeout");
  const answer = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => Response.json({}));
  const { api } = await signIn("invented");
  await api.readDocument({
    body: new Blob([new Uint8Array(2_000_000)]),
    type: "application/octet-stream",
  });
  expect(waits.mock.calls.flat()).toEqual([20_000, 520_000]);
  answer.mockRestore();
  waits.mockRestore();
});

it("The desk asks what its editor may do as soon as a publish is refused because that has changed", async () => {
  const problem = {
    type: "urn:casewire:problem:other-outcome",
    title: "",
    status: 409,
    detail: "",
    remedy: "",
  };
  const answer = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => Response.json({}));
  const { api } = await signIn("invented");
  const asked = vi.fn();
  const forget = onRoleChanged(asked);
  await api.listDrafts();
  expect(asked).not.toHaveBeenCalled();
  answer.mockImplementation(async () =>
    Response.json(problem, { status: 409 }),
  );
  await expect(api.listDrafts()).rejects.toThrow();
  expect(asked).toHaveBeenCalledOnce();
  forget();
  answer.mockRestore();
});

it("A field's path and its JSON pointer can be converted into each other", () => {
  const path = ["choice", 3, "a/b", "c~d"];
  expect(pathOf(pointerOf(path))).toEqual(path);
});
