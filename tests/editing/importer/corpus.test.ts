/**
 * Scores the importer on invented documents whose truth is known. See
 * corpus/README.md.
 */

import { describe, expect, it } from "vitest";
import { scaled } from "../../support/scaled.ts";
import { mangle, mangled } from "./mangle.ts";
import {
  appeals,
  lettersOf,
  others,
  readingOf,
  score,
  scoreSentences,
  type Truth,
  tableOf,
} from "./score.ts";

/**
 * The smallest share of each stated field that must be read rightly: from the
 * documents as they are, and from their damaged copies. Half of the documents
 * have layouts before 2007, of which only the labels that are still used are
 * read. Raise a floor whenever the importer passes it.
 */
const floors: Record<string, [documents: number, copies: number]> = {
  number: [0.93, 0.85],
  country: [0.4, 0.32],
  index: [0.94, 0.83],
  kind: [0.43, 0.39],
  sequence: [0.93, 0.86],
  issuedOn: [0.55, 0.41],
  asOf: [0.55, 0.41],
  language: [0.95, 0.88],
  issuer: [0.96, 0.87],
  people: [0.44, 0.39],
  pronouns: [0.41, 0.36],
  addressees: [0.73, 0.63],
  addresses: [0.73, 0.63],
  salutations: [0.71, 0.61],
  emails: [0.74, 0.64],
  deadline: [0.8, 0.74],
  action: [0.8, 0.75],
  sentences: [1, 0.95],
  offers: [1, 0.86],
};

const read = (truth: Truth, text: string) => {
  const reading = readingOf(text, truth);
  return { reading, findings: score(truth, reading) };
};
/**
 * A third of the ways to damage a document, in turn; all in `npm run
 * test:properties`.
 */
const waysFor = (at: number) =>
  mangled.filter((_, turn) => scaled((at + turn) % 3, 0) === 0);

const clean = appeals.map(({ name, text, truth }) => ({
  name,
  text,
  ...read(truth, text),
}));
const copies = appeals.flatMap(({ name, text, truth }, at) =>
  waysFor(at).map((how) => {
    const damaged = mangle(how, name, text);
    return {
      name: `${name} with ${how}`,
      text: damaged,
      ...read(truth, damaged),
    };
  }),
);
const tables = [clean, copies].map((all) =>
  tableOf(all.flatMap(({ findings }) => findings)),
);
const wrongIn = (all: Pick<(typeof clean)[number], "name" | "findings">[]) =>
  all.flatMap(({ name, findings }) =>
    findings
      .filter(({ outcome }) => outcome === "wrong")
      .map(({ field, detail }) => `${name}: ${field} ${detail}`),
  );

/**
 * What was filled from documents of other layouts, and what was offered
 * wrongly.
 */
const ofOthers = others
  .flatMap(({ name, text, truth }, at) => [
    { name, text, truth },
    ...waysFor(at).map((how) => ({
      name: `${name} with ${how}`,
      text: mangle(how, name, text),
      truth,
    })),
  ])
  .map(({ name, text, truth }) => {
    const reading = readingOf(text, truth)!;
    return {
      name,
      reading,
      findings: scoreSentences(truth, reading.sentences),
    };
  });

if (process.env.CORPUS)
  for (const [what, all, table] of [
    ["documents", clean, tables[0]!] as const,
    ["copies", copies, tables[1]!] as const,
  ]) {
    console.table(table);
    console.info([`${all.length} ${what}`, ...wrongIn(all)].join("\n"));
  }

describe("The importer, scored on invented documents,", () => {
  it("reads no wrong field", () => expect(wrongIn(clean)).toEqual([]));

  it("reads no wrong field from damaged copies", () =>
    expect(wrongIn(copies)).toEqual([]));

  it("uses or tells every capitalised word and bracket of a line that filled a name or an addressee", () => {
    const left = [...clean, ...copies].flatMap(({ name, text, reading }) => {
      const { provenance, warnings } = reading!;
      const rows = text.split(/\r\n?|[\n\u2028\u2029]/);
      const own = provenance.filter(({ pointer }) =>
        /^\/(?:people|action\/targets)\//.test(pointer),
      );
      const said = [
        ...own.map(({ value }) => String(value)),
        ...warnings.map(({ found }) => found),
      ].map(lettersOf);
      const read = own.filter(({ pointer }) =>
        /^\/people\/\d+\/id$|^\/action\/targets/.test(pointer),
      );
      return [...new Set(read.map(({ line }) => line))].flatMap((line) => {
        const words = (rows[line - 1] ?? "").replace(
          /^[^:(]*:|\((?:he|she|they|elle|él|ella|lei|lui|er|m|f|h)\b[^)]*\)|\S+@\S+/gi,
          "",
        );
        return (words.match(/\p{Lu}\p{L}+|[([][^)\]]*\p{L}[^)\]]*/gu) ?? [])
          .filter(
            (word) => !said.some((known) => known.includes(lettersOf(word))),
          )
          .map((word) => `${name}: ${word} in ${rows[line - 1]}`);
      });
    });
    expect(left).toEqual([]);
  });

  it("is scored by a scorer that notices wrong values, and from copies that are damaged", () => {
    const [one, other] = ["2019-letter-en-2", "2024-letter-en-16"].map(
      (name) => clean.find((all) => all.name === name)!,
    );
    const truth = appeals.find(({ name }) => name === one!.name)!.truth;
    const offered = {
      person: "Demo Alfa",
      field: "custody" as const,
      value: "released",
    };
    const sentences = [
      {
        sentence: "Demo Alfa was released.",
        statusWords: ["released"],
        offers: [offered],
      },
    ];
    const wrong = score(truth, { ...other!.reading!, sentences }).filter(
      ({ outcome }) => outcome === "wrong",
    );
    expect(new Set(wrong.map(({ field }) => field))).toEqual(
      new Set([
        "number",
        "country",
        "index",
        "issuedOn",
        "asOf",
        "deadline",
        "people",
        "addressees",
        "offers",
      ]),
    );
    for (const how of mangled)
      expect(
        appeals.some(({ name, text }) => mangle(how, name, text) !== text),
        how,
      ).toBe(true);
  });

  it("fills nothing from other texts, and says so", () => {
    expect(
      ofOthers
        .filter(
          ({ reading }) => reading.case && Object.keys(reading.case).length > 0,
        )
        .map(({ name }) => name),
    ).toEqual([]);
    for (const { name, reading } of ofOthers)
      expect(
        reading.warnings.some(
          ({ tag }) => tag === "unknown-layout" || tag === "columns",
        ),
        name,
      ).toBe(true);
  });

  it("lists the sentences of other texts, and offers nothing that isn't true", () => {
    expect(wrongIn(ofOthers)).toEqual([]);
    expect(
      ofOthers.flatMap(({ name, findings }) =>
        name.includes(" with ")
          ? []
          : findings
              .filter(({ outcome }) => outcome !== "right")
              .map(({ field, outcome, detail }) => [
                name,
                field,
                outcome,
                detail,
              ]),
      ),
    ).toEqual([]);
  });

  it.each(Object.entries(floors))(
    "reads enough of %s",
    (field, [ofDocuments, ofCopies]) => {
      expect(tables[0]![field]?.recall).toBeGreaterThanOrEqual(ofDocuments);
      expect(tables[1]![field]?.recall).toBeGreaterThanOrEqual(ofCopies);
    },
  );

  it("lists only sentences of the document", () => {
    for (const { name, text, reading } of clean)
      for (const { sentence } of reading?.sentences ?? [])
        expect(
          lettersOf(text).includes(lettersOf(sentence)),
          `${name}: ${sentence}`,
        ).toBe(true);
  });
});
