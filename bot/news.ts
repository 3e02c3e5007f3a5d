/** The news of an update: who and what, then date and source. */
import { type Case, preferredName } from "../shared/case/schema.ts";
import type { Change } from "../shared/change.ts";
import { joinList } from "../shared/intl.ts";
import { isolate, type LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { Revision } from "../shared/revision.ts";
import { correctionsIn } from "../shared/view/corrected.ts";
import { dateIn, partialDateIn, viewAsOf } from "../shared/view/date.ts";
import { PEOPLE_IN_NEWS } from "../shared/view/limits.ts";
import {
  changesIn,
  mergedChange,
  sameChanges,
} from "../shared/view/revision.ts";

export interface News {
  /** What is new, in a few words; null when nothing that counts changed. */
  text: string | null;
  /** The day of the facts, and who states them. */
  dated: string;
  /** The changes that `text` leaves out, in words. */
  others: string[];
}

/** Telegram's notification shows about this much. */
const MAX_TEXT_LENGTH = 240;
/** The most people that a new case is introduced with. */
const PEOPLE_INTRODUCED = 3;

type StatusChange = Extract<
  Change,
  { what: "custody" | "proceedings" | "sentence" }
>;
const isStatus = (change: Change): change is StatusChange =>
  (change.what === "custody" ||
    change.what === "proceedings" ||
    change.what === "sentence") &&
  change.to !== null;
/** Changes that are news by themselves, apart from statuses. */
const isEvent = ({ what }: Change) =>
  ["person-added", "person-removed", "action", "deadline"].includes(what);
/**
 * Changes that tell a follower nothing: the day is in the second line, and a
 * wording can be read below it.
 */
const isIdle = (change: Change) =>
  change.what === "as-of" ||
  (change.what === "text" &&
    ["title", "summary", "timeline"].includes(change.part));

/** The status that a change speaks of, as the case has it now. */
function statusNow({ what, person, to }: StatusChange, { people }: Case) {
  const now = people.find((one) => preferredName(one).value === person);
  return what === "proceedings"
    ? now?.proceedings.find(({ value }) => value === to)
    : now?.[what];
}

/**
 * The newest revision that tells what a message was about: the one that denied
 * it, or its own; null unless the case still says so.
 */
export function standing(
  history: readonly Revision[],
  about: number,
  fields: Case,
): Revision | null {
  const denied = correctionsIn(history);
  let number = about;
  for (let by = denied.get(number); by; by = denied.get(number))
    number = by.number;
  const said = history.find((one) => one.number === number);
  const statuses = said?.changes.filter(isStatus) ?? [];
  // Other changes may name what the case doesn't any more.
  return said &&
    statuses.length > 0 &&
    statuses.every((change) => statusNow(change, fields)?.value === change.to)
    ? { ...said, changes: statuses }
    : null;
}

/** The people of a new case, or as many as introduce it. */
function introduction({ people }: Case, locale: LocaleTag): string[] {
  if (people.length === 0) return [];
  const names = people
    .slice(0, PEOPLE_INTRODUCED)
    .map((person) => isolate(preferredName(person).value, locale));
  const more = people.length - names.length;
  return [
    joinList(
      locale,
      more > 0
        ? [...names, message(locale, "view.people.more", { count: more })]
        : names,
    ),
  ];
}

export function newsIn(
  fields: Case,
  revision: Revision,
  locale: LocaleTag,
  profile: Profile,
): News {
  const { kind, number } = revision;
  const words = (change: Change) =>
    changesIn(locale, [change], profile, kind)[0] ?? "";
  const qualified = (text: string, date: string, by: string) =>
    message(locale, "person.qualified", {
      text,
      date,
      by: isolate(by, locale),
    });
  /** Without a text, the date and the source are left. */
  const datedBy = (date: string, by: string) =>
    qualified("", date, by).replace(/^[\s·]+/u, "");
  const { issuer } = fields;
  const asOf = partialDateIn(locale, fields.asOf);

  const byOf = (change: Change) =>
    (isStatus(change) && statusNow(change, fields)?.statedBy) || issuer;
  const groups = sameChanges(
    revision.changes.filter((change) => !isIdle(change)),
    byOf,
  );
  const others = groups.map((same) =>
    mergedChange(same, locale, PEOPLE_IN_NEWS),
  );
  const statuses = others.flatMap((change, index) => {
    if (!isStatus(change)) return [];
    const { asOf: day, ...undated } = change;
    const date =
      day === undefined || day === fields.asOf.date
        ? asOf
        : dateIn(locale, day);
    // The name stands once, before the first of a person's statuses.
    const unnamed = words({ ...undated, person: "" }).replace(
      /^[\s:\u2068\u2069]+/u,
      "",
    );
    const by = byOf(groups[index]?.[0] as Change);
    return [
      {
        change: change as Change,
        person: change.person,
        text: words(undated),
        unnamed,
        date,
        by,
      },
    ];
  });
  const [first] = statuses;
  if (first) {
    const told: typeof statuses = [];
    let text = "";
    for (const status of statuses) {
      const isSame = status.date === first.date && status.by === first.by;
      const next = told.some(({ person }) => person === status.person)
        ? status.unnamed
        : status.text;
      const longer = text
        ? message(locale, "bot.news.both", { first: text, next })
        : next;
      // A denial is a sentence of its own.
      if (
        !isSame ||
        (text !== "" &&
          (longer.length > MAX_TEXT_LENGTH || kind === "correction"))
      )
        break;
      told.push(status);
      text = longer;
    }
    const rest = others.filter(
      (change) => !told.some((one) => one.change === change),
    );
    const stated = new Map(
      statuses.map((one) => [
        one.change,
        one.date === first.date && one.by === first.by
          ? one.text
          : qualified(one.text, one.date, one.by),
      ]),
    );
    return {
      text,
      dated: datedBy(first.date, first.by),
      others: rest.map((change) => stated.get(change) ?? words(change)),
    };
  }
  const event = others.find(isEvent);
  if (event)
    return {
      text: words(event),
      dated: datedBy(asOf, issuer),
      others: others.filter((change) => change !== event).map(words),
    };
  const introduced = number === 1 ? introduction(fields, locale) : [];
  const stated = message(locale, "view.stated", {
    by: isolate(issuer, locale),
  });
  return {
    text: introduced[0] ?? null,
    dated: [viewAsOf(fields, locale), stated].join(" · "),
    others: others.map(words),
  };
}
