/** Reads the deadline of the appeals. */
import { datesIn, edtfOf } from "./dates.ts";
import { doubt, type Findings, fact } from "./finding.ts";
import type { DocumentIdentity } from "./identity.ts";
import { label } from "./layouts.ts";
import { type DocumentLine, labelled } from "./lines.ts";

const DAY_MS = 86_400_000;
/** Appeals are wanted for at most a year. */
const MAX_DEADLINE_DAYS = 366;

/** True when a date can be the deadline: not before the document's own date, and at most a year after it. */
function plausible(date: string, { issuedOn, ownYear, numbered }: DocumentIdentity): boolean {
  const year = Number(date.slice(0, 4));
  if (!issuedOn) return year >= (ownYear ?? numbered ?? year) && year <= (ownYear ?? year) + 1;
  const days = (Date.parse(date) - Date.parse(issuedOn)) / DAY_MS;
  return days >= 0 && days <= MAX_DEADLINE_DAYS;
}

export function* findDeadline(lines: DocumentLine[], identity: DocumentIdentity): Findings {
  const { issuedOn } = identity;
  const places = [
    ...lines.flatMap((line, at) => {
      // The label or the date may continue on the next line.
      const next = lines.slice(at + 1, at + 3).find(({ text }) => text !== "")?.text ?? "";
      const found = label("deadline").exec(`${line.text} ${next}`);
      if (!found || found.index >= line.text.length) return [];
      const rest = `${line.text} ${next}`.slice(found.index + found[0].length);
      return [{ text: (rest.split(/(?<!\d)\.(?: |$)|(?<=\d{4})\. /)[0] ?? "").slice(0, 60), line }];
    }),
    ...labelled(lines, label("until")).map(({ value, line }) => ({ text: value.slice(0, 200), line })),
  ];
  const found: { date: string; line: number; asStated: string; certainty: "stated" | "inferred" }[] = [];
  for (const { text, line } of places) {
    const days = datesIn(text).filter(({ day }) => day !== undefined);
    const [first] = days;
    if (!first) {
      if (/\d/.test(text)) yield doubt("deadline-not-understood", line.number, text.trim(), "/action/until");
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
      yield doubt("year-inferred", line.number, first.asStated, "/action/until");
    }
    if (!date || first.ambiguous || !plausible(date, identity) || new Set(days.map((day) => edtfOf(day))).size > 1)
      yield doubt(
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
    yield doubt("several-deadlines", first.line, found.map(({ asStated }) => asStated).join(", "), "/action/until");
    return;
  }
  yield fact("/action/until", first.date, first.line, first.certainty);
}
