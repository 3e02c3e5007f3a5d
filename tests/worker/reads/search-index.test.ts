import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches } from "../../../shared/case/names.ts";
import type { CaseSummary } from "../../../shared/view/summary.ts";
import { summaryOf } from "../../../worker/ledger/summary.ts";
import { SearchIndex } from "../../../worker/reads/search-index.ts";
import { inventedCase } from "../../invented.ts";
import { profile } from "../../profile.ts";
import { scaled } from "../../scaled.ts";

const words = [
  "Aliyev",
  "Алієв",
  "Jeppar",
  "محمد",
  "Muhammad",
  "Said-Ahmed",
  "O'Neil",
  "Şevket",
  "x",
  "al",
  "12",
  "126",
];
const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(" "));
const part = fc.tuple(text, fc.integer({ min: 1, max: 12 })).map(([whole, length]) => whole.slice(0, length));

const entry = (number: number, spelling: string): CaseSummary => ({
  ...summaryOf(inventedCase(number)),
  number: "",
  title: { en: "" },
  places: [],
  placeNames: [],
  spellings: [spelling],
  revision: { number: 1, sequence: number, kind: "update", liveAt: "2000-01-01T00:00:00.000Z" },
});

describe("The index of the list", () => {
  it("finds what reading every case finds, in the order of the list, after any changes", () =>
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(), text), { maxLength: 300 }),
        fc.array(part, { minLength: 1, maxLength: 5 }),
        (spellings, changes, queries) => {
          const index = new SearchIndex(profile);
          let list = spellings.map((spelling, at) => entry(at + 1, spelling));
          const check = () => {
            for (const query of queries) {
              const wanted = list.filter(({ id, spellings: [spelling] }) => matches(query, `${id} ${spelling}`));
              expect(index.search(list, query)).toEqual(wanted);
            }
          };
          check();
          for (const [at, spelling] of changes) {
            const changed = list[at % list.length] as CaseSummary;
            const number = Number(changed.id.split("-")[1]);
            list = [entry(number, spelling), ...list.filter((other) => other !== changed)];
            if (at % 3 === 0) check();
          }
          check();
        },
      ),
      { numRuns: scaled(60) },
    ));
});
