/** The news of an update in one line: who and what, with source and date. */
import { type Case, type Person, preferredName } from "../shared/case/schema.ts";
import type { Change } from "../shared/change.ts";
import { joinList } from "../shared/intl.ts";
import { isolate, type LocaleTag } from "../shared/locale.ts";
import { message } from "../shared/messages.ts";
import type { Profile } from "../shared/profile/schema.ts";
import type { Revision } from "../shared/revision.ts";
import { dateIn, partialDateIn, viewAsOf } from "../shared/view/date.ts";
import { changesIn } from "../shared/view/revision.ts";

export interface News {
  line: string;
  /** The changes that the line leaves out, in words. */
  others: string[];
}

/** Telegram's notification shows about this much below the headline. */
const MAX_LINE_LENGTH = 240;
/** The most people that a new case is introduced with. */
const PEOPLE_INTRODUCED = 3;

type StatusChange = Extract<Change, { what: "custody" | "proceedings" | "sentence" }>;
const isStatus = (change: Change): change is StatusChange =>
  (change.what === "custody" || change.what === "proceedings" || change.what === "sentence") && change.to !== null;
/** Changes that are news by themselves, apart from statuses. */
const isEvent = ({ what }: Change) => ["person-added", "person-removed", "action", "deadline"].includes(what);

/** Who states the new status. */
function statedBy(change: StatusChange, fields: Case): string {
  const person: Person | undefined = fields.people.find((one) => preferredName(one).value === change.person);
  if (change.what === "proceedings")
    return person?.proceedings.find(({ value }) => value === change.to)?.statedBy ?? fields.issuer;
  return person?.[change.what]?.statedBy ?? fields.issuer;
}

/** The people of a new case, or as many as introduce it. */
function introduction({ people }: Case, locale: LocaleTag): string[] {
  if (people.length === 0) return [];
  const names = people.slice(0, PEOPLE_INTRODUCED).map((person) => isolate(preferredName(person).value, locale));
  const more = people.length - names.length;
  return [joinList(locale, more > 0 ? [...names, message(locale, "view.people.more", { count: more })] : names)];
}

export function newsIn(fields: Case, revision: Revision, locale: LocaleTag, profile: Profile): News {
  const words = (change: Change) => changesIn(locale, [change], profile, revision.kind)[0] ?? "";
  const qualified = (text: string, date: string, by: string) =>
    message(locale, "person.qualified", { text, date, by: isolate(by, locale) });
  const { issuer } = fields;
  const asOf = partialDateIn(locale, fields.asOf);

  const statuses = revision.changes.filter(isStatus).map((change) => {
    const { asOf: day, ...undated } = change;
    const date = day === undefined || day === fields.asOf.date ? asOf : dateIn(locale, day);
    return { change: change as Change, text: words(undated), date, by: statedBy(change, fields) };
  });
  const [first] = statuses;
  // The facts' date is in the line, so that it isn't listed as a change too.
  const others = revision.changes.filter(({ what }) => what !== "as-of");
  if (first) {
    const told: Change[] = [];
    let text = "";
    for (const status of statuses) {
      const same = status.date === first.date && status.by === first.by;
      const longer = text ? message(locale, "bot.news.both", { first: text, next: status.text }) : status.text;
      if (!same || (text !== "" && longer.length > MAX_LINE_LENGTH)) break;
      told.push(status.change);
      text = longer;
    }
    const rest = others.filter((change) => !told.includes(change));
    const stated = new Map(statuses.map((one) => [one.change, qualified(one.text, one.date, one.by)]));
    return {
      line: qualified(text, first.date, first.by),
      others: rest.map((change) => stated.get(change) ?? words(change)),
    };
  }
  const event = others.find(isEvent);
  if (event)
    return {
      line: qualified(words(event), asOf, issuer),
      others: others.filter((change) => change !== event).map(words),
    };
  const introduced = revision.number === 1 ? introduction(fields, locale) : [];
  const stated = message(locale, "view.stated", { by: isolate(issuer, locale) });
  return { line: [...introduced, viewAsOf(fields, locale), stated].join(" · "), others: others.map(words) };
}
