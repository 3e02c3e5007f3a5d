/**
 * Previews a draft, or a case after its withdrawal, with the same functions
 * that render each surface.
 */
import * as v from "valibot";
import { canShare } from "../../../bot/card.ts";
import { type News, newsIn } from "../../../bot/news.ts";
import { updateMessage } from "../../../bot/update-message.ts";
import { Case } from "../../../shared/case/schema.ts";
import { TAG } from "../../../shared/case/text.ts";
import { changesBetween } from "../../../shared/change.ts";
import { negotiate } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { View } from "../../../shared/view/schema.ts";
import { viewCase, viewWithdrawn } from "../../../shared/view/view.ts";
import type {
  Preview,
  PreviewRequest,
  Trace,
} from "../../editing/rules/desk.ts";
import { previewable } from "../../editing/rules/previewable.ts";
import { readyTexts } from "../../editing/rules/ready-texts.ts";

export interface PreviewSetting {
  /** The number that the revision would get. */
  number: number;
  /** Milliseconds since the epoch. */
  now: number;
  /** From a publish to its moment. */
  leadMs: number;
  profile: Profile;
  /** Without a trailing slash. */
  publicUrl: string;
  /** Null without a bot. */
  bot: Parameters<typeof canShare>[0] | null;
}

/** The bot's message to a follower in a private chat; null without a bot. */
function telegramOf(
  view: View,
  { bot, ...links }: PreviewSetting,
  news?: News,
): Preview["telegram"] {
  if (bot === null) return null;
  const telling = {
    scopes: [view.id],
    neutral: false,
    shares: canShare(bot),
    ...(news ? { news } : {}),
  };
  const { text, entities, keyboard } = updateMessage(view, [], links, telling);
  const buttons = keyboard.inline_keyboard.map((row) =>
    row.map((button) => ({
      text: button.text,
      ...("url" in button ? { url: button.url } : {}),
    })),
  );
  return { text, entities, buttons };
}

/** A placeholder for values that exist only after a commit. */
const UNKNOWN = "…";

export function previewDraft(
  request: v.InferOutput<typeof PreviewRequest>,
  setting: PreviewSetting,
): Preview {
  const { base, kind, lang } = request;
  const { number, now, leadMs, profile } = setting;
  // Intl would throw for a tag that isn't a language.
  const written = Object.entries(request.note).flatMap(([tag, text]) =>
    TAG.test(tag) && text.trim() ? [[tag, text.trim()]] : [],
  );
  const asked =
    request.liveAt === null ? Number.NaN : Date.parse(request.liveAt);
  const fields = previewable(request.case);
  if (!fields) return { view: null, telegram: null, ready: null };

  const before = v.safeParse(Case, base?.case);
  const changes = !before.success ? [] : changesBetween(before.output, fields);
  const revision: Revision = {
    number,
    kind,
    note:
      written.length > 0
        ? Object.fromEntries(written)
        : { [fields.language]: "…" },
    committedAt: UNKNOWN,
    liveAt: new Date(Number.isNaN(asked) ? now + leadMs : asked).toISOString(),
    hash: UNKNOWN,
    contentHash: UNKNOWN,
    previousHash: UNKNOWN,
    changes,
  };
  const locale = negotiate(lang, profile);
  const view = viewCase(fields, revision, locale, now, profile);
  return {
    view,
    telegram: telegramOf(
      view,
      setting,
      newsIn(fields, revision, locale, profile),
    ),
    ready: before.success ? readyTexts(before.output, fields, profile) : null,
  };
}

/** @param lang the reader's language */
export function previewWithdrawal(
  id: string,
  lang: string | undefined,
  setting: PreviewSetting,
): Trace {
  const { number, now, leadMs, profile } = setting;
  const liveAt = new Date(now + leadMs).toISOString();
  const view = viewWithdrawn(
    id,
    { number, kind: "withdrawal", liveAt },
    negotiate(lang, profile),
    profile,
  );
  return { view, telegram: telegramOf(view, setting) };
}
