/** Code that must not compile. The compiler checks this file; nothing runs it. */
import type { Case, Person } from "../../shared/case/schema.ts";
import type { Failure } from "../../shared/failure.ts";
import { message } from "../../shared/messages.ts";
import { viewCase } from "../../shared/view/view.ts";
import { demo, first } from "./cases.ts";

const person = demo.people[0] as Person;
const { custody, sentence } = person;
if (!custody || !sentence) throw new Error("the demo case has a person with both");

// @ts-expect-error no such key
message("en", "view.nothing");
// @ts-expect-error no such language
message("tlh", "view.people");
// @ts-expect-error no such gender
message("uk", "custody.released", { gender: "he/him" });
// @ts-expect-error time is an argument: there is no clock to fall back on
viewCase(demo, first, "en");

// @ts-expect-error a status is never bare
person.custody = "imprisoned";
// @ts-expect-error a status says who stated it
person.custody = { value: "imprisoned", asOf: { date: "2020" }, source: "outcome" };
// @ts-expect-error a duration is a string
sentence.value.duration = 12;
// @ts-expect-error ethnicity has no field
person.ethnicity;
// @ts-expect-error religion has no field
person.religion;

// @ts-expect-error an event has a text
export const event: Case["events"][number] = { date: { date: "2016" }, kind: "arrest", source: "outcome" };
// @ts-expect-error a failure carries what its words need
export const failure: Failure = { tag: "unknown-case" };
// @ts-expect-error and nothing else
export const more: Failure = { tag: "no-log", id: "ua-1-00" };
// @ts-expect-error no such failure
export const unknown: Failure = { tag: "nothing" };
