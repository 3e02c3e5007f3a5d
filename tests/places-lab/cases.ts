/**
 * Two invented cases, each with what readers saw of it, whose pages stand in
 * the lab.
 */
import type { Case } from "../../shared/case/schema.ts";
import type { SeenRevision } from "../../worker/editing/rules/places.ts";
import {
  inventedCase,
  inventedPerson,
  spelled,
  stated,
} from "../support/invented.ts";

const request = (office: string, until: string) => {
  const targets = [
    {
      name: `${office} of Demoland`,
      email: `${office.toLowerCase()}@justice.demoland.example`,
    },
  ];
  return {
    state: "active",
    request: { en: `Write to the ${office}.` },
    until,
    targets,
  };
};
const mirela = (custody: string, trial: string) => {
  const proceedings = [{ id: "trial", ...stated(trial) }];
  const names = spelled("Mirela Fantova", "Мірела Фантова", "ميريلا فانتوفا");
  return inventedPerson("Mirela Fantova", {
    names,
    custody: stated(custody),
    proceedings,
  });
};
const ilyas = inventedPerson("Ilyas Uydurma", {
  custody: stated("house-arrest"),
});
const odalys = (custody: string, duration: string) => {
  const names = spelled(
    "Odalys Inventada",
    "Одаліс Інвентада",
    "Одалис Инвентада",
  );
  return inventedPerson("Odalys Inventada", {
    names,
    custody: stated(custody),
    sentence: stated({ duration }),
  });
};
const seen = (
  number: number,
  kind: "update" | "correction",
  day: string,
  of: number,
  people: Case["people"],
  action: object,
) => ({
  ...{ number, kind, liveAt: `${day}T10:00:00.000Z` },
  case: inventedCase(of, { people, action }),
});
const [held, prison, free] = [
  mirela("pre-trial-detention", "on-trial"),
  mirela("imprisoned", "convicted"),
  mirela("released", "convicted"),
];
const [wrong, right] = [
  odalys("imprisoned", "P12Y"),
  odalys("house-arrest", "P7Y"),
];

/** Closed at its last revision, after two requests. */
export const closed: SeenRevision[] = [
  seen(
    1,
    "update",
    "2025-01-10",
    741,
    [held, ilyas],
    request("Prosecutor", "2025-03-31"),
  ),
  seen(
    2,
    "update",
    "2025-05-20",
    741,
    [prison, ilyas],
    request("Minister", "2025-06-30"),
  ),
  seen(3, "update", "2025-11-20", 741, [free, ilyas], {
    state: "closed",
    thanks: { en: "Thank you." },
  }),
];
/**
 * Open; its second revision corrects where she is and for how long, its third
 * asks for something else.
 */
export const corrected: SeenRevision[] = [
  seen(
    1,
    "update",
    "2025-02-03",
    742,
    [wrong],
    request("Prosecutor", "2025-05-31"),
  ),
  seen(
    2,
    "correction",
    "2025-04-01",
    742,
    [right],
    request("Prosecutor", "2025-05-31"),
  ),
  seen(
    3,
    "update",
    "2025-06-10",
    742,
    [right],
    request("Minister", "2025-12-31"),
  ),
];
