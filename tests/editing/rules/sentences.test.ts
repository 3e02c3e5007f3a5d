/**
 * The sentences that wait for a verdict, what is offered from them, and what
 * they contradict.
 */

import { describe, expect, it } from "vitest";
import { unjudged, unreadOf } from "../../../worker/editing/rules/reading.ts";
import { sentencesOf } from "../../../worker/editing/rules/sentences.ts";
import { profile } from "../../support/profile.ts";

const person = (id: string, ...names: string[]) => ({
  id,
  names: names.map((value) => ({ value })),
});
const people = [
  person("alfa", "Demo Alfason", "Демо Альфасон", "ديمو ألفاسون"),
  person("bravo", "Second Bravoson", "Секонд Бравосон"),
];
const read = (text: string, of: object[] = people) =>
  sentencesOf(text, { people: of } as never, profile);
const offersIn = (text: string) =>
  read(text).flatMap(({ offers }) =>
    offers.map(({ person: id, field, value }) => `${id}: ${field} ${value}`),
  );

describe("The sentences of a document", () => {
  it("are listed in its order with their neighbours, when they name somebody of the case or have a word for a status", () => {
    const text =
      "The weather was fine. Demo Alfason was\nreleased on 3 May. Everybody sang.\n\nThree others were arrested. Mr. Bravoson wept. It rained.";
    expect(
      read(text).map(
        ({ line, before, sentence, after, people: named, statusWords }) => [
          line,
          before,
          sentence,
          after,
          named,
          statusWords,
        ],
      ),
    ).toEqual([
      [
        1,
        "The weather was fine.",
        "Demo Alfason was released on 3 May.",
        "Everybody sang.",
        ["alfa"],
        ["released"],
      ],
      [
        4,
        "Everybody sang.",
        "Three others were arrested.",
        "Mr. Bravoson wept.",
        [],
        ["arrested"],
      ],
      [
        4,
        "Three others were arrested.",
        "Mr. Bravoson wept.",
        "It rained.",
        ["bravo"],
        [],
      ],
    ]);
  });

  it.each([
    ["in another script", "Демо Альфасон захворів."],
    ["inflected", "Листи передали Альфасону."],
    [
      "in Arabic, with a prefix and without vowels",
      "رأى الشاهد ديمو ألفاسون في المدينة. انتهى.",
    ],
    ["misspelt as a transliteration", "Demo Al'fason is ill."],
    ["with initials", "D. Alfason is ill."],
  ])("name a person by a spelling %s", (_, text) =>
    expect(read(text)[0]?.people).toEqual(["alfa"]),
  );

  it("have no value from a model letter, a title, an address or a list, and none is listed that only states", () => {
    const text =
      "DEMO ALFASON RELEASED\n\nMinister of Justice\nPrison Street 1\n\nDear Minister,\n\nDemo Alfason was released. Others were arrested.\n\nYours sincerely,\n\nName: Demo Alfason (he/him)\n";
    const listed = read(text);
    expect(listed.map(({ sentence }) => sentence)).toEqual([
      "DEMO ALFASON RELEASED",
      "Demo Alfason was released.",
    ]);
    expect(listed.flatMap(({ offers }) => offers)).toEqual([]);
  });

  it("offer neither of two values for one person", () =>
    expect(
      offersIn(
        "Demo Alfason was arrested. It rained. Demo Alfason is under house arrest.",
      ),
    ).toEqual([]));

  it("have ids of their own, and a verdict counts only for its sentence", () => {
    const sentences = read("Demo Alfason was released. Demo Alfason sang.");
    const [first, second] = sentences.map(({ id }) => id) as [string, string];
    expect(first).not.toBe(second);
    expect(unjudged({ sentences })).toEqual([first, second]);
    expect(
      unjudged({
        sentences,
        verdicts: { [first]: "claimed", other: "accepted" },
      }),
    ).toEqual([second]);
    expect(
      unjudged({ sentences, verdicts: { [first]: "nonsense" as never } }),
    ).toEqual([first, second]);
    expect(
      unreadOf({
        text: "a",
        sentences,
        verdicts: { [first]: "accepted", [second]: "already-said" },
      }),
    ).toBeNull();
    expect(unreadOf({ text: "a", sentences })?.count).toBe(2);
    expect(unreadOf({ text: "b", sentences })?.document).not.toBe(
      unreadOf({ text: "a", sentences })?.document,
    );
    expect(unreadOf({ text: "a" })).toBeNull();
  });
});

describe("A value is offered", () => {
  it.each([
    ["Demo Alfason was released on 3 May 2020.", ["alfa: custody released"]],
    [
      "The poet Demo Alfason is under house arrest.",
      ["alfa: custody house-arrest"],
    ],
    [
      "Demo Alfason was sentenced to twenty-one years in prison.",
      ["alfa: sentence P21Y"],
    ],
    [
      "Demo Alfason was sentenced to seven years and six months in prison.",
      ["alfa: sentence P7Y6M"],
    ],
    [
      "Demo Alfason was released on parole.",
      ["alfa: custody conditional-release"],
    ],
    [
      "Demo Alfason was arrested for hiding a man sentenced to ten years.",
      ["alfa: custody detained"],
    ],
    ["Демо Альфасон звільнений 3 травня.", ["alfa: custody released"]],
    ["Демо Альфасон освобождён 3 мая.", ["alfa: custody released"]],
  ])("beside a full name: %s", (text, offers) =>
    expect(offersIn(text)).toEqual(offers),
  );

  it.each([
    ["only a surname", "Alfason was released."],
    ["a possessive", "Demo Alfason’s term was served and he was released."],
    [
      "somebody who belongs to the person",
      "The lawyer of Demo Alfason was arrested.",
    ],
    ["kin", "Demo Alfason, a brother, was released."],
    [
      "a second name of the case",
      "Demo Alfason and Second Bravoson were released.",
    ],
    [
      "a second name of nobody",
      "Demo Alfason and Charlie Stranger were released.",
    ],
    ["part of a longer name", "Demo Alfason Junior was released."],
    ["the name of a father", "Omar Demo Alfason was released."],
    ["an inflected name", "Звільнено адвокатку Демо Альфасона."],
    [
      "a term that is reduced",
      "Demo Alfason was sentenced to ten years, shortened to six.",
    ],
    ["a denial", "Demo Alfason was not released."],
    ["a claim", "State television claimed that Demo Alfason was released."],
    ["hearsay", "According to the police Demo Alfason was released."],
    ["a call", "Demo Alfason must be released immediately."],
    ["a threat", "Demo Alfason faces up to seven years in prison."],
    ["a quotation", "“Demo Alfason was released,” the guard cried."],
    ["a question", "Was Demo Alfason released?"],
    ["an earlier time", "Demo Alfason had been arrested in 2012."],
    ["two values of a field", "Demo Alfason was executed and deported."],
    [
      "a suspended term",
      "Demo Alfason was given a suspended sentence of two years in prison, of which one is served.",
    ],
    ["an object of the sentence", "Guards arrested Demo Alfason in May."],
    ["what the person saw", "Demo Alfason saw that three men were arrested."],
    ["what the person did", "Demo Alfason filmed the arrest of protesters."],
    [
      "a case against the person",
      "The judge in the case against Demo Alfason was arrested.",
    ],
    ["a death, which only a person states", "Demo Alfason was killed."],
    ["what nearly happened", "Demo Alfason was nearly executed."],
    ["a word with another meaning", "Demo Alfason is a free man."],
    ["a place of work", "Demo Alfason was the prison doctor."],
    ["a warrant", "Demo Alfason is under arrest warrant."],
    ["a short time", "Demo Alfason was detained for an hour."],
    ["another release", "Demo Alfason was released from the army."],
    ["somebody who was seen", "Demo Alfason was seen at home."],
    ["a script without capitals", "أُفرج عن ديمو ألفاسون في مايو."],
  ])("never beside %s", (_, text) => {
    expect(read(text)).toHaveLength(1);
    expect(offersIn(text)).toEqual([]);
  });
});

it("No value is offered from a sentence about an earlier year than the document's newest", () => {
  expect(
    offersIn("Demo Alfason was released on 3 May 2019. It is 2020."),
  ).toEqual([]);
  expect(
    offersIn("Demo Alfason was released on 3 May 2020. It was not in 2019."),
  ).toEqual(["alfa: custody released"]);
});

describe("A sentence contradicts the case", () => {
  const custody = (value: string) => ({
    value,
    asOf: { date: "2020-06-25" },
    statedBy: "A",
    source: "a",
  });
  const published = [
    {
      ...people[0],
      custody: custody("imprisoned"),
      proceedings: [],
      designations: [],
    },
  ];
  const contradictions = (text: string) =>
    read(text, published).map(({ contradicts }) => contradicts ?? null);

  it("when it states another value, also by a surname alone", () => {
    for (const name of ["Demo Alfason", "Alfason"])
      expect(contradictions(`${name} was released on 3 May 2021.`)).toEqual([
        [
          {
            person: "alfa",
            field: "custody",
            value: "released",
            now: "imprisoned",
          },
        ],
      ]);
  });

  it.each([
    ["the same", "Demo Alfason is in prison."],
    ["what was before", "Demo Alfason was arrested on 3 May 2019."],
    ["what is asked for", "Demo Alfason must be released."],
    ["nothing of a person", "Three others were released."],
  ])("but not when it states %s", (_, text) =>
    expect(contradictions(text)).toEqual([null]),
  );
});
