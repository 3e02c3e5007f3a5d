/** Texts for which the importer must leave a field empty or report a doubt. */

import { expect, it } from "vitest";
import { draft } from "./drafts.ts";
import { appeals, readingOf } from "./score.ts";

const heading = (number: string, index: string, date: string) =>
  `First UA: ${number} Index: ${index} Kestria Date: ${date}\n\nURGENT ACTION\n`;
const names = (text: string) => `NAME AND PREFERRED PRONOUN: ${text}\n`;
const telex = (text: string) => draft(`UA 1/99 Demo Concern 3 May 1999\n\n${text}\n\nAmnesty International\n`);
const namesIn = (at: ReturnType<typeof draft>["at"]): string[] =>
  (at("/people") ?? []).map((person: any) => person.names[0].value);
const headed = (text: string) => draft(`${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}${text}`);

it("An index that differs between heading and body is left open, and both lines are shown", () => {
  const { at, warnings } = headed(heading("12/20", "EUR 46/1099/2020", "3 May 2020"));
  expect(at("/documents/0/reference")).toBeUndefined();
  expect(at("/id")).toBe("ua-12-20");
  expect(warnings.filter(({ tag }) => tag === "several-indexes").map(({ line }) => line)).toEqual([1, 4]);
});

it("Case numbers that disagree are left open, and so is the id", () => {
  // Whatever is in brackets between two of them.
  const two =
    "Further information on UA 57/03 (EUR 46/006/2003, 14 March 2003) and UA 88/03 (EUR 46/010/2003, 1 April 2003) - Demo Concern\n";
  for (const { at, tags } of [headed(`\nThis is the third update of UA 21/20.\n`), draft(two)]) {
    expect([at("/number"), at("/id")]).toEqual([undefined, undefined]);
    expect(tags).toContain("several-numbers");
  }
});

it("A date in the wrong year is left open", () => {
  const { at, tags } = draft(heading("12/20", "EUR 46/1098/2020", "3 January 2019"));
  expect(at("/documents/0/issuedOn")).toBeUndefined();
  expect(tags).toContain("date-against-index");
  const past = headed(`PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2019\n`);
  expect(past.at("/action/until")).toBeUndefined();
  expect(past.tags).toContain("deadline-not-understood");
});

it("The date of a surrounding page, of an earlier text or of an event is not taken for the document's", () => {
  for (const heading of [
    "Tuesday, September 28, 2010\n\nUrgent Action\n\nDear friends,\n\nUA 52/10 Demo Concern",
    "Further information on UA 52/10 originally issued 29 January 2010",
    "Further information on UA 52/10 (AFR 32/03/2010, 12 March 2010\nand follow-up) - Demo Concern",
    "UA 52/10 Demo Concern\nl9 August 2010",
  ])
    expect(
      draft(`${heading}\nKENYA Demo Alfa (m)\nAPPEALS TO:\n`).at("/documents/0/issuedOn"),
      heading,
    ).toBeUndefined();
  const below = draft("UA 52/10 Demo Concern /\nInvented Concern\n31 October 2010\nKENYA Demo Alfa (m)\nAPPEALS TO:\n");
  expect(below.at("/documents/0/issuedOn/date")).toBe("2010-10-31");
});

it.each([
  ["2017-form-en-21", "Your Excellency,\nI am concerned"],
  ["2019-letter-es-3", "Estimado Sr. Fiscal General:\nLe escribo"],
])("The model letter of %s is offered in the issuer's words, from its salutation on", (name, start) => {
  const { toRestate } = readingOf(appeals.find((one) => one.name === name)!.text, {})!;
  const letter = toRestate.find(({ pointer }) => pointer.startsWith("/action/letter"))!;
  expect(letter.text.slice(0, start.length)).toBe(start);
});

it("An index that a scanner misread is not taken", () => {
  expect(draft("UA 1/12\nIndex: AFR 32/049/20l2\n").at("/documents/0/reference")).toBeUndefined();
});

it("A deadline without a year is the first such day after the document's date, and is marked as inferred", () => {
  const { at, provenance } = draft(
    `${heading("12/20", "EUR 46/1098/2020", "3 December 2020")}PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 14 January\n`,
  );
  expect(at("/action/until")).toBe("2021-01-14");
  expect(provenance.find(({ pointer }) => pointer === "/action/until")?.certainty).toBe("inferred");
});

it("Unspaced indexes, suffixes and other ways to write a number are understood", () => {
  const { at, tags } = draft("UA: 019/18-6 Index: EUR 4634582018 Kestria Date: 5 June 2018\n");
  expect(at("/id")).toBe("ua-19-18");
  expect(at("/documents/0/reference")).toBe("EUR 46/3458/2018");
  expect(at("/documents/0/sequence")).toBeUndefined();
  expect(tags).toEqual(expect.arrayContaining(["number-suffix", "index-unspaced"]));
  for (const [text, id] of [
    ["UAA 130/09 Demo Concern", "ua-130-09"],
    ["AU 151/11 Caso inventado", "ua-151-11"],
    ["EXTRA 19/92 Demo Concern", "extra-19-92"],
    ["MA 3/98 Demo Concern", "ma-3-98"],
    ["URGENT ACTION\n126.19\n", "ua-126-19"],
  ] as const)
    expect(draft(`${text}\nAmnesty International\n`).at("/id"), text).toBe(id);
});

it("Another case's number inside the text is not taken for this one's", () => {
  const story = "An invented story\n\nSomebody was named in UA 12/93, and in many other texts of that year too.\n";
  expect(draft(story)).toMatchObject({ case: {}, tags: ["unknown-layout"] });
  expect(draft(`Index: EUR 46/1098/2020\n${story}\n${names("Demo Alfa (he/him)")}`).at("/number")).toBeUndefined();
});

it("A form of address is no part of a person's name", () => {
  const line =
    "AMNESTY INTERNATIONAL\nURGENT ACTION\nUA-Nr: UA-044/2019 AI-Index: EUR 44/1234/2019 Datum: 12. April 2019\n\nTÜRKEI\n";
  const { at } = draft(
    `${line}Frau Demo ALFA, Lehrerin\n\nDemo Alfa wurde festgenommen. Sie ist in Haft und darf nicht mit der Familie reden.\n`,
  );
  expect(at("/people/0/names/0/value")).toBe("Demo Alfa");
});

it("A closing line beside a call for appeals leaves the action's state open, and one in a quotation closes nothing", () => {
  const { at, tags } = draft(
    "UA 1/20\nNo further action is requested on behalf of Demo Alfa.\nPLEASE SEND APPEALS BEFORE 3 May 2020 TO:\n",
  );
  expect(at("/action/state")).toBeUndefined();
  expect(tags).toContain("action-not-certain");
  const quoted = headed(`\nThe police said that no further action is required.\n\nTAKE ACTION: WRITE AN APPEAL\n`);
  expect([quoted.at("/action/state"), quoted.at("/documents/0/kind")]).toEqual(["active", "initial"]);
});

it("Direction overrides are removed and reported, and a name with look-alike letters is not taken", () => {
  const { at, tags, case: fields } = headed(`${names("Demo \u202eAlfa (he/him), Dem\u043e Bravo (he/him)")}`);
  expect(namesIn(at)).toEqual(["Demo Alfa"]);
  expect(tags).toEqual(expect.arrayContaining(["direction-override", "name-mixes-scripts"]));
  expect(JSON.stringify(fields)).not.toMatch(/[\u202a-\u202e]|\u043e/);
});

it("A field with look-alike letters is not taken", () => {
  const { at, tags } = draft(
    "UA 1/12\nRECOMMENDED ACTION: Please send appeals:\nAPPEALS TO:\nMinister of Home Aff\u0430irs\nLaw Street 1\nNowhere\nSalutation: De\u0430r Minister\n",
  );
  expect(at("/action/targets/0/name")).toBeUndefined();
  expect(at("/action/targets/0/salutation")).toBeUndefined();
  expect(at("/action/targets/0/address")).toBe("Law Street 1\nNowhere");
  expect(tags).toContain("name-mixes-scripts");
});

it("A call to write that continues on a second line is not taken for an addressee", () => {
  const { at } = headed(
    `\nTAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS\nMODEL LETTER\n\nMinister of Invention\nLaw Street 1\n\nDear Minister,\n\nYours sincerely,\n`,
  );
  expect(at("/action/targets")).toEqual([
    { name: "Minister of Invention", address: "Law Street 1", salutation: "Dear Minister" },
  ]);
});

it("An addressee on one line, and what is left behind contact details, is left to the editor", () => {
  const packed = telex(
    "APPEALS TO:\n\nPrime Minister: Mrs Demo Official, Office Street,\nNowhere\nSalutation: Dear Prime Minister\n",
  );
  expect(packed.at("/action/targets")).toBeUndefined();
  expect(packed.tags).toContain("target-not-certain");
  const cut = telex("APPEALS TO:\n\nMinister of Invention\nLaw Street 1\nFax: + 1 23\nSecond Building, Nowhere\n");
  expect(cut.at("/action/targets")).toEqual([{ name: "Minister of Invention", address: "Law Street 1" }]);
  expect(cut.found.find(({ field }) => field === "addressees")).toMatchObject({
    state: "doubtful",
    words: "Second Building, Nowhere",
  });
});

it("Relatives who are marked as named are people, without their kinship in the name", () => {
  const { at } = telex("KENYA\tDemo ALFA (m), lawyer, and his wife Demo BRAVO [f]\n");
  expect(namesIn(at)).toEqual(["Demo ALFA", "Demo BRAVO"]);
  expect(at("/people").map((person: any) => person.pronouns)).toEqual(["he/him", "she/her"]);
});

it("Names grouped by what happened to people are taken, and what happened is left to the editor", () => {
  const { at } = telex(
    "KENYA     Killed: Demo ALFA, Demo BRAVO\n          Threatened: Demo CHARLIE, priest\nand new names:Demo DELTA (f) (new arrest)\n",
  );
  expect(namesIn(at)).toEqual(["Demo ALFA", "Demo BRAVO", "Demo CHARLIE", "Demo DELTA"]);
  expect(at("/people").every((person: any) => person.custody === undefined)).toBe(true);
});

it("A headline that begins with a country, a label or an address yields no place", () => {
  const appeals = "APPEALS TO:\nPresident\nOffice Street\nKENYA";
  for (const text of ["CHINA EXECUTES TWO MEN", "NAME AND PRONOUN: Demo Alfa (he/him), Demo Bravo (f)", appeals])
    expect(telex(`${text}\n`).at("/places"), text).toBeUndefined();
});

it("Columns that can't be told apart are left to the editor", () => {
  const { at, tags } = telex(
    "APPEALS TO:\nPresident          Minister\nDemo One      Demo Two\nStreet             Street\n",
  );
  expect(at("/action/targets")).toBeUndefined();
  expect(tags).toContain("target-not-certain");
});

it("Names without a mark are left to the editor, and told", () => {
  const { at, tags } = telex(
    "KENYA Demo ALFA, of Nowhere\nDemo Bravo\nDemo Charlie, director\n\nThe two people named above and Demo Bravo were arrested.\n",
  );
  expect(namesIn(at)).toEqual(["Demo ALFA"]);
  expect(tags).toContain("name-not-certain");
});

it.each<[string, string, string[][], string | null]>([
  ["a nickname in a bracket", "Demo (Nick) Alfa (he/him)", [], "Demo (Nick) Alfa (he/him)"],
  ["a name that goes on behind its bracket", "Demo (m) Alfa", [], "Demo (m) Alfa"],
  ["a spelling in brackets", "Demo Alfa (Демо Альфа) (he/him)", [["Demo Alfa", "Демо Альфа"]], null],
  ["another spelling", "Demo Alfa (also Demo Alpha) (he/him)", [["Demo Alfa", "Demo Alpha"]], null],
  ["an alias", "Demo Alfa alias Demo Alpha (he/him)", [["Demo Alfa", "Demo Alpha"]], null],
  [
    "a bracket that is no name",
    "Demo Alfa (Invented Party of Nowhere) (he/him)",
    [["Demo Alfa"]],
    "Demo Alfa (Invented Party of Nowhere) (he/him)",
  ],
  [
    "a list that goes on",
    "Demo Alfa (he/him), Demo Bravo (she/her)\nDemo Charlie, Demo Delta",
    [["Demo Alfa"], ["Demo Bravo"]],
    "Demo Charlie, Demo Delta",
  ],
])("Nothing of a list of names is lost silently: %s", (_, list, people, told) => {
  const { at, warnings, found } = headed(names(list));
  expect((at("/people") ?? []).map((one: any) => one.names.map(({ value }: any) => value))).toEqual(people);
  const doubts = warnings.filter(({ tag }) => tag === "name-not-certain").map((one) => one.found);
  expect(doubts).toEqual(told === null ? [] : [told]);
  expect(found.find(({ field }) => field === "people")?.state).toBe(told === null ? "filled" : "doubtful");
});

it("A name keeps its letters unless the text writes it otherwise", () => {
  const { at, tags } = telex(
    "KENYA Daw KHIN YU MON (f)\nDemo NDS (m)\nKing Demo III (m)\nDemo ALFA (m)\n\nThe arrest of Demo Alfa was seen.\n",
  );
  expect(namesIn(at)).toEqual(["Daw KHIN YU MON", "Demo NDS", "King Demo III", "Demo Alfa"]);
  expect(tags).toContain("name-in-capitals");
});

it("An apostrophe at the beginning of a name is part of it", () => {
  const { at } = draft("UA 1/12\nName: Demo ‘Alfa\nDemo ‘Alfa was seen by Demo ‘Alfa.\n");
  expect(at("/people/0/names")).toHaveLength(1);
});

it("Groups are not taken for people", () => {
  const { at } = telex("KENYA\tMembers of the Invented family (f)\n\tVillagers of Nowhere\n");
  expect(at("/places/0/iso3166")).toBe("KE");
  const marked = headed(names("Invented Refugees (they/them), Demo Workers Union (they/them), 22 people"));
  for (const one of [at, marked.at]) expect(one("/people")).toBeUndefined();
});
