/**
 * Builds Telegram's messages about an update, and what every carrier says in a
 * reminder.
 */

import { canShare } from "../../../bot/card.ts";
import { newsIn } from "../../../bot/news.ts";
import type { BotLinks } from "../../../bot/ports.ts";
import type { Outgoing } from "../../../bot/text.ts";
import { reminderMessage, updateMessage } from "../../../bot/update-message.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import { hasLapsed } from "../../../shared/view/age.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { markedText, runOf } from "../../../shared/view/run.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import { viewCase, viewWithdrawn } from "../../../shared/view/view.ts";
import { hearingsOf } from "../../reads/summary.ts";
import type { BotSettings } from "../../runtime/settings.ts";
import type { Follower, TellableState } from "./carrier.ts";
import { rankOf } from "./rank.ts";
import { hearingDay, reminderNumber } from "./reminders.ts";

/**
 * What a reminder is about, with the view of its case.
 * @returns null when the case asks for nothing until that day, and announces
 * nothing for it, any more
 */
export function reminded(
  state: TellableState,
  number: number,
  locale: LocaleTag,
  now: number,
  profile: Profile,
): { view: PresentView; text: string } | null {
  if (state.state !== "present") return null;
  const { case: fields, revision } = state.record;
  const { state: action, until } = fields.action;
  const day = hearingDay(number);
  const hearing =
    day === null
      ? undefined
      : hearingsOf(fields).find(({ date }) => date === day);
  const asked =
    action === "active" &&
    until !== undefined &&
    reminderNumber(until) === number;
  if ((!asked && !hearing) || hasLapsed(day ?? until, now)) return null;
  const view = viewCase(fields, revision, locale, now, profile);
  if (!hearing) return { view, text: view.action.label };
  const said = markedText(runOf(hearing.text, fields.language, locale));
  return { view, text: `${dateIn(locale, hearing.date)}: ${said}` };
}

/** Telegram's messages, by a bot. */
export const updateMessages = (links: BotLinks, info: BotSettings["info"]) => ({
  /**
   * @returns null when there is nothing to remind of any more, see `reminded`
   */
  reminder(
    state: TellableState,
    number: number,
    { locale, rank, manner }: Follower,
    now: number,
  ): Outgoing | null {
    const due = reminded(state, number, locale, now, links.profile);
    const shares = rank === rankOf.private && canShare(info);
    return (
      due &&
      reminderMessage(due.view, due.text, links, {
        neutral: manner.neutral,
        shares,
      })
    );
  },

  /**
   * @param earlier older revisions that the recipient has not been sent either,
   * oldest first
   * @param now milliseconds since the epoch
   */
  message(
    id: string,
    state: TellableState,
    earlier: Revision[],
    { locale, rank, scopes, manner: { neutral, brief = false } }: Follower,
    now: number,
  ): Outgoing {
    const options = {
      ...{
        scopes,
        neutral,
        brief,
        shares: rank === rankOf.private && canShare(info),
      },
      ...(rank === rankOf.channel ? { channelOf: info.username } : {}),
    };
    const { profile } = links;
    if (state.state === "withdrawn")
      return updateMessage(
        viewWithdrawn(id, state.revision, locale, profile),
        [],
        links,
        options,
      );
    const { case: fields, revision } = state.record;
    const view = viewCase(fields, revision, locale, now, profile);
    const before = earlier.map(
      (older) => viewCase(fields, older, locale, now, profile).revision,
    );
    return updateMessage(view, before, links, {
      ...options,
      news: newsIn(fields, revision, locale, profile),
    });
  },
});
