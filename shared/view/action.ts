/** The state of a case's action, in words. */

import type { Case } from "../case/schema.ts";
import type { LocaleTag } from "../locale.ts";
import { message, sayIn } from "../messages.ts";
import { daysLeft, hasLapsed } from "./age.ts";
import { dateIn } from "./date.ts";
import { currentRunOf, runOf } from "./run.ts";
import type { ActionView } from "./schema.ts";

export function actionLabel(
  state: Case["action"]["state"],
  until: string | undefined,
  locale: LocaleTag,
  now: number,
): Pick<ActionView, "state" | "label" | "short"> {
  const say = sayIn(locale);
  if (state !== "active" || !until)
    return {
      state,
      label: say(`action.${state}`),
      short: say(`action.short.${state}`),
    };
  const date = dateIn(locale, until);
  return hasLapsed(until, now)
    ? {
        state: "lapsed",
        label: say("action.lapsed", { date }),
        short: say("action.short.lapsed"),
      }
    : {
        state,
        label: say("action.active.until", { date }),
        short: say("action.short.until", { date }),
      };
}

/** "31 days left" */
export function leftUntil(
  until: string | undefined,
  locale: LocaleTag,
  now: number,
): { left?: string } {
  const count = until === undefined ? undefined : daysLeft(until, now);
  if (count === undefined) return {};
  return {
    left:
      count === 0
        ? message(locale, "action.left.last")
        : message(locale, "action.left", { count }),
  };
}

export function viewAction(
  fields: Case,
  locale: LocaleTag,
  now: number,
): ActionView {
  const { state, request, thanks, until } = fields.action;
  const label = actionLabel(state, until, locale, now);
  if (label.state === "active")
    return request
      ? {
          ...label,
          text: currentRunOf(request, fields.language, locale),
          act: message(locale, "bot.act"),
          ...leftUntil(until, locale, now),
        }
      : label;
  // After the deadline no surface shows the request.
  if (label.state === "lapsed" || !thanks) return label;
  return { ...label, text: runOf(thanks, fields.language, locale) };
}
