/** Reads the deadline of the appeals. */
import { datesIn, edtfOf } from "./dates.ts";
import type { Drafting } from "./draft.ts";
import type { Identity } from "./identity.ts";
import { type Line, labelled } from "./lines.ts";

const deadlines =
  /\b(?:(?:please )?send (?:your )?appeals?(?: immediately)?[^.]{0,60}? (?:before|by|until|no later than)|if (?:you are )?sending appeals after|please take action (?:as soon as possible )?(?:until|before|by)|take action (?:as soon as possible )?until|this urgent action expires on|contact (?:this|these) (?:\w+ )?officials? by|env[ií]en (?:sus )?(?:llamamientos|apelaciones),?[^.]{0,60}? (?:antes del|hasta el|no más tarde del)|act[uú]en (?:lo antes posible,? )?(?:antes del|hasta el|no más tarde del)|envoye[rz] (?:vos )?appels[^.]{0,40}? (?:avant le|jusqu['’]au)|merci d[’']agir[^.]{0,60}? avant le)(?!\p{L}) ?:?/iu;
const DAY_MS = 86_400_000;
/** Appeals are wanted for at most a year. */
const MAX_DEADLINE_DAYS = 366;

const deadlineNotice = /^appeal deadline(?: notice)?\b/i;

/** True when a date can be the deadline: not before the document's own date, and at most a year after it. */
function plausible(date: string, { issuedOn, ownYear }: Identity, numbered: number | undefined): boolean {
  const year = Number(date.slice(0, 4));
  if (!issuedOn) return year >= (ownYear ?? numbered ?? year) && year <= (ownYear ?? year) + 1;
  const days = (Date.parse(date) - Date.parse(issuedOn)) / DAY_MS;
  return days >= 0 && days <= MAX_DEADLINE_DAYS;
}

export function findDeadline(lines: Line[], identity: Identity, drafting: Drafting): void {
  const { issuedOn } = identity;
  const places = [
    ...lines.flatMap((line, at) => {
      const found = deadlines.exec(line.text);
      if (!found) return [];
      // The date may be on the line after "until:".
      const rest =
        line.text.slice(found.index + found[0].length) ||
        lines.slice(at + 1, at + 3).find(({ text }) => text !== "")?.text;
      return [{ text: (rest?.split(/\.(?: |$)/)[0] ?? "").slice(0, 60), line }];
    }),
    ...labelled(lines, deadlineNotice).map(({ value, line }) => ({ text: value.slice(0, 200), line })),
  ];
  const found: { date: string; line: number; asStated: string; certainty: "stated" | "inferred" }[] = [];
  for (const { text, line } of places) {
    const days = datesIn(text).filter(({ day }) => day !== undefined);
    const [first] = days;
    if (!first) {
      if (/\d/.test(text)) drafting.warn("deadline-not-understood", line.number, text.trim(), "/action/until");
      continue;
    }
    let date = edtfOf(first);
    let certainty: "stated" | "inferred" = "stated";
    if (first.year === undefined && issuedOn) {
      const year = Number(issuedOn.slice(0, 4));
      date =
        [year, year + 1]
          .map((guess) => edtfOf({ ...first, year: guess }))
          .find((guess) => guess !== null && guess >= issuedOn) ?? null;
      certainty = "inferred";
      drafting.warn("year-inferred", line.number, first.asStated, "/action/until");
    }
    if (
      !date ||
      first.ambiguous ||
      !plausible(date, identity, drafting.draft.case.number?.year) ||
      new Set(days.map((day) => edtfOf(day))).size > 1
    )
      drafting.warn(
        "deadline-not-understood",
        line.number,
        days.map(({ asStated }) => asStated).join(", "),
        "/action/until",
      );
    else found.push({ date, line: line.number, asStated: first.asStated, certainty });
  }
  const [first] = found;
  if (!first) return;
  if (new Set(found.map(({ date }) => date)).size > 1) {
    drafting.warn("several-deadlines", first.line, found.map(({ asStated }) => asStated).join(", "), "/action/until");
    return;
  }
  drafting.fill("/action/until", first.date, first.line, first.certainty);
}
