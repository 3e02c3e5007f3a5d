/** Reads the action: its state, deadline, targets, letter and languages. */
import { findDeadline } from "./deadline.ts";
import type { Drafting } from "./draft.ts";
import type { Identity } from "./identity.ts";
import { findLanguages } from "./languages.ts";
import type { Line } from "./lines.ts";
import { askingIn, isOver, isSalutation } from "./phrases.ts";
import { findTargets, masks } from "./targets.ts";

export function findAction(lines: Line[], identity: Identity, source: string, lang: string, drafting: Drafting): void {
  const { closed, partly } = identity;
  const asking = askingIn(lines);
  const over = lines.find(isOver);
  if ((closed || over) && asking)
    drafting.warn("action-not-certain", over?.number ?? asking.number, "", "/action/state");
  else if (closed) drafting.fill("/action/state", "closed", closed.number);
  else if (asking) drafting.fill("/action/state", "active", asking.number, "inferred");
  else if (!partly) drafting.warn("no-closing", null, "", "/action/state");
  if (closed || asking) drafting.fill("/action/source", source, (closed ?? asking)?.number ?? 1, "inferred");
  for (const { text, number } of lines)
    if (
      text.length < 400 &&
      /\b(?:many thanks to (?:all|everyone)|thank you to (?:all|everyone)|muchas gracias|(?:un grand )?merci à (?:tous|toutes))/i.test(
        text,
      )
    ) {
      drafting.restate(`/action/thanks/${lang}`, text, number);
      break;
    }
  if (asking || !closed) findDeadline(lines, identity, drafting);
  const { count } = asking ? findTargets(lines, drafting) : { count: 0 };
  for (const { text, number } of lines)
    if (masks.test(text) && !drafting.draft.warnings.some(({ tag, line }) => tag === "email-hidden" && line === number))
      drafting.warn("email-hidden", number);

  findLanguages(lines, count, drafting);

  const dear = lines.findIndex(isSalutation);
  const yours = lines.findIndex(
    ({ text }, at) =>
      at > dear &&
      /^(?:yours (?:sincerely|faithfully|respectfully)|sincerely|respectfully|atentamente|respetuosamente|cordialmente|(?:je vous prie d[’']|veuillez )agréer)\b/i.test(
        text,
      ),
  );
  if (dear >= 0 && yours > dear && yours - dear < 80) {
    const letter = lines
      .slice(dear, yours + 1)
      .map(({ text }) => text)
      .filter(Boolean)
      .join("\n");
    drafting.restate(`/action/letter/${lang}`, letter, lines[dear]?.number ?? 1);
    const salutation = (lines[dear] as Line).text.replace(/[,:;.]$/, "");
    const target = (drafting.draft.case.action?.targets ?? [])[0];
    if (count === 1 && target && target.salutation === undefined && salutation.split(" ").length <= 8)
      drafting.fill("/action/targets/0/salutation", salutation, (lines[dear] as Line).number);
  }
  if (asking && !closed) {
    const at = lines.indexOf(asking);
    const after = lines.slice(at, at + 40);
    const addressees = after.findIndex(({ text }) =>
      /^\[?(?:appeals to|send appeals to|please send appeals|target)/i.test(text),
    );
    const points = after
      .slice(0, addressees > 0 ? addressees : undefined)
      .filter(
        ({ text }) =>
          /^(?:[-–•*▪]|n |\d+[.)] )\s*\S/.test(text) ||
          /^(?:urging|calling|expressing|asking|seeking|demanding|welcoming)\b/i.test(text),
      );
    for (const { text, number } of points.slice(0, 12)) drafting.restate(`/action/request/${lang}`, text, number);
    if (points.length === 0) drafting.restate(`/action/request/${lang}`, asking.text, asking.number);
  }
}
