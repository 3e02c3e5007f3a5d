/** Whether people are asked to write, and what for. */

import type { Case } from "../case/schema.ts";
import type { LocaleTag } from "../locale.ts";
import { sayIn } from "../messages.ts";
import { hasLapsed } from "./age.ts";
import { dateIn } from "./date.ts";
import { runOf } from "./run.ts";
import type { ActionView } from "./schema.ts";

export function actionLabel(
  state: Case["action"]["state"],
  until: string | undefined,
  locale: LocaleTag,
  now: number,
): Pick<ActionView, "state" | "label"> {
  const say = sayIn(locale);
  if (state !== "active" || !until) return { state, label: say(`action.${state}`) };
  const date = dateIn(locale, until);
  return hasLapsed(until, now)
    ? { state: "lapsed", label: say("action.lapsed", { date }) }
    : { state, label: say("action.active.until", { date }) };
}

/** Whether people are asked to write, in words. */
export function viewAction(fields: Case, locale: LocaleTag, now: number): ActionView {
  const { state, request, thanks, until } = fields.action;
  const label = actionLabel(state, until, locale, now);
  // After its deadline no surface asks anyone to write.
  const text = label.state === "active" ? request : label.state === "lapsed" ? undefined : thanks;
  return text ? { ...label, text: runOf(text, fields.language, locale) } : label;
}
