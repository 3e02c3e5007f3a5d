/** The importer: what it must read on each layout, what it must leave open, and that nothing makes it run away. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import hand from "../../shared/cases/ua-126-19.json" with { type: "json" };
import { datesIn, edtfOf } from "../../shared/urgent-action/dates.ts";
import { countryAtStart, countryCode } from "../../shared/urgent-action/places.ts";
import { draftFrom } from "../../shared/urgent-action.ts";
import { leavesOf, valueAt } from "./facts.ts";

const documents = new URL("../documents/", import.meta.url);
const invented = readdirSync(new URL("invented/", documents)).sort();
const read = (name: string) => readFileSync(new URL(name, documents), "utf8");

function draft(text: string) {
  const result = draftFrom(text);
  if ("unreadable" in result) throw new Error(result.unreadable);
  const tags = result.draft.warnings.map(({ tag }) => tag);
  return { ...result.draft, tags, at: (pointer: string) => valueAt(result.draft.case, pointer) as any };
}

describe("the document of UA 126/19", () => {
  const { case: fields, provenance, at, tags, dates, toRestate } = draft(read("ua-126-19-outcome.txt"));
  const leaves = leavesOf(fields);

  it("yields no field that differs from the case made by hand", () => {
    expect(leaves.filter((pointer) => valueAt(fields, pointer) !== valueAt(hand, pointer))).toEqual([]);
    expect(leaves.length).toBeGreaterThanOrEqual(210);
  });

  it("yields its facts", () => {
    for (const pointer of [
      "/id",
      "/number",
      "/issuer",
      "/asOf",
      "/documents/0",
      "/documents/1",
      "/action/state",
      ...hand.people.flatMap((_, person) =>
        ["names", "pronouns", "designations", "custody", "proceedings", "sentence/value/duration"].map(
          (field) => `/people/${person}/${field}`,
        ),
      ),
    ])
      expect(at(pointer), pointer).toEqual(valueAt(hand, pointer));
  });

  it("warns of its traps", () => {
    expect(tags).toContain("two-spellings");
    expect(tags).toContain("year-inferred");
    expect(tags).toContain("no-date");
    expect(tags).not.toContain("count-differs");
  });

  it("tells its dates as the case made by hand does", () => {
    const known = hand.events.map(({ date }) => JSON.stringify(date));
    const told = dates.map(({ date }) => JSON.stringify(date));
    expect(told.filter((date) => !known.includes(date))).toEqual([
      JSON.stringify({ date: "2014", asStated: "in 2014" }),
    ]);
  });

  it("says for every field on which line it stands", () => {
    const lines = read("ua-126-19-outcome.txt").split("\n").length;
    for (const leaf of leaves) {
      const field = provenance.find(({ pointer }) => `${leaf}/`.startsWith(`${pointer}/`));
      expect(field, leaf).toBeDefined();
      expect(field?.line).toBeLessThanOrEqual(lines);
    }
  });

  it("offers the issuer's prose beside empty fields, and takes none of it over", () => {
    for (const { pointer } of toRestate) expect(at(pointer), pointer).toBeUndefined();
    const prose = read("ua-126-19-outcome.txt");
    for (const leaf of leaves) {
      const value = valueAt(fields, leaf);
      if (typeof value === "string" && prose.includes(value)) expect(value.split(" ").length, value).toBeLessThan(5);
    }
  });
});

/** Pointer and value; `undefined` must be left open. */
const layouts: Record<string, { facts: Record<string, unknown>; warned: string[]; ages?: number[]; people: string[] }> =
  {
    "1992-extra.txt": {
      facts: {
        "/id": "extra-19-92",
        "/documents/0/aiIndex": "MDE 24/05/92",
        "/documents/0/issuedOn/date": "1992-01-07",
        "/action/state": "active",
      },
      people: [],
      warned: ["no-people", "sentence-not-certain"],
    },
    "1992-list.txt": {
      facts: {
        "/id": "ua-31-92",
        "/documents/0/kind": "update",
        "/documents/0/issuedOn/date": "1992-04-22",
        // Of "AFR 33/03/92" and "AFR 32/03/92" one is a slip.
        "/documents/1/aiIndex": "AFR 32/04/92",
        "/documents/1/issuedOn/date": "1992-03-16",
        "/documents/2": undefined,
        "/places/0/iso3166": "KE",
        "/people/0/names/1/value": "Demo Celik",
        "/people/0/pronouns": "she/her",
        "/action/state": "active",
        "/action/targets/0/name": "Governor of Nowhere",
        "/action/targets/0/salutation": "Dear Governor",
        "/action/targets/1/name": "Mr First Official",
        "/action/targets/1/address": "Invented Board of Pardons\nLaw Street 9\nNowhere, Kenya",
        "/action/targets/1/salutation": "Dear Mr Official",
        "/action/targets/2/name": "The Honourable Second Official",
        "/action/targets/2/salutation": "Sr. Ministro / Dear Minister",
        "/action/targets/3": undefined,
      },
      people: ["Demo Çelik", "Demo Bravo", "Demo Charlie", "Demo Delta"],
      warned: ["several-indexes", "name-not-certain", "others-unnamed"],
    },
    "1992-outcome.txt": {
      facts: {
        "/id": "extra-78-92",
        "/documents/0/kind": "outcome",
        "/documents/0/aiIndex": "AMR 51/105/92",
        "/documents/0/issuedOn/date": "1992-09-25",
        "/documents/1/aiIndex": "AMR 51/102/92",
        "/documents/1/issuedOn": undefined,
        "/documents/2/aiIndex": "AMR 51/104/92",
        "/places/0/iso3166": "US",
        "/action/state": "closed",
        "/people/0/sentence": undefined,
      },
      people: ["Demo Personone", "Demo Persontwo", "Demo Personthree", "Demo Personfour"],
      warned: ["others-unnamed", "name-recased"],
    },
    "1993-extra-mail.txt": {
      facts: {
        "/id": "extra-2-93",
        "/documents/0/kind": "initial",
        "/documents/0/aiIndex": "AFR 32/01/93",
        "/documents/0/issuedOn/date": "1993-01-06",
        "/places/0/iso3166": "KE",
        "/action/until": "1993-02-17",
        "/action/targets/0/name": "Mr First Official",
        "/action/targets/0/address": "Governor of Nowhere\nGovernor's Building\nNowhere, Kenya",
        "/action/targets/1/salutation": "Dear Minister",
        "/action/targets/1/languages": ["en"],
        "/action/targets/2": undefined,
      },
      people: ["Demo Ay"],
      warned: ["year-inferred"],
    },
    "1993-members.txt": {
      facts: {
        "/id": "ua-143-93",
        "/documents/0/issuedOn/date": "1993-05-06",
        "/places/0/iso3166": "KE",
        "/people/1/pronouns": "she/her",
      },
      people: ["Demo Alfa Uno", "Second Bravo Dos"],
      ages: [19],
      warned: ["others-unnamed", "name-recased", "name-not-certain"],
    },
    "1994-further.txt": {
      facts: {
        "/id": "ua-345-94",
        "/documents/0/kind": "update",
        "/documents/0/aiIndex": "EUR 44/101/94",
        "/documents/0/issuedOn/date": "1994-10-14",
        "/documents/1/aiIndex": "EUR 44/93/94",
        "/documents/1/issuedOn/date": "1994-09-22",
        "/action/until": "1994-11-25",
        "/people/0/pronouns": undefined,
        "/people/0/custody": undefined,
      },
      people: ["Demo Personone"],
      warned: [],
    },
    "1994-initial.txt": {
      facts: {
        "/id": "ua-345-94",
        "/number": { series: "UA", number: 345, year: 1994 },
        "/documents/0/kind": "initial",
        "/documents/0/aiIndex": "EUR 44/93/94",
        "/documents/0/issuedOn/date": "1994-09-22",
        "/documents/1": undefined,
        "/places/0/name/en": "Kestria",
        "/places/0/iso3166": undefined,
        "/people/0/pronouns": "he/him",
        "/people/1/pronouns": "she/her",
        "/action/until": "1994-11-03",
        "/action/targets/0/name": "Mr Third Official",
        "/action/targets/1/name": "Chief Prosecutor of Nowhere",
        "/action/targets/1/salutation": "Dear Prosecutor",
        "/action/targets/2": undefined,
      },
      people: ["Demo Personone", "Second Invented"],
      ages: [32, 17],
      warned: ["others-unnamed", "pronoun-from-gender", "country-not-known"],
    },
    "1995-bulletin.txt": {
      facts: {
        "/id": "extra-139-95",
        "/documents/0/issuedOn/date": "1995-11-10",
        "/places/0/iso3166": "KE",
        "/action/targets/0/name": "Mr First Official",
        "/action/targets/0/address": "State of Emergency Governor\nLaw Street",
        "/action/targets/0/salutation": "Dear Governor",
        "/action/targets/1/name": "His Excellency Lieutenant General Second Official",
        "/action/targets/2": undefined,
      },
      people: ["Demo Personone", "Second Personone", "Third Personone"],
      ages: [17, 14, 9],
      warned: ["pronoun-from-gender"],
    },
    "1996-languages.txt": {
      facts: {
        "/id": "extra-14-96",
        "/action/until": "1996-02-20",
        "/action/targets/0/name": "Mr Demo Official",
        "/action/targets/0/languages": ["en", "tr", "fr", "de"],
        "/action/targets/2": undefined,
      },
      people: ["Demo Çelik", "Demo Yilmaz"],
      ages: [23, 19],
      warned: ["name-recased"],
    },
    "1996-glued.txt": {
      facts: {
        "/id": "ua-43-96",
        "/documents/0/aiIndex": "AFR 54/005/1996",
        "/documents/0/issuedOn/date": "1996-02-22",
        "/places/0/iso3166": "SD",
        "/action/until": "1996-04-04",
        "/action/targets/0/name": "Mr First Official",
        "/action/targets/0/languages": ["en", "ar"],
      },
      people: ["al-Demo Alfa", "Demo Bravo", "Demo Charlie", "Demo al-Delta"],
      warned: ["status-left-open"],
    },
    "1998-flat.txt": {
      facts: {
        "/id": "ua-131-98",
        "/documents/0/aiIndex": "AFR 32/25/98",
        "/documents/0/issuedOn/date": "1998-04-24",
      },
      people: [],
      warned: ["no-people"],
    },
    "1999-public.txt": {
      facts: {
        "/documents/0/aiIndex": "ASA 21/11/99",
        "/documents/0/issuedOn/date": "1999-02-26",
        "/places/0/iso3166": "KE",
        "/places/1": undefined,
        "/action/until": "1999-04-09",
        "/action/targets/0/name": "President Demo Official One",
        "/action/targets/0/languages": ["sw", "en"],
      },
      people: [],
      warned: ["no-people"],
    },
    "2002-issued.txt": {
      facts: {
        "/id": "ua-22-01",
        "/documents/0/issuedOn/date": "2002-01-28",
        "/people/0/pronouns": "she/her",
        "/people/1/pronouns": "he/him",
      },
      people: ["Demo Alfa", "Demo Bravo"],
      ages: [43],
      warned: ["year-inferred"],
    },
    "2007-further.txt": {
      facts: {
        "/id": "ua-137-06",
        "/documents/0/kind": "update",
        "/documents/0/issuedOn/date": "2007-02-06",
        "/documents/1/issuedOn/date": "2006-05-16",
        "/places/0/iso3166": "KE",
        "/action/targets/0/name": "Lic. Demo Official One",
        "/action/targets/1/name": "Attorney General",
        "/action/targets/2": undefined,
      },
      people: ["Demo Person One"],
      warned: ["others-unnamed"],
    },
    "2007-outcome-fr.txt": {
      facts: {
        "/id": "ua-60-07",
        "/documents/0/kind": "outcome",
        "/documents/0/aiIndex": "AMR 51/075/2007",
        "/documents/0/issuedOn/date": "2007-04-19",
        "/documents/1/aiIndex": "AMR 51/041/2007",
        "/documents/1/issuedOn/date": "2007-03-08",
        "/places/0/iso3166": "US",
        "/people/0/pronouns": "he/him",
        "/action/state": "closed",
      },
      people: ["Demo Alfa"],
      warned: ["year-inferred"],
    },
    "2009-blog.txt": {
      facts: {
        "/id": "ua-135-09",
        "/documents/0/issuedOn/date": "2009-05-29",
        "/places/0/name/en": "Palestinian Authority",
        "/places/0/iso3166": undefined,
        "/people/0/sentence": undefined,
        "/people/2/pronouns": "he/him",
        "/action/until": "2009-07-10",
      },
      people: ["Demo ‘Abdul al-Personone", "Mo’men Demo al-Persontwo", "Demo Third Person"],
      ages: [28, 37],
      warned: ["sentence-not-certain", "country-not-known"],
    },
    "2009-initial-fr.txt": {
      facts: {
        "/id": "ua-340-09",
        "/language": "fr",
        "/documents/0/kind": "initial",
        "/documents/0/aiIndex": "MDE 30/022/2009",
        "/documents/0/issuedOn/date": "2009-12-18",
        "/places/0/name/en": "Tunisia",
        "/action/state": "active",
        "/action/until": "2010-01-29",
        "/action/targets/0/salutation": "Monsieur le Président de la République",
        "/action/targets/1/name": "Ministre de l'Intérieur",
        "/action/targets/1/languages": ["ar", "fr", "en"],
        "/action/targets/2": undefined,
      },
      people: ["Demo Personne Un"],
      warned: ["number-written-otherwise"],
    },
    "2010-wrong-year.txt": {
      facts: {
        "/id": "ua-97-10",
        "/documents/0/kind": "update",
        "/documents/0/issuedOn": undefined,
        "/asOf": undefined,
        "/places/0/iso3166": "US",
        "/action/until": "2011-01-25",
        "/people/0/sentence": undefined,
      },
      people: ["Demo Person One"],
      warned: ["date-against-index", "sentence-not-certain"],
    },
    "2011-typed-wrong.txt": {
      facts: {
        "/id": "ua-97-10",
        "/documents/0/issuedOn": undefined,
        "/asOf": undefined,
        "/places/0/iso3166": "KE",
      },
      people: ["Demo Alfa"],
      warned: ["date-against-index"],
    },
    "2012-columns.txt": {
      facts: {
        "/id": "ua-5-12",
        "/people/1/sentence": undefined,
        "/action/targets/0/name": "President",
        "/action/targets/0/address": "Demo Official One\nPalace Street 38\nNowhere, Kestria",
        "/action/targets/1/name": "His Excellency Demo Official Two",
        "/action/targets/1/salutation": "Your Excellency",
        "/action/targets/2": undefined,
      },
      people: ["'Abd Demo al-'Aradi", "Demo al-Ammar"],
      warned: ["sentence-not-certain"],
    },
    "2014-initial-es.txt": {
      facts: {
        "/id": "ua-268-14",
        "/language": "es",
        "/documents/0/aiIndex": "AMR 23/038/2014",
        "/documents/0/issuedOn/date": "2014-10-27",
        "/places/0/name/en": "Tunisia",
        "/people/0/pronouns": "he/him",
        "/people/1/pronouns": undefined,
        "/action/until": "2014-12-08",
        "/action/targets/0/salutation": "Señor Presidente",
        "/action/targets/0/languages": ["es"],
        "/action/targets/1": undefined,
      },
      people: ["Demo Persona Uno", "Demo Persona Dos"],
      warned: ["name-not-certain"],
    },
    "2014-one-line.txt": {
      facts: {
        "/id": "ua-299-14",
        "/documents/0/aiIndex": "AMR 41/042/2014",
        "/documents/0/issuedOn/date": "2014-11-25",
        "/places/0/name/en": "Kestria",
        "/action/state": "active",
        "/action/until": "2015-01-06",
        "/action/targets": undefined,
      },
      people: [],
      warned: ["no-people"],
    },
    "2014-outcome-fr.txt": {
      facts: {
        "/id": "ua-142-14",
        "/documents/0/kind": "outcome",
        "/documents/0/aiIndex": "EUR 50/027/2014",
        "/documents/0/issuedOn/date": "2014-06-24",
        "/documents/1/aiIndex": "EUR 50/024/2014",
        "/places/0/iso3166": "RU",
        "/people/1/pronouns": "she/her",
        "/action/state": "closed",
      },
      people: ["Demo Personne Un", "Demo Personne Deux"],
      warned: ["number-written-otherwise"],
    },
    "2019-outcome-heading.txt": {
      facts: {
        "/id": "ua-14-19",
        "/documents/0/kind": "outcome",
        "/documents/0/final": true,
        "/documents/0/sequence": undefined,
        "/people/0/designations": undefined,
        "/people/1/sentence": undefined,
        "/action/state": undefined,
      },
      people: ["Demo Person One", "Demo Person Two"],
      warned: ["sequence-of-updates", "others-unnamed", "no-closing"],
    },
    "2010-mail.txt": {
      facts: {
        "/id": "ua-229-10",
        "/documents/0/issuedOn/date": "2010-10-22",
        "/documents/0/aiIndex": undefined,
        "/action/until": "2010-12-03",
        "/action/targets/0/email": undefined,
        "/action/targets/0/salutation": "Your Excellency",
      },
      people: [],
      warned: ["email-hidden", "no-people"],
    },
    "2011-outcome-es.txt": {
      facts: {
        "/id": "ua-151-11",
        "/language": "es",
        "/documents/0/kind": "outcome",
        "/documents/0/issuedOn/date": "2011-07-05",
        "/action/state": "closed",
      },
      people: ["Demo Persona Uno"],
      warned: ["number-written-otherwise"],
    },
    "2012-web-fr.txt": {
      facts: {
        "/id": "ua-195-12",
        "/documents/0/aiIndex": "AMR 41/049/2012",
        "/documents/0/issuedOn/date": "2012-07-09",
        "/documents/0/lang": "fr",
        "/places/0/iso3166": "MX",
        "/action/state": undefined,
        "/action/until": "2012-08-20",
      },
      people: [],
      warned: ["action-not-certain"],
    },
    "2013-outcome-fr.txt": {
      facts: {
        "/id": "ua-88-13",
        "/language": "fr",
        "/documents/0/kind": "outcome",
        "/documents/0/issuedOn": undefined,
        "/asOf/date": "2013-05-03",
        "/action/state": "closed",
      },
      people: ["Demo Personne Un"],
      warned: ["no-date"],
    },
    "2014-further.txt": {
      facts: {
        "/id": "ua-142-14",
        "/documents/0/kind": "update",
        "/documents/0/aiIndex": "EUR 50/027/2014",
        "/documents/0/final": undefined,
        "/documents/1/aiIndex": "EUR 50/024/2014",
        "/places/0/name/en": "Kestria",
        "/people/0/sentence/value/duration": "P10Y",
        "/people/1/sentence": undefined,
        "/action/until": "2014-08-18",
        "/action/targets/0/email": "president@kestria.example",
        "/action/targets/0/languages": ["ru", "en"],
        "/action/targets/1/email": undefined,
        "/action/targets/2": undefined,
      },
      people: ["Demo Person One", "Demo Person Two"],
      warned: ["email-hidden", "sequence-of-updates", "status-left-open"],
    },
    "2010-outcome-fr.txt": {
      facts: {
        "/id": "ua-30-10",
        "/documents/0/kind": "outcome",
        "/documents/0/aiIndex": "MDE 28/005/2010",
        "/documents/0/issuedOn/date": "2010-05-05",
        "/documents/1/aiIndex": "MDE 28/003/2010",
        "/documents/2": undefined,
        "/places/0/iso3166": "DZ",
        "/action/state": "closed",
      },
      people: ["Demo Golf"],
      warned: [],
    },
    "2013-wrapped.txt": {
      facts: {
        "/id": "ua-55-13",
        "/documents/1/aiIndex": "ASA 37/006/2013",
        "/documents/1/href": "https://www.amnesty.org/en/library/info/ASA37/006/2013/en",
        "/action/until": "2013-07-11",
        "/action/targets/1/name": "Inspector General of Police",
        "/action/targets/2": undefined,
      },
      people: ["Demo Uniform"],
      warned: [],
    },
    "2017-labels.txt": {
      facts: {
        "/documents/0/sequence": 1,
        "/documents/1": undefined,
        "/places/0/iso3166": "SY",
        "/action/until": "2017-07-03",
        "/action/targets/0/name": "His Excellency Demo al-Official",
        "/action/targets/1": undefined,
      },
      people: ["Demo Quebec"],
      warned: [],
    },
    "2017-form.txt": {
      facts: {
        "/id": "ua-60-16",
        "/documents/0/kind": "update",
        "/documents/0/sequence": 3,
        "/documents/0/aiIndex": "MDE 13/6255/2017",
        "/documents/0/issuedOn/date": "2017-05-12",
        "/documents/1/aiIndex": "MDE 13/5900/2017",
        "/action/until": "2017-06-23",
        "/action/targets/0/languages": ["ar", "en"],
        "/action/targets/0/salutation": "Dear Minister",
        "/people/0/pronouns": "she/her",
      },
      people: ["Demo Person One"],
      warned: [],
    },
    "2019-copies.txt": {
      facts: {
        "/documents/0/sequence": 2,
        "/action/until": "2019-07-19",
        "/action/targets/0/name": "Mr Demo Official Nine",
        "/action/targets/0/salutation": "Your Excellency",
        "/action/targets/0/languages": ["ur", "en"],
        "/action/targets/1": undefined,
      },
      people: ["Demo Quinn", "Demo India Juliet"],
      warned: [],
    },
    "2019-name-lines.txt": {
      facts: {
        "/people/2/pronouns": "she/her",
        "/action/until": "2019-04-24",
        "/action/targets/0/name": "Supreme Court of Justice",
        "/action/targets/0/salutation": "Dear Magistrates",
      },
      people: ["Demo Lima", "Demo Mike", "Demo November"],
      warned: [],
    },
    "2019-initial-es.txt": {
      facts: {
        "/id": "ua-9-19",
        "/documents/0/kind": "initial",
        "/documents/0/sequence": 1,
        "/documents/1": undefined,
        "/people/0/pronouns": "she/her",
        "/action/until": "2019-03-18",
        "/action/targets/0/name": "Sr. Demo Official Saab",
        "/action/targets/0/salutation": "Señor Fiscal General",
        "/action/targets/0/languages": ["es"],
        "/action/targets/1": undefined,
      },
      people: ["Demo Echo Pérez"],
      warned: [],
    },
    "2019-initial-fr.txt": {
      facts: {
        "/id": "ua-15-19",
        "/documents/0/sequence": 1,
        "/people/1/pronouns": "she/her",
        "/action/until": "2019-03-29",
        "/action/targets/0/name": "Madame la Ministre de la Justice",
        "/action/targets/0/languages": ["fr"],
        "/action/targets/1": undefined,
      },
      people: ["Demo Echo", "Demo Foxtrot"],
      warned: [],
    },
    "2020-outcome-es.txt": {
      facts: {
        "/id": "ua-126-18",
        "/documents/0/kind": "outcome",
        "/documents/0/sequence": 5,
        "/documents/0/final": true,
        "/documents/1/aiIndex": "EUR 46/1500/2019",
        "/action/state": "closed",
        "/people/1/pronouns": "he/him",
      },
      people: ["Demo Charlie", "Demo Delta"],
      warned: [],
    },
    "2019-first.txt": {
      facts: {
        "/id": "ua-126-18",
        "/documents/0/kind": "initial",
        "/documents/0/sequence": 1,
        "/documents/0/issuedOn/date": "2018-09-20",
        "/documents/1": undefined,
        "/action/until": "2018-11-01",
        "/action/targets/0/languages": ["ru"],
        "/people/4/pronouns": "they/them",
        "/people/0/sentence": undefined,
      },
      people: ["One", "Two", "Three", "Four", "Five", "Six", "Seven"].map((name) => `Demo Person ${name}`),
      warned: ["count-differs", "similar-name"],
    },
    "2021-web.txt": {
      facts: {
        "/id": "ua-112-21",
        "/documents/0/issuedOn/date": "2021-11-09",
        "/places/0/iso3166": "KE",
        "/action/state": "active",
        "/action/until": "2022-01-04",
        "/action/targets": undefined,
      },
      people: [],
      warned: ["no-people"],
    },
  };

describe("the layouts of the years", () => {
  it("are all here", () => expect(Object.keys(layouts).sort()).toEqual(invented));

  it.each(Object.entries(layouts))("%s", (name, { facts, warned, ages = [], people }) => {
    const found = draft(read(`invented/${name}`));
    for (const [pointer, value] of Object.entries(facts)) expect(found.at(pointer), pointer).toEqual(value);
    expect((found.at("/people") ?? []).map((person: any) => person.names[0].value)).toEqual(people);
    expect(found.ages.map(({ age }) => age)).toEqual(ages);
    for (const tag of warned) expect(found.tags).toContain(tag);
    for (const { line } of found.warnings) if (line !== null) expect(line).toBeGreaterThan(0);
  });
});

/** Breaks lines at a width, as mail does. */
const wrapped = (text: string, width: number) =>
  text.replace(new RegExp(`([^\\n]{1,${width}})(?: +|$)`, "gm"), "$1\n").replace(/\n\n(?=\S)/g, "\n\n");

describe("copied from elsewhere, a document loses fields but none of them turns wrong", () => {
  const copies: Record<string, (text: string) => string> = {
    "an empty line behind every line": (text) => text.replace(/\n/g, "\n\n"),
    "no empty lines": (text) => text.replace(/\n{2,}/g, "\n"),
    "Windows line ends": (text) => text.replace(/\n/g, "\r\n"),
    "columns run together": (text) => text.replace(/[ \t]{2,}/g, " "),
    "columns as tabs": (text) => text.replace(/ {2,}/g, "\t"),
    "lines broken at 70": (text) => wrapped(text, 70),
    "lines broken at 100": (text) => wrapped(text, 100),
    "spaces that do not break": (text) => text.replace(/ /g, "\u00a0"),
    "white space before and behind": (text) => text.replace(/\n/g, "  \n    "),
    "quoted in a mail": (text) => text.replace(/^/gm, "> "),
    "twice in a row": (text) => `${text}\n\n${text}`,
  };
  const texts = ["ua-126-19-outcome.txt", ...invented.map((name) => `invented/${name}`)];
  it.each(texts.flatMap((name) => Object.keys(copies).map((copy) => [name, copy] as const)))("%s, %s", (name, copy) => {
    const whole = draft(read(name));
    const { case: fields } = draft(copies[copy]!(read(name)));
    const wrong = leavesOf(fields).filter((leaf) => {
      const value = whole.at(leaf);
      return value !== undefined && value !== valueAt(fields, leaf);
    });
    expect(wrong).toEqual([]);
  });
});

describe("traps", () => {
  const heading = (number: string, index: string, date: string) =>
    `First UA: ${number} Index: ${index} Kestria Date: ${date}\n\nURGENT ACTION\n`;
  const names = (text: string) => `NAME AND PREFERRED PRONOUN: ${text}\n`;

  it("an index that differs between heading and body is left open, with both lines", () => {
    const { at, warnings } = draft(
      heading("12/20", "EUR 46/1098/2020", "3 May 2020") + heading("12/20", "EUR 46/1099/2020", "3 May 2020"),
    );
    expect(at("/documents/0/aiIndex")).toBeUndefined();
    expect(at("/id")).toBe("ua-12-20");
    expect(warnings.filter(({ tag }) => tag === "several-indexes").map(({ line }) => line)).toEqual([1, 4]);
  });

  it("a doubled heading is one heading", () => {
    const twice = heading("12/20", "EUR 46/1098/2020", "3 May 2020").repeat(2);
    expect(draft(twice).at("/documents/0/aiIndex")).toBe("EUR 46/1098/2020");
    expect(draft(twice).tags).not.toContain("several-numbers");
  });

  it("numbers that disagree are left open, and so is the id", () => {
    const { at, tags } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nThis is the third update of UA 21/20.\n`,
    );
    expect([at("/number"), at("/id")]).toEqual([undefined, undefined]);
    expect(tags).toContain("several-numbers");
  });

  it("a date in the wrong year is left open", () => {
    const { at, tags } = draft(heading("12/20", "EUR 46/1098/2020", "3 January 2019"));
    expect(at("/documents/0/issuedOn")).toBeUndefined();
    expect(tags).toContain("date-against-index");
    const past = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 1 June 2019\n`,
    );
    expect(past.at("/action/until")).toBeUndefined();
    expect(past.tags).toContain("deadline-not-understood");
  });

  it("the day of the page it was copied from, of an earlier text or of an event is not its own", () => {
    for (const heading of [
      "Tuesday, September 28, 2010\n\nUrgent Action\n\nDear friends,\n\nUA 52/10 Demo Concern",
      "Further information on UA 52/10 originally issued 29 January 2010",
      "Further information on UA 52/10 (AFR 32/03/2010, 12 March 2010\nand follow-up) - Demo Concern",
      "UA 52/10 Demo Concern\nl9 August 2010",
    ])
      expect(draft(`${heading}\nKENYA Demo Alfa (m)\n`).at("/documents/0/issuedOn"), heading).toBeUndefined();
    const below = draft("UA 52/10 Demo Concern /\nInvented Concern\n31 October 2010\nKENYA Demo Alfa (m)\n");
    expect(below.at("/documents/0/issuedOn/date")).toBe("2010-10-31");
  });

  it("an index that a scanner misread is none", () => {
    expect(draft("UA 1/12\nIndex: AFR 32/049/20l2\n").at("/documents/0/aiIndex")).toBeUndefined();
  });

  it("a deadline without a year is the first such day after the document's, and says so", () => {
    const { at, provenance } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 December 2020")}PLEASE TAKE ACTION AS SOON AS POSSIBLE UNTIL: 14 January\n`,
    );
    expect(at("/action/until")).toBe("2021-01-14");
    expect(provenance.find(({ pointer }) => pointer === "/action/until")?.certainty).toBe("inferred");
  });

  it("unspaced indexes, suffixes and other ways to write a number", () => {
    const { at, tags } = draft("UA: 019/18-6 Index: EUR 4634582018 Kestria Date: 5 June 2018\n");
    expect(at("/id")).toBe("ua-19-18");
    expect(at("/documents/0/aiIndex")).toBe("EUR 46/3458/2018");
    expect(at("/documents/0/sequence")).toBeUndefined();
    expect(tags).toEqual(expect.arrayContaining(["number-suffix", "index-unspaced"]));
    for (const [text, id] of [
      ["UAA 130/09 Demo Concern", "ua-130-09"],
      ["AU 151/11 Caso inventado", "ua-151-11"],
      ["EXTRA 19/92 Demo Concern", "extra-19-92"],
      ["MA 3/98 Demo Concern", "ma-3-98"],
      ["URGENT ACTION\n126.19\n", "ua-126-19"],
    ] as const)
      expect(draft(`${text}\n`).at("/id"), text).toBe(id);
  });

  it("another case's number inside the text is not this one's", () => {
    expect(
      draft("An invented story\n\nSomebody was named in UA 12/93, and in many other texts of that year too.\n").at(
        "/number",
      ),
    ).toBeUndefined();
  });

  it.each([
    ["could be", "Demo Alfa could be sentenced to 12 years in prison."],
    ["a prosecutor asked for it", "The prosecutor requested that Demo Alfa was sentenced to 12 years in prison."],
    ["an earlier case", "Demo Alfa was sentenced to 12 years in prison in 1999."],
    ["reduced", "Demo Alfa was sentenced to 12 years in prison. An invented court reduced it to 10 years."],
    ["two terms", "Demo Alfa was sentenced to 12 years in prison. Demo Alfa was sentenced to 9 years in prison."],
    ["suspended", "Demo Alfa was given a suspended sentence and sentenced to 12 years in prison."],
    ["in absentia", "Demo Alfa was sentenced to 12 years in prison in absentia."],
    ["somebody else", "His brother Demo Charlie was sentenced to 12 years in prison."],
    ["a namesake", "Other Alfa was sentenced to 12 years in prison."],
    ["more than the term", "Demo Alfa was sentenced to 12 years in prison and two years in exile."],
    ["a list with a stranger", "Demo Charlie and Demo Alfa were sentenced to 12 years in prison."],
  ])("no sentence where %s", (_, text) => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\n${text}\n\n${names("Demo Alfa (he/him), Demo Bravo (she/her)")}`,
    );
    expect(at("/people/0/names/0/value")).toBe("Demo Alfa");
    expect(at("/people/0/sentence"), text).toBeUndefined();
    expect(at("/people/1/sentence"), text).toBeUndefined();
  });

  it("terms in words, in months, for life, to death, each with its own", () => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nDemo Alfa was sentenced to twenty-one years in prison, Demo Bravo to 18 months, Demo Charlie and Demo Delta to life imprisonment, Demo Echo to seven years and six months and Demo Foxtrot to death.\n\n${names("Demo Alfa (he/him), Demo Bravo (he/him), Demo Charlie (he/him), Demo Delta (he/him), Demo Echo (he/him), Demo Foxtrot (he/him)")}`,
    );
    expect([0, 1, 2, 3, 4, 5].map((person) => at(`/people/${person}/sentence/value/duration`))).toEqual([
      "P21Y",
      "P18M",
      "life",
      "life",
      "P7Y6M",
      "death",
    ]);
  });

  it("a closing line beside a call for appeals leaves the state open", () => {
    const { at, tags } = draft(
      "No further action is requested on behalf of Demo Alfa.\nPLEASE SEND APPEALS BEFORE 3 May 2020 TO:\n",
    );
    expect(at("/action/state")).toBeUndefined();
    expect(tags).toContain("action-not-certain");
  });

  it("direction overrides are taken out and told; look-alike letters keep a name out", () => {
    const {
      at,
      tags,
      case: fields,
    } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}${names("Demo \u202eAlfa (he/him), Dem\u043e Bravo (he/him)")}`,
    );
    expect(at("/people").map((person: any) => person.names[0].value)).toEqual(["Demo Alfa"]);
    expect(tags).toEqual(expect.arrayContaining(["direction-override", "name-mixes-scripts"]));
    expect(JSON.stringify(fields)).not.toMatch(/[\u202a-\u202e]|\u043e/);
  });

  it("look-alike letters keep any field out", () => {
    const { at, tags } = draft(
      "UA 1/12\nRECOMMENDED ACTION: Please send appeals:\nAPPEALS TO:\nMinister of Home Aff\u0430irs\nLaw Street 1\nNowhere\nSalutation: De\u0430r Minister\n",
    );
    expect(at("/action/targets/0/name")).toBeUndefined();
    expect(at("/action/targets/0/salutation")).toBeUndefined();
    expect(at("/action/targets/0/address")).toBe("Law Street 1\nNowhere");
    expect(tags).toContain("name-mixes-scripts");
  });

  it("a closing formula in somebody's mouth closes nothing", () => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nThe police said that no further action is required.\n\nTAKE ACTION: WRITE AN APPEAL\n`,
    );
    expect([at("/action/state"), at("/documents/0/kind")]).toEqual(["active", "initial"]);
  });

  it("a call to write that goes on for a second line is no addressee", () => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nTAKE ACTION: WRITE AN APPEAL IN YOUR OWN WORDS OR USE THIS\nMODEL LETTER\n\nMinister of Invention\nLaw Street 1\n\nDear Minister,\n\nYours sincerely,\n`,
    );
    expect(at("/action/targets")).toEqual([
      { name: "Minister of Invention", address: "Law Street 1", salutation: "Dear Minister" },
    ]);
  });

  it("an addressee on one line is taken apart by a title, or left to the editor", () => {
    const { at, tags } = draft(
      "UA 1/99 Demo Concern 3 May 1999\n\nAPPEALS TO:\n\nPrime Minister: Mrs Demo Official, Office Street,\nNowhere\nSalutation: Dear Prime Minister\n\nGovernor, Demo Governor, Law Street\nNowhere\n",
    );
    expect(at("/action/targets")).toEqual([
      {
        name: "Mrs Demo Official",
        address: "Prime Minister\nOffice Street\nNowhere",
        salutation: "Dear Prime Minister",
      },
    ]);
    expect(tags).toContain("target-not-certain");
  });

  it("relatives who are named with a mark are people, their kinship is not their name", () => {
    const { at } = draft(
      "UA 1/99 Demo Concern 3 May 1999\n\nKENYA\tDemo ALFA (m), lawyer, and his wife Demo BRAVO [f]\n",
    );
    expect(at("/people").map((person: any) => [person.names[0].value, person.pronouns])).toEqual([
      ["Demo Alfa", "he/him"],
      ["Demo Bravo", "she/her"],
    ]);
  });

  it("names sorted by what befell people are names, and what befell them is left to the editor", () => {
    const { at } = draft(
      "UA 1/94 Demo Concern 3 May 1994\n\nKENYA     Killed: Demo ALFA, Demo BRAVO\n          Threatened: Demo CHARLIE, priest\nand new names:Demo DELTA (f) (new arrest)\n",
    );
    expect(at("/people").map((person: any) => [person.names[0].value, person.custody])).toEqual([
      ["Demo Alfa", undefined],
      ["Demo Bravo", undefined],
      ["Demo Charlie", undefined],
      ["Demo Delta", undefined],
    ]);
  });

  it("sentences of the background are left to the editor", () => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nDemo Alfa is ill.\n\nADDITIONAL INFORMATION\nDemo Alfa was sentenced to 12 years in prison.\n\n${names("Demo Alfa (he/him)")}`,
    );
    expect(at("/people/0/sentence")).toBeUndefined();
  });

  it("two numbers in one heading are left open, whatever stands in brackets between them", () => {
    const { at, tags } = draft(
      "Further information on UA 57/03 (EUR 46/006/2003, 14 March 2003) and UA 88/03 (EUR 46/010/2003, 1 April 2003) - Demo Concern\n",
    );
    expect([at("/number"), at("/id")]).toEqual([undefined, undefined]);
    expect(tags).toContain("several-numbers");
  });

  it("a headline that begins with a country, a label, or an address makes no place", () => {
    for (const text of [
      "CHINA EXECUTES TWO MEN",
      "NAME AND PRONOUN: Demo Alfa (he/him), Demo Bravo (f)",
      "APPEALS TO:\nPresident\nOffice Street\nKENYA",
    ])
      expect(draft(`UA 1/99 Demo Concern 3 May 1999\n\n${text}\n`).at("/places"), text).toBeUndefined();
  });

  it("columns that can't be told apart are left to the editor", () => {
    const { at, tags } = draft(
      "UA 1/99 Demo Concern 3 May 1999\n\nAPPEALS TO:\nPresident          Minister\nDemo One      Demo Two\nStreet             Street\n",
    );
    expect(at("/action/targets")).toBeUndefined();
    expect(tags).toContain("target-not-certain");
  });

  it("surnames with hyphens and apostrophes are read around", () => {
    const { at } = draft(
      `${heading("12/20", "EUR 46/1098/2020", "3 May 2020")}\nDemo al-Alfa was sentenced to 12 years in prison.\n\n${names("Demo al-Alfa (he/him), Demo O'Bravo (she/her), Demo D’Charlie-Demo (they/them)")}`,
    );
    expect(at("/people/0/sentence/value/duration")).toBe("P12Y");
    expect(at("/people")).toHaveLength(3);
  });

  it("names without a mark are people only where the text counts them as those named above", () => {
    const named = (said: string) =>
      draft(
        `UA 1/99 Demo Concern 3 May 1999\nKENYA Demo Alfa, of Nowhere\nDemo Bravo\nSomebody took the ${said} away from their homes in the invented town of Nowhere.\n`,
      ).at("/people");
    expect(named("two men named above")).toHaveLength(2);
    expect(named("three men named above")).toBeUndefined();
    expect(named("two groups named above")).toBeUndefined();
  });

  it("without a mark, who is spoken of as a person is one; places and groups in the same list are not", () => {
    const people = (list: string, prose: string) =>
      (draft(`UA 1/99 Demo Concern 3 May 1999\nKENYA ${list}\n${prose}\n`).at("/people") ?? []).map(
        (person: any) => person.names[0].value,
      );
    expect(
      people(
        "Casa Inventada, a shelter\nDemo Alfa, director\nPastoral Inventada\nRio Inventado",
        "Casa Inventada was attacked. Members of Pastoral Inventada were arrested, and the director of Pastoral Inventada was detained in Rio Inventado. The murder of peasants of Rio Inventado followed. Rio Inventado, a peasant community, was burned.",
      ),
    ).toEqual(["Demo Alfa"]);
    expect(
      people(
        "Demo Alfa\nDemo Bravo\nD.E. Charlie, spokesperson for the Invented Movement\nof the Invented People\nDemo Delta (released)\nDemo Echo alias Nobody (f)\nDemo Foxtrot\nINVENT General Coordinator",
        "The arrest of Demo Alfa and Demo Delta in an invented town was followed by that of Demo Bravo, a former teacher, and D.E. Charlie. Nothing is said of Demo Foxtrot in the invented newspapers of that day.",
      ),
    ).toEqual(["Demo Alfa", "Demo Bravo", "D.E. Charlie", "Demo Delta", "Demo Echo"]);
  });

  it("capitals whose accents became small, ditto marks and quotation marks change no name", () => {
    const { at, tags } = draft(
      'UA 1/99 Demo Concern 3 May 1999\nKENYA Demo PéREZ INVENTO, 47, from Nowhere\nDemo MéNDEZ, 19, " "\nDemo gARCíA, 26 " "\nDemo NúñEZ, " "\nSomebody of the name of ‘Demo Nunez’ was seen.\n',
    );
    expect(at("/people").map((person: any) => person.names[0].value)).toEqual([
      "Demo Pérez Invento",
      "Demo Méndez",
      "Demo Núñez",
    ]);
    expect(tags).toContain("name-not-certain");
    expect(draft("UA 1/12\nName: Demo ‘Alfa\nDemo ‘Alfa was seen by Demo ‘Alfa.\n").at("/people/0/names")).toHaveLength(
      1,
    );
  });

  it("groups are no people", () => {
    const { at } = draft(
      "UA 1/99 Demo Concern 3 May 1999\n\nKENYA\tMembers of the Invented family (f)\n\tVillagers of Nowhere\n",
    );
    expect(at("/people")).toBeUndefined();
    expect(at("/places/0/iso3166")).toBe("KE");
    expect(
      draft(names("Invented Refugees (they/them), Demo Workers Union (they/them), 22 people")).at("/people"),
    ).toBeUndefined();
  });
});

describe("dates and places", () => {
  it.each([
    ["on 7 July 2014", "2014-07-07"],
    ["July 7, 2014", "2014-07-07"],
    ["the 1st of May 1992", "1992-05-01"],
    ["el 5 de julio de 2011", "2011-07-05"],
    ["le 1er août 2011", "2011-08-01"],
    ["in November 2019", "2019-11"],
    ["since 2016", "2016"],
    ["2020-06-25", "2020-06-25"],
  ])("%s", (text, date) => expect(datesIn(text).map(edtfOf)).toEqual([date]));
  it.each([
    "they may 2 go",
    "article 20.12",
    "30 February 2020",
    "page 12",
    "EUR 46/2016/2019",
    "in 20 years",
    "march on",
  ])("no date in %s", (text) => expect(datesIn(text)).toEqual([]));
  it("knows day from month only where they can be told", () => {
    expect(datesIn("05/06/2018")[0]?.ambiguous).toBe(true);
    expect(datesIn("25/06/2018").map(edtfOf)).toEqual(["2018-06-25"]);
  });
  it("knows countries as headings write them", () => {
    for (const [name, code] of Object.entries({
      TURKEY: "TR",
      "RUSSIAN FEDERATION": "RU",
      "VIET NAM": "VN",
      USA: "US",
      "CÔTE D’IVOIRE": "CI",
      Iran: "IR",
      YUGOSLAVIA: null,
      Kestria: null,
    }))
      expect(countryCode(name), name).toBe(code);
    expect(countryAtStart("SOUTH AFRICA  Demo ALFA (m)")).toMatchObject({
      name: "SOUTH AFRICA",
      rest: "Demo ALFA (m)",
    });
    expect(countryAtStart("PERUVIAN Demo")).toBeNull();
  });
});

it.each([
  ["2017-labels.txt", "/title/en", "Syria: Invented doctor missing"],
  ["2017-labels.txt", "/action/letter/en", "Your Excellency,\nI am"],
  ["2019-initial-es.txt", "/action/letter/es", "Señor Fiscal General:\nLe"],
  ["2019-initial-fr.txt", "/action/letter/fr", "Madame la Ministre,\nJe"],
])("%s offers its %s", (name, pointer, start) =>
  expect(draft(read(`invented/${name}`)).toRestate.find((one) => one.pointer === pointer)?.text).toMatch(
    new RegExp(`^${start}`),
  ),
);

it.each<[string, string, [RegExp, string], string, unknown]>([
  ["a page without line breaks is no first text", "2019-copies", [/\s+/g, " "], "/documents/0/kind", "update"],
  ["the last of a series is no update", "2020-outcome-es", [/^NO SE REQ.*$/m, ""], "/documents/0/kind", undefined],
  ["marks of emphasis", "2020-outcome-es", [/^NO SE REQ/m, "**$&"], "/documents/0/kind", "outcome"],
  [
    "a name that wraps",
    "2019-copies",
    [/Demo Quinn.*/, "Demo\nQuinn (He, him, his)"],
    "/people/0/names/0/value",
    "Demo Quinn",
  ],
  [
    "languages that wrap",
    "2017-labels",
    [/English, French/, "English,\nFrench"],
    "/action/targets/0/languages",
    ["ar", "en", "fr"],
  ],
  [
    "a salutation that wraps",
    "1996-languages",
    [/Dear Governor/, "$&\nGeneral"],
    "/action/targets/1/salutation",
    "Dear Governor General",
  ],
  [
    "a remark above the addressees",
    "1996-languages",
    [/(APPEALS TO:).*\n/, "$1\n(Please keep\ntrying.)"],
    "/action/targets/0/name",
    "Mr Demo Official",
  ],
])("%s", (_, name, [from, to], pointer, value) =>
  expect(draft(read(`invented/${name}.txt`).replace(from, to)).at(pointer)).toEqual(value),
);

describe("what is no document", () => {
  it.each([
    ["empty", " \n "],
    ["pdf", "%PDF-1.7\n%âãÏÓ"],
    ["rich-text", "{\\rtf1\\ansi"],
    ["web-source", "<!DOCTYPE html><html><body>UA 1/20"],
    ["binary", "\u0000\u0001\u0002 UA 1/20"],
    ["binary", "\u0001\u0002\u0003\u0004".repeat(200)],
  ])("%s is refused by its name", (unreadable, text) => expect(draftFrom(text)).toEqual({ unreadable }));

  const pieces = fc.constantFrom(
    ..."UA 12/20|Index: EUR 46/1098/2020|Date: 3 May 2020|\n|\t|, | and |(he/him)|Demo Alfa|KENYA\t|(m)|aged 17|sentenced to |12 years|Name: |Dear |25 June|“|”|.|NO FURTHER ACTION IS REQUESTED|APPEALS TO:|\u202e|о|⟦0⟧|https://www.amnesty.org/en/documents/EUR46/1/2020/en/|This is the first update of |[email protected]|__proto__|constructor".split(
      "|",
    ),
  );
  it("whatever is pasted, it answers, fills only what fits the schema, and knows each field's line", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 6, arbitrary: pieces },
            { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
          ),
          { maxLength: 60 },
        ),
        (parts) => {
          const text = parts.join("");
          const result = draftFrom(text);
          if ("unreadable" in result) return;
          const lines = text.split(/\r\n?|[\n\u2028\u2029\f\v]/).length;
          for (const { line } of [...result.draft.provenance, ...result.draft.toRestate]) {
            expect(line).toBeGreaterThan(0);
            expect(line).toBeLessThanOrEqual(lines);
          }
          expect(JSON.stringify(result.draft.case)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        },
      ),
      { numRuns: 300 },
    );
  }, 20_000);

  it("twice the text takes no more than about twice the time", () => {
    const time = (text: string) => {
      const start = performance.now();
      draftFrom(text);
      return performance.now() - start;
    };
    for (const unit of [
      "a",
      "Aa Bb ",
      "UA 1/20 ",
      "Name: A B, ",
      "( ",
      "1 ",
      ". A",
      "sentenced to ",
      "Index: EUR 46/1098/2019 ",
      "“x",
      "\n",
      "25 June ",
      "'’-",
      "USA-",
      "KENYA Demo AY, ",
      "a   b ",
      "APPEALS TO:\nPresident   Minister\nOne   Two\n",
    ]) {
      const [small, large] = [25_000, 100_000].map((size) => {
        const text = `Name: Demo Alfa, Demo Bravo\n${unit.repeat(size / unit.length)}`;
        return Math.min(time(text), time(text));
      }) as [number, number];
      // Quadratic time would be sixteenfold; small times are noise.
      expect(large, unit).toBeLessThan(10 * small + 150);
    }
  }, 20_000);

  it("reads the beginning of a megabyte, and says so", () => {
    expect(draft(`UA 1/20 Demo Concern\n${"garbage in many words. ".repeat(50_000)}`).tags).toContain("cut");
  });
});
