/** Reads the action: its state, deadline and targets. */
import { datesIn, edtfOf } from "./dates.ts";
import { doubt, type Findings, fact, onlyOf } from "./finding.ts";
import { isSalutation } from "./formulas.ts";
import type { DocumentIdentity } from "./identity.ts";
import { hasLabel, label } from "./layouts.ts";
import { type DocumentLine, labelled } from "./lines.ts";
import { distinct } from "./numbers.ts";
import { findTargets, masks } from "./targets.ts";

const MAX_LETTER_LINES = 80;
const DAY_MS = 86_400_000;
/** Appeals are wanted for at most a year. */
const MAX_DEADLINE_DAYS = 366;

/**
 * True when a date can be the deadline: not before the document's own date, and
 * at most a year after it.
 */
function isPlausible(
  date: string,
  { issuedOn, year }: DocumentIdentity,
): boolean {
  const own = Number(date.slice(0, 4));
  if (!issuedOn) return own >= (year ?? own) && own <= (year ?? own) + 1;
  const days = (Date.parse(date) - Date.parse(issuedOn)) / DAY_MS;
  return days >= 0 && days <= MAX_DEADLINE_DAYS;
}

function* findDeadline(
  lines: DocumentLine[],
  identity: DocumentIdentity,
): Findings {
  const places = [
    ...lines.flatMap((line, at) => {
      // The label or the date may go on in the next line.
      const text = `${line.text} ${lines.slice(at + 1, at + 3).find((next) => next.text !== "")?.text ?? ""}`;
      const found = label("deadline").exec(text);
      if (!found || found.index >= line.text.length) return [];
      const rest = text.slice(found.index + found[0].length);
      return [
        {
          value: (rest.split(/(?<!\d)\.(?: |$)|(?<=\d{4})\. /)[0] ?? "").slice(
            0,
            60,
          ),
          line,
        },
      ];
    }),
    ...labelled(lines, label("until")),
  ].filter(({ value }) => /\d/.test(value));
  const read = places.map(({ value, line }) => {
    const days = distinct(
      datesIn(value.slice(0, 200)),
      ({ asStated }) => asStated,
    );
    const [day] = days;
    const date =
      days.length === 1 && day?.day !== undefined && !day.ambiguous
        ? edtfOf(day)
        : null;
    return {
      value: date && isPlausible(date, identity) ? date : null,
      line,
      words: value.slice(0, 60).trim(),
    };
  });
  const only = yield* onlyOf(read, "/action/until");
  if (only) yield fact("/action/until", only.value, only.line);
}

/** The salutation of the model letter, for an only target that has none. */
function* findSalutation(
  lines: DocumentLine[],
  heading: DocumentLine | undefined,
): Findings {
  // A salutation above the number, or above the call to write, is that of a
  // mail.
  const top = heading
    ? lines.indexOf(heading)
    : lines.findIndex(({ text }) => hasLabel(text, "letter", "model", "asks"));
  const from = lines.findIndex((line, at) => at > top && isSalutation(line));
  const letter = from < 0 ? [] : lines.slice(from, from + MAX_LETTER_LINES);
  if (!letter.some(({ text }) => hasLabel(text, "valediction"))) return;
  const [{ text, number }] = letter as [DocumentLine];
  const salutation = text.replace(/[,:;.]$/, "");
  if (salutation.split(" ").length <= 8)
    yield fact("/action/targets/0/salutation", salutation, number);
}

export function* findAction(
  lines: DocumentLine[],
  identity: DocumentIdentity,
  source: string,
): Findings {
  const { closed, asking, isDoubtful } = identity;
  const state = isDoubtful ? undefined : (closed ?? asking);
  if (state) {
    yield fact(
      "/action/state",
      closed ? "closed" : "active",
      state.number,
      closed ? "stated" : "inferred",
    );
    yield fact("/action/source", source, state.number, "inferred");
  }
  if (!closed) yield* findDeadline(lines, identity);
  for (const { text, number } of lines)
    if (masks.test(text)) yield doubt("email-hidden", number);
  if (!asking) return;
  const targets = yield* findTargets(lines);
  if (targets.count === 1 && targets.isWhole && !targets.isGreeted)
    yield* findSalutation(lines, identity.headings[0]);
}
