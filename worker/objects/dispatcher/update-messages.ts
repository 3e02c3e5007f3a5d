/** Builds the messages about an update. Followers with the same language, settings and follows share one, so it is built once. */

import { canShare } from "../../../bot/card.ts";
import { newsIn } from "../../../bot/news.ts";
import type { BotLinks } from "../../../bot/ports.ts";
import type { Outgoing } from "../../../bot/text.ts";
import { reminderMessage, updateMessage } from "../../../bot/update-message.ts";
import type { Revision } from "../../../shared/revision.ts";
import { hasLapsed } from "../../../shared/view/age.ts";
import { dateIn } from "../../../shared/view/date.ts";
import { markedText, runOf } from "../../../shared/view/run.ts";
import { viewCase, viewWithdrawn } from "../../../shared/view/view.ts";
import type { CaseState } from "../../reads/state.ts";
import { hearingsOf } from "../../reads/summary.ts";
import type { BotSettings } from "../../runtime/settings.ts";
import type { Recipient } from "./followers.ts";
import { rankOf } from "./rank.ts";
import { hearingDay, reminderNumber } from "./reminders.ts";

export type TellableState = Exclude<CaseState, { state: "absent" | "unshowable" }>;

/** The most messages kept about one state of a case; more than it has languages and settings, unless many follow places. */
const MAX_MESSAGES = 200;

interface Built {
  message: Outgoing;
  /** When the text changes by itself, in milliseconds since the epoch. */
  until: number;
}

export class UpdateMessages {
  readonly #links: BotLinks;
  readonly #info: BotSettings["info"];
  /** The reads return the same object until the case changes. */
  readonly #built = new WeakMap<TellableState, Map<string, Built>>();

  constructor(links: BotLinks, info: BotSettings["info"]) {
    this.#links = links;
    this.#info = info;
  }

  /**
   * @param earlier older revisions that the recipient has not been sent either, oldest first
   * @param now milliseconds since the epoch
   */
  message(id: string, state: TellableState, earlier: Revision[], recipient: Recipient, now: number): Outgoing {
    const { locale, rank, scopes, manner } = recipient;
    const key = JSON.stringify([
      locale,
      rank,
      manner.neutral,
      manner.brief,
      scopes,
      earlier.map(({ number }) => number),
    ]);
    let messages = this.#built.get(state);
    if (!messages || messages.size >= MAX_MESSAGES) {
      messages = new Map();
      this.#built.set(state, messages);
    }
    const known = messages.get(key);
    if (known && now < known.until) return known.message;
    const built = this.#build(id, state, earlier, recipient, now);
    messages.set(key, built);
    return built.message;
  }

  /** @returns null when the case asks for nothing until that day, and announces nothing for it, any more */
  reminder(state: CaseState, number: number, { locale, rank, manner }: Recipient, now: number): Outgoing | null {
    if (state.state !== "present") return null;
    const { case: fields, revision } = state.record;
    const { state: action, until } = fields.action;
    const day = hearingDay(number);
    const hearing = day === null ? undefined : hearingsOf(fields).find(({ date }) => date === day);
    const asked = action === "active" && until !== undefined && reminderNumber(until) === number;
    if ((!asked && !hearing) || hasLapsed(day ?? until, now)) return null;
    const shares = rank === rankOf.private && canShare(this.#info);
    const view = viewCase(fields, revision, locale, now, this.#links.profile);
    const options = { neutral: manner.neutral, shares };
    if (!hearing) return reminderMessage(view, view.action.label, this.#links, options);
    const said = markedText(runOf(hearing.text, fields.language, locale));
    return reminderMessage(view, `${dateIn(locale, hearing.date)}: ${said}`, this.#links, options);
  }

  #build(
    id: string,
    state: TellableState,
    earlier: Revision[],
    { locale, rank, scopes, manner: { neutral, brief = false } }: Recipient,
    now: number,
  ): Built {
    const options = {
      scopes,
      neutral,
      brief,
      shares: rank === rankOf.private && canShare(this.#info),
      ...(rank === rankOf.channel ? { channelOf: this.#info.username } : {}),
    };
    const { profile } = this.#links;
    if (state.state === "withdrawn") {
      const view = viewWithdrawn(id, state.revision, locale, profile);
      return { message: updateMessage(view, [], this.#links, options), until: Number.POSITIVE_INFINITY };
    }
    const { case: fields, revision } = state.record;
    const view = viewCase(fields, revision, locale, now, profile);
    const before = earlier.map((older) => viewCase(fields, older, locale, now, profile).revision);
    return {
      message: updateMessage(view, before, this.#links, {
        ...options,
        news: newsIn(fields, revision, locale, profile),
      }),
      until: view.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(view.expires),
    };
  }
}
