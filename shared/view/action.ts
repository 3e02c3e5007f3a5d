/** The state of a case's action, in words. */

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

export function viewAction(fields: Case, locale: LocaleTag, now: number): ActionView {
  const { state, request, thanks, until } = fields.action;
  const label = actionLabel(state, until, locale, now);
  // After the deadline no surface shows the request.
  const text = label.state === "active" ? request : label.state === "lapsed" ? undefined : thanks;
  return text ? { ...label, text: runOf(text, fields.language, locale) } : label;
}
