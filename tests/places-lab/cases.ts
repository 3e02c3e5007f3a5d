/** Two invented cases, each with what readers saw of it, whose pages stand in the lab. */
import type { Case } from "../../shared/case/schema.ts";
import type { SeenRevision } from "../../worker/editing/rules/places.ts";
import { inventedCase, inventedPerson, stated } from "../invented.ts";

const names = (...values: string[]) =>
  values.map((value, at) => ({
    value,
    lang: "en",
    form: at ? ("variant" as const) : ("preferred" as const),
    source: "first",
  }));
const target = (name: string, email: string) => [{ name, email, languages: ["en"] }];
const prosecutor = target("Prosecutor General of Demoland", "prosecutor@justice.demoland.example");
const minister = target("Minister of Justice of Demoland", "minister@justice.demoland.example");
const proceeding = (value: string) => ({ id: "trial", ...stated(value) });
const action = (request: string, until: string, targets: object[]) => ({
  state: "active",
  request: { en: request },
  until,
  targets,
});

const mirela = (more: object) =>
  inventedPerson("Mirela Fantova", { names: names("Mirela Fantova", "Мірела Фантова", "ميريلا فانتوفا"), ...more });
const ilyas = inventedPerson("Ilyas Uydurma", { custody: stated("house-arrest") });
const odalys = (custody: string, duration: string) =>
  inventedPerson("Odalys Inventada", {
    names: names("Odalys Inventada", "Одаліс Інвентада", "Одалис Инвентада"),
    custody: stated(custody),
    sentence: stated({ duration }),
  });

const revision = (number: number, kind: "update" | "correction", day: string, fields: Case): SeenRevision => ({
  number,
  kind,
  liveAt: `${day}T10:00:00.000Z`,
  case: fields,
});
const ofA = (custody: string, trial: string, done: object) =>
  inventedCase(741, {
    people: [mirela({ custody: stated(custody), proceedings: [proceeding(trial)] }), ilyas],
    action: done,
  });
const ofB = (custody: string, duration: string, done: object) =>
  inventedCase(742, { people: [odalys(custody, duration)], action: done });

/** Closed at its last revision, after two requests. */
export const closed: SeenRevision[] = [
  revision(
    1,
    "update",
    "2025-01-10",
    ofA("pre-trial-detention", "on-trial", action("Write to the Prosecutor General.", "2025-03-31", prosecutor)),
  ),
  revision(
    2,
    "update",
    "2025-05-20",
    ofA("imprisoned", "convicted", action("Write to the Minister of Justice.", "2025-06-30", minister)),
  ),
  revision(3, "update", "2025-11-20", ofA("released", "convicted", { state: "closed", thanks: { en: "Thank you." } })),
];
/** Open; its second revision corrects where she is and for how long, its third asks for something else. */
export const corrected: SeenRevision[] = [
  revision(
    1,
    "update",
    "2025-02-03",
    ofB("imprisoned", "P12Y", action("Write to the Prosecutor General.", "2025-05-31", prosecutor)),
  ),
  revision(
    2,
    "correction",
    "2025-04-01",
    ofB("house-arrest", "P7Y", action("Write to the Prosecutor General.", "2025-05-31", prosecutor)),
  ),
  revision(
    3,
    "update",
    "2025-06-10",
    ofB("house-arrest", "P7Y", action("Write to the Minister of Justice.", "2025-12-31", minister)),
  ),
];
