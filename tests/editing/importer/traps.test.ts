/** Texts for which the importer must leave a field empty or report a doubt. */

import { expect, it } from "vitest";
import { isGarbled } from "../../../worker/editing/importer/encoding.ts";
import { draft, read } from "./drafts.ts";

const heading = (number: string, index: string, date: string) =>
  `First UA: ${number} Index: ${index} Kestria Date: ${date}\n\nURGENT ACTION\n`;
const names = (text: string) => `NAME AND PREFERRED PRONOUN: ${text}\n`;
const namesIn = (at: ReturnType<typeof draft>["at"]): string[] =>
  (at("/people") ?? []).map((person: any) => person.names[0].value);
const headed = (text: string) =>
  draft(`${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}${text}`);
const targetsOf = (text: string) =>
  draft(
    `UA 1/12\nAmnesty International\nPLEASE SEND APPEALS BEFORE 3 May 2012 TO:\n${text}`,
  );

it("Values that disagree are left open, and every line is shown", () => {
  const { at, warnings } = headed(
    heading("12/20", "EUR 46/1099/2020", "3 May 2020"),
  );
  expect([at("/documents/0/reference"), at("/id")]).toEqual([
    undefined,
    "ua-12-20",
  ]);
  expect(
    warnings.filter(({ tag }) => tag === "several").map(({ line }) => line),
  ).toEqual([1, 4]);
  // Case numbers, whatever is in brackets between two of them.
  const two =
    "Further information on UA 57/03 (EUR 46/006/2003) and UA 88/03 (EUR 46/010/2003) - Demo Concern\n";
  for (const one of [
    headed(`\nThis is the third update of UA 21/20.\n`),
    draft(`${two}${names("Demo Alfa (he/him)")}`),
  ]) {
    expect([one.at("/number"), one.at("/id")]).toEqual([undefined, undefined]);
    expect(one.tags).toContain("several");
  }
});

it.each([
  [
    "a date of another year than the index",
    heading("12/20", "EUR 46/1098/2020", "3 January 2019"),
    "/documents/0/issuedOn",
  ],
  [
    "a deadline before the document",
    `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2019\n`,
    "/action/until",
  ],
  [
    "a deadline without a year",
    `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 14 January\n`,
    "/action/until",
  ],
])("Not filled, and told: %s", (_, text, pointer) => {
  const { at, warnings } = draft(text);
  expect(at(pointer)).toBeUndefined();
  expect(warnings).toContainEqual(
    expect.objectContaining({ tag: "not-understood", pointer }),
  );
});

it("The date of a surrounding page or of an earlier text is not taken for the document's", () => {
  for (const top of [
    "Tuesday, September 28, 2010\n\nUrgent Action\n\nDear friends,\n\nUA 52/10 Demo Concern",
    "Further information on UA 52/10 originally issued 29 January 2010",
    "Further information on UA 52/10 (AFR 32/03/2010, 12 March 2010\nand follow-up) - Demo Concern",
  ])
    expect(
      draft(`${top}\n${names("Demo Alfa (m)")}`).at("/documents/0/issuedOn"),
      top,
    ).toBeUndefined();
});

it("Numbers and indexes are understood as they are written, and misread ones are not taken", () => {
  const { at } = draft(
    "UA: 019/18-6 Index: EUR 4634582018 Kestria Date: 5 June 2018\n",
  );
  expect([at("/id"), at("/documents/0/reference")]).toEqual([
    "ua-19-18",
    "EUR 46/3458/2018",
  ]);
  for (const [text, id] of [
    ["UAA 130/09 Demo Concern", "ua-130-09"],
    ["AU 151/11 Caso inventado", "ua-151-11"],
    ["EXTRA 19/92 Demo Concern", "extra-19-92"],
    ["UA 4О/19 Demo Concern", undefined],
  ] as const)
    expect(draft(`${text}\nAmnesty International\n`).at("/id"), text).toBe(id);
  expect(
    draft("UA 1/12\nIndex: AFR 32/049/20l2\nAmnesty International\n").at(
      "/documents/0/reference",
    ),
  ).toBeUndefined();
});

it("Another case's number inside the text is not taken for this one's", () => {
  const story =
    "An invented story\n\nSomebody was named in UA 12/93, and in many other texts of that year too.\n";
  expect(draft(story)).toMatchObject({ case: {}, tags: ["unknown-layout"] });
  expect(
    draft(
      `Index: EUR 46/1098/2020\n${story}\n${names("Demo Alfa (he/him)")}`,
    ).at("/number"),
  ).toBeUndefined();
});

it("A closing line beside a call for appeals leaves the action's state open, and one in a quotation closes nothing", () => {
  for (const text of [
    "No further action is requested on behalf of Demo Alfa.\nPLEASE SEND APPEALS BEFORE 3 May 2020 TO:\n",
    "No further action is requested on behalf of Demo Alfa.\n",
    "“I was told that no further action is requested,” she said.\n",
  ]) {
    const { at, tags } = draft(`UA 1/20\nAmnesty International\n${text}`);
    expect(at("/action/state"), text).toBeUndefined();
    expect(tags, text).toContain("action-not-certain");
  }
});

it("Direction overrides are removed and reported, and values with look-alike letters are not taken", () => {
  const {
    at,
    tags,
    case: fields,
  } = headed(`${names("Demo \u202eAlfa (he/him), Dem\u043e Bravo (he/him)")}`);
  expect(namesIn(at)).toEqual(["Demo Alfa"]);
  expect(tags).toEqual(
    expect.arrayContaining(["direction-override", "name-mixes-scripts"]),
  );
  expect(JSON.stringify(fields)).not.toMatch(/[\u202a-\u202e]|\u043e/);
  const { at: to } = targetsOf(
    "Minister of Home Aff\u0430irs\nLaw Street 1\nNowhere\nSalutation: De\u0430r Minister\n",
  );
  expect(to("/action/targets")).toEqual([
    expect.objectContaining({ address: "Law Street 1\nNowhere" }),
  ]);
  expect(Object.keys(to("/action/targets/0"))).not.toContain("name");
});

it("What a contact line says of somebody else is told, and two countries in two headings are", () => {
  const { at, warnings } = targetsOf(
    "Minister of Invention\nLaw Street 1\nFax: + 1 23 (c/o Demo Official)\n",
  );
  expect(at("/action/targets")).toHaveLength(1);
  expect(warnings.map(({ tag, found }) => [tag, found])).toContainEqual([
    "target-not-certain",
    "Fax: + 1 23 (c/o Demo Official)",
  ]);
  const other = heading("12/20", "EUR 46/1098/2020", "3 May 2020").replace(
    "Kestria",
    "Other Kestria",
  );
  const two = headed(
    `${other}\nHe was seen by the neighbours of his, who have been with him from that day.\n`,
  );
  expect(two.at("/places")).toBeUndefined();
  expect(two.warnings).toContainEqual(
    expect.objectContaining({ tag: "several", pointer: "/places/0" }),
  );
});

it.each([
  [
    "an addressee on one line",
    "Prime Minister: Mrs Demo Official, Office Street,\nNowhere\nSalutation: Dear Prime Minister\n",
  ],
  [
    "what stands behind contact details",
    "Minister of Invention\nLaw Street 1\nFax: + 1 23\nSecond Building, Nowhere\n",
  ],
  [
    "two columns",
    "President          Minister\nDemo One      Demo Two\nStreet             Street\n",
  ],
  [
    "the middle of an address",
    "Second Building\nNowhere\nSalutation: Dear Minister\n",
  ],
  ["an embassy", "Embassy of Kestria\nDirector's Lane\n"],
])("Left to the editor, and told: %s", (_, text) => {
  const { at, tags } = targetsOf(text);
  expect(at("/action/targets")).toBeUndefined();
  expect(tags).toContain("target-not-certain");
});

it.each<[string, string, string[][], string[]]>([
  [
    "a nickname in a bracket",
    "Demo (Nick) Alfa (he/him)",
    [],
    ["Demo (Nick) Alfa (he/him)"],
  ],
  [
    "a name that goes on behind its bracket",
    "Demo (m) Alfa",
    [],
    ["Demo (m) Alfa"],
  ],
  [
    "a spelling in brackets",
    "Demo Alfa (Демо Альфа) (he/him)",
    [["Demo Alfa", "Демо Альфа"]],
    [],
  ],
  [
    "another spelling",
    "Demo Alfa (also Demo Alpha) (he/him)",
    [["Demo Alfa", "Demo Alpha"]],
    [],
  ],
  [
    "an alias",
    "Demo Alfa alias Demo Alpha (he/him)",
    [["Demo Alfa", "Demo Alpha"]],
    [],
  ],
  ["a form of address", "Mrs Demo Alfa (she/her)", [["Demo Alfa"]], []],
  [
    "a bracket that is no name",
    "Demo Alfa (Invented Party) (he/him)",
    [["Demo Alfa"]],
    ["Demo Alfa (Invented Party) (he/him)"],
  ],
  [
    "a word in a bracket",
    "Demo Alfa (he/him, lawyer)",
    [["Demo Alfa"]],
    ["Demo Alfa (he/him, lawyer)"],
  ],
  [
    "one word on the next line",
    "Demo Alfa (he/him)\nBravo",
    [["Demo Alfa"]],
    ["Bravo"],
  ],
  [
    "a surname before the given name",
    "Alfa, Demo (she/her)",
    [],
    ["Alfa", "Demo (she/her)"],
  ],
  [
    "a list that goes on",
    "Demo Alfa (he/him), Demo Bravo (she/her)\nDemo Charlie, Demo Delta",
    [["Demo Alfa"], ["Demo Bravo"]],
    ["Demo Charlie, Demo Delta"],
  ],
  [
    "groups",
    "Invented Refugees (they/them), Demo Workers Union, 22 people",
    [],
    ["Invented Refugees (they/them)", "Demo Workers Union", "22 people"],
  ],
  ["pronouns that disagree", "Demo Alfa (he/her)", [["Demo Alfa"]], []],
])(
  "Nothing of a list of names is lost silently: %s",
  (_, list, people, told) => {
    const { at, warnings } = headed(names(list));
    expect(
      (at("/people") ?? []).map((one: any) =>
        one.names.map(({ value }: any) => value),
      ),
    ).toEqual(people);
    expect(
      warnings
        .filter(({ tag }) => tag === "name-not-certain")
        .map((one) => one.found),
    ).toEqual(told);
  },
);

it("A name keeps its letters unless the text writes it otherwise", () => {
  const { at, tags } = headed(
    `${names("Daw KHIN YU MON (f), Demo NDS (m), King Demo III (m), Demo ALFA (m), Demo ‘Echo (m)")}\nThe arrest of Demo Alfa was seen by Demo ‘Echo.\n`,
  );
  expect(namesIn(at)).toEqual([
    "Daw KHIN YU MON",
    "Demo NDS",
    "King Demo III",
    "Demo Alfa",
    "Demo ‘Echo",
  ]);
  expect(at("/people/4/names")).toHaveLength(1);
  expect(tags).toContain("name-in-capitals");
});

it("Several appeals are told by their people when they have no numbers, and an appeal with two lists is one", () => {
  const appeal = (name: string, more = "") =>
    `URGENT ACTION\n\nTAKE ACTION: WRITE AN APPEAL\nAsk for the invented gate to be opened.\n${more}${names(name)}\n`;
  const several = draft(
    `Dear all,\n\n${appeal("Demo Alfa (she/her)")}${appeal("Demo Bravo (he/him)")}`,
  );
  expect(several).toMatchObject({
    case: {},
    tags: ["several-appeals"],
    appeals: [
      { name: "Demo Alfa (she/her)", line: 1 },
      { name: "Demo Bravo (he/him)", line: 9 },
    ],
  });
  const one = draft(
    `Amnesty International\n${appeal("Demo Alfa (she/her)", names("Demo Bravo (he/him)"))}`,
  );
  expect([one.appeals, namesIn(one.at)]).toEqual([
    [],
    ["Demo Bravo", "Demo Alfa"],
  ]);
});

it("Letters in the wrong encoding are told, and those of sound texts are not", () => {
  for (const text of [
    "Vyhadaná Kukuvíňa — “for an invented reason”",
    "Вигадану Кукувіну",
    read("ua-126-19-outcome.txt"),
  ])
    expect(isGarbled(text), text.slice(0, 40)).toBe(false);
  for (const text of [
    "MarÃ­a Inventada",
    "Mar�a Inventada",
    "Mar?a Inventada",
    "Mar¡a Inventada",
    "Ð”ÐµÐ¼Ð¾",
  ])
    expect(isGarbled(text), text).toBe(true);
});
