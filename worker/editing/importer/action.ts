/** Reads the action: its state, deadline, targets, letter and languages. */
import { findDeadline } from "./deadline.ts";
import { doubt, type Findings, fact, prose } from "./finding.ts";
import { askingIn, isOver, isSalutation } from "./formulas.ts";
import type { DocumentIdentity } from "./identity.ts";
import { findLanguages } from "./languages.ts";
import { hasLabel } from "./layouts.ts";
import type { DocumentLine } from "./lines.ts";
import { findTargets, masks, type Targets } from "./targets.ts";

const MAX_LETTER_LINES = 80;
const MAX_POINTS = 12;

/** Offers the model letter for restating, and takes its salutation for the only target that has none. */
function* findLetter(
  lines: DocumentLine[],
  heading: DocumentLine | undefined,
  { targets, isWhole }: Targets,
  lang: string,
): Findings {
  // A salutation above the heading, or above the call to write, is that of a mail.
  const top = (heading ?? lines.find(({ text }) => hasLabel(text, "letter", "model", "asks")))?.number ?? 0;
  const from = lines.findIndex((line) => line.number > top && isSalutation(line));
  const to = lines.findIndex(({ text }, at) => at > from && hasLabel(text, "valediction"));
  const first = lines[from];
  if (!first || to <= from || to - from >= MAX_LETTER_LINES) return;
  const letter = lines.slice(from, to + 1).flatMap(({ text }) => text || []);
  yield prose(`/action/letter/${lang}`, letter.join("\n"), first.number);
  const salutation = first.text.replace(/[,:;.]$/, "");
  if (isWhole && targets.length === 1 && targets[0]?.salutation === false && salutation.split(" ").length <= 8)
    yield fact("/action/targets/0/salutation", salutation, first.number);
}

/** Offers the points that appeals should make for restating. */
function* findRequest(lines: DocumentLine[], asking: DocumentLine, lang: string): Findings {
  const after = lines.slice(lines.indexOf(asking)).slice(0, 40);
  const addressees = after.findIndex(({ text }, at) => at > 0 && hasLabel(text, "addressees", "copies"));
  const points = after
    .slice(0, addressees > 0 ? addressees : undefined)
    .filter(({ text }) => /^(?:[-–•*▪]|n |\d+[.)] )\s*\S/.test(text));
  for (const { text, number } of points.length > 0 ? points.slice(0, MAX_POINTS) : [asking])
    yield prose(`/action/request/${lang}`, text, number);
}

export function* findAction(lines: DocumentLine[], identity: DocumentIdentity, source: string, lang: string): Findings {
  const { closed, partly } = identity;
  const asking = askingIn(lines);
  const over = lines.find(isOver);
  if ((closed || over) && asking) yield doubt("action-not-certain", over?.number ?? asking.number, "", "/action/state");
  else if (closed) yield fact("/action/state", "closed", closed.number);
  else if (asking) yield fact("/action/state", "active", asking.number, "inferred");
  else if (!partly) yield doubt("no-closing", null, "", "/action/state");
  if (closed || asking) yield fact("/action/source", source, (closed ?? asking)?.number ?? 1, "inferred");
  const thanks = lines.find(({ text }) => text.length < 400 && hasLabel(text, "thanks"));
  if (thanks) yield prose(`/action/thanks/${lang}`, thanks.text, thanks.number);
  if (asking || !closed) yield* findDeadline(lines, identity);
  const targets = asking ? yield* findTargets(lines) : { targets: [], isWhole: true };
  for (const { text, number } of lines) if (masks.test(text)) yield doubt("email-hidden", number);
  yield* findLanguages(lines, targets.targets.length);
  yield* findLetter(lines, identity.headings[0], targets, lang);
  if (asking && !closed) yield* findRequest(lines, asking, lang);
}
