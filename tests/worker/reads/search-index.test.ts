import fc from "fast-check";
import { expect, it } from "vitest";
import { matches } from "../../../shared/case/names.ts";
import { placeNames as placeNamesOf } from "../../../shared/place-names.ts";
import { hasLapsed } from "../../../shared/view/age.ts";
import {
  type CaseSummary,
  placeCodesOf,
} from "../../../shared/view/summary.ts";
import { caseWords } from "../../../worker/reads/case-words.ts";
import {
  type Filters,
  placeCodeIn,
} from "../../../worker/reads/list-filters.ts";
import { SearchIndex } from "../../../worker/reads/search-index.ts";
import { summaryOf } from "../../../worker/reads/summary.ts";
import { inventedCase } from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";
import { scaled } from "../../support/scaled.ts";

const words = [
  ...[
    "Aliyev",
    "Алієв",
    "Jeppar",
    "Said-Ahmed",
    "O'Neil",
    "Şevket",
    "x",
    "al",
    "12",
    "126",
  ],
  ...[
    "محمد",
    "Muhammad",
    "الخطيب",
    "al-Khatib",
    "فاطمة",
    "Fatimah",
    "حوا",
    "Hawa",
  ],
];
/** The deadlines of the first two days have passed everywhere. */
const NOW = Date.parse("2026-01-03T12:00:01Z");
const text = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 })
  .map((chosen) => chosen.join(" "));
const part = fc
  .tuple(text, fc.integer({ min: 1, max: 12 }))
  .map(([whole, length]) => whole.slice(0, length));

interface Fields {
  spelling: string;
  /** An ISO 3166 code. */
  place: string | null;
  /** The place's name in the case's language. */
  named: string;
  authorities: string[];
  custody: string[];
  action: "active" | "closed";
  until: string | undefined;
}

const days = ["2026-01-01", "2026-01-02", "2026-01-03"] as const;
const fields = fc.record<Fields>({
  spelling: text,
  place: fc.constantFrom(null, "UA-43", "UA", "RU"),
  named: fc.oneof(text, fc.constant("Demoville")),
  authorities: fc.subarray(["RU", "UA"]),
  custody: fc.subarray(["released", "imprisoned"]),
  action: fc.constantFrom("active", "closed"),
  until: fc.constantFrom(undefined, ...days),
});

function entry(
  number: number,
  { spelling, place, named, until, ...others }: Fields,
): CaseSummary {
  const texts = {
    title: { en: "" },
    placeNames: [{ names: [named], ...(place ? { iso3166: place } : {}) }],
    spellings: [spelling],
  };
  return {
    ...summaryOf(inventedCase(number)),
    ...others,
    ...texts,
    words: caseWords(texts),
    number: "",
    places: [
      ...new Set([
        ...(place ? [place, place.slice(0, 2)] : []),
        ...others.authorities,
      ]),
    ],
    ...(until ? { until } : {}),
    revision: { number: 1, kind: "update", liveAt: "2000-01-01T00:00:00.000Z" },
  };
}

const one = <T extends string>(...values: T[]) =>
  fc.constantFrom(undefined, undefined, undefined, ...values);
const query = fc.record<Filters>({
  q: fc.oneof(fc.constant(undefined), part),
  action: one("active", "closed"),
  at: one("UA-43", "RU", "ZZ"),
  place: fc.oneof(
    {
      weight: 3,
      arbitrary: one(
        "ua",
        "UA-43",
        "RU",
        "Крим",
        "Demovi",
        "Russia",
        "Krim demoville",
      ),
    },
    part,
  ),
  authority: one("RU", "UA"),
  custody: one("released", "imprisoned"),
  person: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, part),
  series: one("UA", "EXTRA"),
});

/** What the parameters mean, by reading a case. */
function isWanted(
  summary: CaseSummary,
  { q, action, at, place, authority, custody, person, series }: Filters,
): boolean {
  const { id, spellings, places, placeNames, until } = summary;
  const own = placeNames.flatMap(({ names }) => names).join(" ");
  const named = (codes: string[]) =>
    codes.map((code) => placeNamesOf(code).join(" "));
  const isOpen = summary.action !== "active" || !hasLapsed(until, NOW);
  const isAt = (name: string) =>
    placeCodeIn(name) === null
      ? [own, ...named(placeCodesOf(summary))].some((text) =>
          matches(name, text),
        )
      : placeCodesOf(summary).includes(name.toUpperCase());
  return (
    (!q || matches(q, [id, ...spellings, own, ...named(places)].join(" "))) &&
    (!action || (summary.action === action && isOpen)) &&
    (!at || places.includes(at)) &&
    (!place || isAt(place)) &&
    (!authority || summary.authorities.includes(authority)) &&
    (!custody || summary.custody.includes(custody)) &&
    (!person || matches(person, spellings.join(" "))) &&
    (!series || id.startsWith(`${series.toLowerCase()}-`))
  );
}

it("The index of the list finds what reading every case finds, after any changes", () =>
  fc.assert(
    fc.property(
      fc.array(fields, { minLength: 1, maxLength: 12 }),
      fc.array(fc.tuple(fc.nat(), fields), { maxLength: 300 }),
      fc.array(query, { minLength: 1, maxLength: 5 }),
      (known, changes, queries) => {
        const index = new SearchIndex(profile);
        let list = known.map((one, at) => entry(at + 1, one));
        const check = () => {
          for (const query of queries) {
            const flags = index.of(list).find(query, null, NOW);
            const found = list.filter((_, at) => !flags || flags[at]);
            expect(found).toEqual(
              list.filter((summary) => isWanted(summary, query)),
            );
          }
          expect(index.of(list).codes("at")).toEqual(
            [...new Set(list.flatMap(({ places }) => places))].sort(),
          );
        };
        check();
        for (const [at, one] of changes) {
          const changed = list[at % list.length] as CaseSummary;
          const number = Number(changed.id.split("-")[1]);
          // Some are withdrawn.
          const isListed = at % 5 !== 0 || list.length === 1;
          list = [
            ...(isListed ? [entry(number, one)] : []),
            ...list.filter((other) => other !== changed),
          ];
          if (at % 3 === 0) check();
        }
        check();
      },
    ),
    { numRuns: scaled(12, 1_200) },
  ));

it("The index of the list reads only the words of a case that changed, however many changes there were", () => {
  const index = new SearchIndex(profile);
  let read = 0;
  const counted = (number: number, spelling: string): CaseSummary => {
    const plain = {
      place: "UA",
      named: "Demoville",
      authorities: [],
      custody: [],
      until: undefined,
    };
    const summary = entry(number, { ...plain, spelling, action: "active" });
    const { words } = summary;
    return Object.defineProperty(summary, "words", {
      get() {
        read++;
        return words;
      },
    });
  };
  let list = Array.from({ length: 100 }, (_, at) => counted(at + 1, "Aliyev"));
  index.of(list);
  for (let change = 1; change <= 400; change++) {
    read = 0;
    const number = 1 + (change % 100);
    const changed = list.find(({ id }) => id === `ua-${number}-00`);
    list = [
      counted(number, `Aliyev Demo${change}`),
      ...list.filter((other) => other !== changed),
    ];
    const flags = index
      .of(list)
      .find({ q: `demo${change}`, action: undefined }, null, NOW);
    expect([flags?.indexOf(1), flags?.lastIndexOf(1)]).toEqual([0, 0]);
    // Its old words and its new ones.
    expect(read).toBeLessThanOrEqual(2);
  }
});
