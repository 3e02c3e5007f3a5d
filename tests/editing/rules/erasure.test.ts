/** An erasure takes out what an editor names, and says nothing. */
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { Case } from "../../../shared/case/schema.ts";
import { isOutdated } from "../../../shared/case/text.ts";
import type { Erase } from "../../../worker/editing/rules/erase.ts";
import {
  carriedToPending,
  erasedRevision,
  erasureIssues,
} from "../../../worker/editing/rules/erasure.ts";
import { functionWordTest } from "../../../worker/editing/rules/function-words.ts";
import {
  inventedCase,
  inventedPerson,
  stated,
} from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

const person = (name: string, more: object = {}) =>
  inventedPerson(name, { custody: stated("imprisoned", "2000"), ...more });
const term = { duration: "P5Y", imposedOn: { date: "1999" } };

const told = inventedCase(9, {
  title: {
    en: "Roza Demchuk and Olena Inventar held",
    uk: "Роза Демчук та Олена Інвентар під вартою",
  },
  summary: {
    en: "Roza Demchuk is held in Demoland. Her sister visited. Olena Inventar is held too.",
    uk: "Розу Демчук тримають у Демоляндії. До неї приїхала сестра. Олену Інвентар теж тримають.",
  },
  people: [
    person("Roza Demchuk"),
    person("Olena Inventar", {
      sentence: stated(
        { duration: "P3Y", earlier: [{ ...term, source: "first" }] },
        "2000",
      ),
    }),
  ],
  documents: [
    {
      id: "first",
      lang: "en",
      title: "About Roza",
      href: "https://example.org/roza",
      reference: "X 1/00",
    },
  ],
  links: [{ href: "https://example.org/somewhere", name: "Elsewhere" }],
});

const removed = (lang: string) => (lang === "uk" ? "Вилучено" : "Removed");
const isFunctionWord = () => false;
const erased = (...operations: Erase[]) => {
  expect(erasureIssues(told, operations, isFunctionWord)).toEqual([]);
  const { erased: after } = erasedRevision(told, operations, {
    removed,
    finish: (one) => one,
    alike: [],
  });
  expect(v.is(Case, after)).toBe(true);
  return after;
};

describe("Each operation takes out one thing", () => {
  it("a person, with every form of the name in every language", () => {
    const after = erased({ what: "person", person: "roza-demchuk" });
    expect(
      JSON.stringify(after).match(
        /.{0,30}(?:Demchuk|Роз|Демчук|roza).{0,30}/gi,
      ),
    ).toBeNull();
    expect(after.people.map(({ id }) => id)).toEqual(["olena-inventar"]);
    expect(after.title.en).toBe("[…] and Olena Inventar held");
    expect(isOutdated(after.title, "uk", "en")).toBe(false);
  });

  it("the name of a person who stays, in every spelling and with its statuses untouched", () => {
    const after = erased({ what: "name", name: "Olena Inventar" });
    expect(JSON.stringify(after)).not.toMatch(/Inventar|Інвентар|olena/i);
    expect(after.people[1]).toMatchObject({
      names: [{ value: "[…]" }],
      sentence: { value: { duration: "P3Y" } },
    });
    expect(after.title.en).toBe("Roza Demchuk and […] held");
  });

  it("a sentence, wherever it stands", () => {
    const after = erased(
      { what: "sentence", sentence: "Her sister visited." },
      { what: "sentence", sentence: "До неї приїхала сестра." },
    );
    expect(after.summary.en).toBe(
      "Roza Demchuk is held in Demoland. […] Olena Inventar is held too.",
    );
    expect(JSON.stringify(after)).not.toMatch(/sister|сестра/);
  });

  it("an entry, an earlier term, a link, a translation and a document's title", () => {
    expect(erased({ what: "entry", at: "/events/0" }).events).toEqual([]);
    const { sentence } = erased({
      what: "entry",
      at: "/people/1/sentence/value/earlier/0",
    }).people[1]!;
    expect(sentence?.value).toEqual({ duration: "P3Y", earlier: [] });
    expect(erased({ what: "entry", at: "/links/0" }).links).toEqual([]);
    expect(
      erased({ what: "translation", lang: "uk", at: "/title" }).title,
    ).toEqual({ en: told.title.en });
    expect(
      JSON.stringify(erased({ what: "translation", lang: "uk" })),
    ).not.toContain('"uk"');
    const { documents, events } = erased({
      what: "document",
      document: "first",
    });
    expect(documents).toEqual([{ id: "document", lang: "en" }]);
    expect(events[0]?.source).toBe("document");
  });

  it("a text of which nothing is left says so in each of its languages", () => {
    const sentences = [
      "Roza Demchuk is held in Demoland.",
      "Her sister visited.",
      "Olena Inventar is held too.",
    ];
    const after = erased(
      ...sentences.map((sentence): Erase => ({ what: "sentence", sentence })),
    );
    expect(after.summary).toMatchObject({
      en: "Removed",
      uk: { text: "Вилучено" },
    });
  });
});

it("An operation that names nothing of the case is refused with its place", () => {
  const refused: Erase[] = [
    { what: "person", person: "nobody" },
    { what: "name", name: "not" },
    { what: "name", name: "held" },
    { what: "sentence", sentence: "is held" },
    { what: "entry", at: "/people/0/custody" },
    { what: "translation", lang: "en" },
    // Not a text: without it, a status would be gone.
    { what: "translation", lang: "custody", at: "/people/0" },
    { what: "picture", person: "roza-demchuk" },
    { what: "document", document: "second" },
    { what: "entry", at: "/links/7" },
  ];
  const at = erasureIssues(told, refused, isFunctionWord).map(
    ({ pointer }) => pointer.split("/")[2],
  );
  expect(at).toEqual(refused.map((_, index) => String(index)));
});

it("In a script without capitals, a word that states or denies something is no name", () => {
  const fields = inventedCase(9, {
    summary: { en: "A summary.", ar: "لم يُفرج عن فلان بن فلان" },
  });
  const name = (word: string) =>
    erasureIssues(
      fields,
      [{ what: "name", name: word }],
      (one) => one === "لم",
    );
  expect(name("فلان")).toEqual([]);
  expect(name("لم")).toHaveLength(1);
  expect(name("فلا")).toHaveLength(1);
});

it("A nickname is a name wherever it has a capital, but no word that states or denies something is", () => {
  const en =
    "Innocent, Pumpkin waits. Not convicted, she waits; Pump\u00adkin is ill. Only D\u2060emo helps. Alive or Dead? Free!";
  const fields = inventedCase(9, { summary: { en, ar: "فلان بريء" } });
  const isWord = functionWordTest(profile);
  const issues = (name: string) =>
    erasureIssues(fields, [{ what: "name", name }], isWord).length;
  expect(
    [
      "Pumpkin",
      "Demo",
      "pumpkin",
      "Not",
      "Only",
      "Convicted",
      "Innocent",
      "بريء",
      "waits",
    ].map(issues),
  ).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1]);
  expect(["Alive", "Dead", "Free"].map(issues)).toEqual([1, 1, 1]);
});

it("Shows each sentence as it is and as it will be, and each translation with another number of marks", () => {
  const operations: Erase[] = [
    { what: "sentence", sentence: "Her sister visited." },
    { what: "entry", at: "/events/0" },
  ];
  const { shown } = erasedRevision(told, operations, {
    removed,
    finish: (fields) => fields,
    alike: [],
  });
  const same = (words: string) => ({ before: words, after: words });
  expect(shown.places).toEqual([
    {
      ...{
        pointer: "/summary",
        lang: "en",
        whole: false,
        marks: 1,
        expected: 1,
      },
      sentences: [{ before: "Her sister visited.", after: "[…]" }],
    },
    {
      ...{
        pointer: "/summary",
        lang: "uk",
        whole: true,
        marks: 0,
        expected: 1,
      },
      sentences: [
        "Розу Демчук тримають у Демоляндії.",
        "До неї приїхала сестра.",
        "Олену Інвентар теж тримають.",
      ].map(same),
    },
  ]);
});

it("The code of a country is no form of a name that is spelled alike", () => {
  const places = [
    { name: { en: "Demoland" }, iso3166: "MA-02", source: "first" },
  ];
  const fields = inventedCase(9, {
    people: [person("Ma Wei")],
    authorities: ["MA"],
    places,
  });
  const operations: Erase[] = [{ what: "person", person: "ma-wei" }];
  const { erased, shown } = erasedRevision(fields, operations, {
    removed,
    finish: (one) => one,
    alike: [],
  });
  expect([v.is(Case, erased), shown.remaining]).toEqual([true, []]);
});

describe("Of what the finder may have missed", () => {
  const family = inventedCase(9, {
    title: { en: "Roza Kowalska is ill", uk: "Її хвороба" },
    summary: {
      en: "The Demchuk case. Petro Demchuk is her father. Roza Demchuk is held.",
    },
    people: [person("Roza Demchuk"), person("Petro Demchuk")],
    events: [],
  });
  const options = { removed, finish: (fields: Case) => fields, alike: [] };
  const shownOf = (alike: { pointer: string; word: string }[] = []) =>
    erasedRevision(family, [{ what: "person", person: "roza-demchuk" }], {
      ...options,
      alike,
    });

  it("asks about the word beside a form, and about words that somebody who stays has too", () => {
    const { neighbours } = shownOf().shown;
    expect(neighbours.map(({ pointer, word }) => [pointer, word])).toEqual([
      ["/title/en", "Kowalska"],
      ["/summary/en", "Demchuk"],
      ["/summary/en", "Demchuk"],
    ]);
    // The father's own name is none of them.
    expect(neighbours.every(({ before }) => !before.endsWith("Petro "))).toBe(
      true,
    );
  });

  it("shows a translation whole where it has another number of marks, and where an equal number may hide a form", () => {
    const title = (uk: string, more = "") => {
      const fields = {
        ...family,
        title: { en: `Roza Kowalska is ill${more}`, uk },
      };
      return erasedRevision(
        fields,
        [{ what: "person", person: "roza-demchuk" }],
        options,
      )
        .shown.places.filter(
          (place) => place.pointer === "/title" && place.lang === "uk",
        )
        .map(({ marks, expected, whole }) => [marks, expected, whole]);
    };
    expect(title("Її хвороба")).toEqual([[0, 1, true]]);
    expect(title("Роза хвора")).toEqual([[1, 1, false]]);
    // "Rózia" is nobody whom the original names.
    expect(title("Роза хвора, і Рузя теж")).toEqual([[1, 1, true]]);
    // Nothing shows a name in a script without capitals.
    expect(title("روزا مريضة")).toEqual([[1, 1, true]]);
    expect(title("Роза хвора в Демоляндії", " in Demoliandia")).toEqual([
      [1, 1, false],
    ]);
  });

  it("takes an editor's word for what is no form of the name", () => {
    const spared = shownOf([{ pointer: "/title/en", word: "Roza" }]);
    expect(spared.erased.title.en).toBe("Roza Kowalska is ill");
    expect(spared.shown.marked.map(({ pointer }) => pointer)).toEqual([
      "/summary/en",
    ]);
    expect(spared.shown.remaining).toEqual([]);
  });
});

it("A pending revision loses the same entry, wherever it stands, and one that was changed there is named", () => {
  const event = (words: string) =>
    ({ ...told.events[0]!, text: { en: words } }) as Case["events"][number];
  const [first, second] = [event("First."), event("Second.")];
  const from = { ...told, events: [first, second] };
  const operations: Erase[] = [{ what: "entry", at: "/events/1" }];
  const carried = carriedToPending(
    from,
    { ...told, events: [second] },
    operations,
  );
  expect(carried).toEqual({
    operations: [{ what: "entry", at: "/events/0" }],
    changed: [],
  });
  expect(
    carriedToPending(from, { ...told, events: [first] }, operations),
  ).toEqual({ operations: [], changed: [] });
  expect(
    carriedToPending(
      from,
      { ...told, events: [first, event("Changed.")] },
      operations,
    ).changed,
  ).toEqual(["/events"]);
});

it("No erasure changes a status, a designation, a date or a flag of what stays", () => {
  const operation = fc.constantFrom<Erase>(
    { what: "person", person: "roza-demchuk" },
    { what: "name", name: "Olena Inventar" },
    { what: "sentence", sentence: "Her sister visited." },
    { what: "entry", at: "/events/0" },
    { what: "entry", at: "/people/1/sentence/value/earlier/0" },
    { what: "translation", lang: "uk" },
    { what: "document", document: "first" },
    { what: "entry", at: "/links/0" },
    { what: "earlier" },
  );
  const facts = ({
    people,
    asOf,
    demo,
    hideMap,
    hidePortraits,
    action,
    issuer,
  }: Case) =>
    JSON.stringify([
      people.map(({ custody, proceedings, sentence, designations }) => [
        [
          custody?.value,
          custody?.asOf,
          sentence?.value.duration,
          sentence?.asOf,
        ],
        [
          proceedings.map(({ value, asOf }) => [value, asOf]),
          designations.map(({ value, asOf }) => [value, asOf]),
        ],
      ]),
      [asOf, demo, hideMap, hidePortraits, action.state, action.until, issuer],
    ]);
  fc.assert(
    fc.property(
      fc.uniqueArray(operation, { minLength: 1, maxLength: 9 }),
      (operations) => {
        const after = erased(...operations);
        const ids = operations.some(({ what }) => what === "person")
          ? ["roza-demchuk"]
          : [];
        expect(facts(after)).toBe(
          facts({
            ...told,
            people: told.people.filter(({ id }) => !ids.includes(id)),
          }),
        );
      },
    ),
  );
});
