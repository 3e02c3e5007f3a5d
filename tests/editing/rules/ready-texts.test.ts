/**
 * Ready sentences for a changed status: what they say, whom they name, and when
 * they are offered.
 */
import { expect, it } from "vitest";
import type { Case } from "../../../shared/case/schema.ts";
import { localeTags } from "../../../shared/locale.ts";
import { readyTexts } from "../../../worker/editing/rules/ready-texts.ts";
import {
  inventedCase,
  inventedPerson,
  stated,
} from "../../support/invented.ts";
import { profile } from "../../support/profile.ts";

const one = (custody: string, more: object = {}) =>
  inventedPerson("Invented Ali", { custody: stated(custody), ...more });
const two = (custody: string) =>
  inventedPerson("Invented Bo", { custody: stated(custody) });
const texts = {
  title: { en: "Teacher held", uk: "Учителя тримають", be: "Настаўнік" },
  summary: {
    en: "A teacher. Invented Ali is held in a cell. Nobody knows why.",
    uk: "Учитель. Його тримають у камері. Ніхто не знає чому.",
    ru: "Invented Ali в камере.",
    fr: "Un enseignant, sans nom ici.",
  },
};
const held = inventedCase(1, { ...texts, people: [one("imprisoned")] });
/** Dates have spaces at which no line breaks. */
const ready = (after: Case, before = held): ReturnType<typeof readyTexts> =>
  JSON.parse(
    JSON.stringify(readyTexts(before, after, profile)).replaceAll(
      /[\u00a0\u202f]/g,
      " ",
    ),
  );
const released = { ...held, people: [one("released")] };

it("Every language of the case gets the status, its date and who states it, and no language that readers can't be told in", () => {
  expect(ready(released)?.note).toEqual({
    en: "Invented Ali: released, as of 2 January 2000 (Invented Issuer).",
    uk: "Invented Ali: звільнено, станом на 2 січня 2000 р. (Invented Issuer).",
    ru: "Invented Ali: освобождение, по состоянию на 2 января 2000 г. (Invented Issuer).",
    fr: "Invented Ali : libération, informations : 2 janvier 2000 (Invented Issuer).",
  });
});

it("A sentence is replaced where it names the person or says the old status, and at the same place in translations of as many sentences", () => {
  // The title names nobody and says no status in the words of a label.
  expect(ready(released)?.texts).toEqual([
    {
      pointer: "/summary",
      text: {
        en: "A teacher. Invented Ali: released, as of 2 January 2000 (Invented Issuer). Nobody knows why.",
        uk: "Учитель. Invented Ali: звільнено, станом на 2 січня 2000 р. (Invented Issuer). Ніхто не знає чому.",
        ru: "Invented Ali: освобождение, по состоянию на 2 января 2000 г. (Invented Issuer).",
      },
    },
  ]);
  const labelled = { ...held, title: { en: "A teacher is imprisoned" } };
  expect(
    ready({ ...labelled, people: released.people }, labelled)?.texts[0]?.text,
  ).toEqual({
    en: "Invented Ali: released",
  });
  // A sentence that also speaks of somebody whose status stays is left to the
  // editor.
  const both = {
    ...held,
    people: [...held.people, two("detained")],
    summary: { en: "Invented Ali and Invented Bo are held." },
  };
  expect(
    ready({ ...both, people: [...released.people, two("detained")] }, both)
      ?.texts,
  ).toEqual([]);
  // What the editor has written meanwhile is left alone.
  expect(
    ready({ ...released, summary: { en: "Invented Ali is free." } })?.texts,
  ).toEqual([]);
});

it("People with the same new status share an event, and each is named as the language names them", () => {
  const names = [
    ...one("released").names,
    { value: "Вигаданий Алі", lang: "uk", form: "native", source: "first" },
  ];
  const both = (custody: string) => ({
    ...held,
    people: [one(custody, { names, pronouns: "he/him" }), two(custody)],
  });
  expect(
    ready(both("released") as Case, both("detained") as Case)?.events,
  ).toEqual([
    {
      at: ["people/invented-ali/custody", "people/invented-bo/custody"],
      text: expect.objectContaining({
        en: "Invented Ali: released · Invented Bo: released",
        uk: "Вигаданий Алі: звільнений · Invented Bo: звільнено",
      }),
    },
  ]);
});

it("The action may close when nobody is held any more, and only then", () => {
  const closes = (people: Case["people"], action: object = {}) =>
    ready(
      { ...held, people, action: { ...held.action, ...action } } as Case,
      { ...held, people: [one("charged"), two("detained")] } as Case,
    )?.thanks;
  expect(closes([one("released"), two("not-detained")])?.en).toBe(
    "Thank you to everyone who wrote.",
  );
  for (const other of [
    "detained",
    "house-arrest",
    "missing",
    "unknown",
    "invented-state",
  ])
    expect(closes([one("released"), two(other)]), other).toBeNull();
  expect(closes([one("released"), inventedPerson("Invented Cy")])).toBeNull();
  expect(closes([one("released")], { state: "closed" })).toBeNull();
});

it("Every state has its sentence in every language, without characters that nobody sees", () => {
  const languages = Object.fromEntries(localeTags.map((tag) => [tag, "Words"]));
  const fields = { ...held, summary: languages };
  for (const value of ["detained", "deported", "died-in-custody", "missing"])
    for (const words of Object.values(
      ready({ ...fields, people: [one(value)] }, fields)?.note ?? {},
    ))
      expect(words).toMatch(
        /^[^\p{Cf}]*Invented Ali[^\p{Cf}]+\(Invented Issuer\)\.$/u,
      );
});

it("Nothing is ready without a change that readers are told of, or in a case whose own language readers can't be told in", () => {
  expect(ready(held)).toBeNull();
  expect(
    ready({
      ...held,
      people: [
        one("imprisoned", { designations: [stated("prisoner-of-conscience")] }),
      ],
    }),
  ).toBeNull();
  const other = { ...held, language: "be" };
  expect(ready({ ...other, people: released.people }, other)).toBeNull();
});
