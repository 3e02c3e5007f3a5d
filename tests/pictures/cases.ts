/** Invented edge cases, one for each appearance to check. */
import type { Case } from "../../shared/case/schema.ts";
import { inventedCase } from "../invented.ts";

const person = (id: number, name: string) => ({
  id: `invented-${id}`,
  names: [{ value: name, lang: "en", form: "preferred", source: "first" }],
  pronouns: "they/them",
  custody: { value: "imprisoned", asOf: { date: "2000-01-02" }, statedBy: "Invented Issuer", source: "first" },
});

const LONG =
  "Invented-Person Maximiliana Theophania Bartholomea von und zu Demoland-Inventia-Hinterland Donaudampfschifffahrtsgesellschaftskapitänswitwe the Younger";

export const edges: { name: string; fields: Case }[] = [
  { name: "usual", fields: inventedCase(2) },
  {
    name: "long-names",
    fields: inventedCase(3, {
      issuer: "The Very Long Named Association of Invented Associations for Invented Rights in All Invented Countries",
      title: {
        en: `Invented case of ${LONG} and of everybody who was invented on the same day in the same invented town`,
      },
      people: [person(1, LONG), person(2, "X".repeat(90)), person(3, "Invented Person Three")],
    }),
  },
  {
    name: "forty-people",
    fields: inventedCase(4, {
      // Twice the number: names that differ in one digit would have to be confirmed as two people.
      people: Array.from({ length: 40 }, (_, at) => person(at, `Invented Person ${String(at + 1).repeat(2)}`)),
    }),
  },
  { name: "no-people", fields: inventedCase(5, { people: [], events: [] }) },
  { name: "one-word", fields: inventedCase(6, { title: { en: "Held" }, summary: { en: "Held." } }) },
];

/** A case that is published and then withdrawn. */
export const withdrawn = inventedCase(7);
export const unknown = "ua-9-99";
