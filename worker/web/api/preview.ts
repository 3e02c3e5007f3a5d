/** Previews a draft, or a case after its withdrawal, with the same functions that render each surface. Stores nothing. */

import * as v from "valibot";
import { canShare } from "../../../bot/card.ts";
import { type News, newsIn } from "../../../bot/news.ts";
import type { BotLinks } from "../../../bot/ports.ts";
import { updateMessage } from "../../../bot/update-message.ts";
import { Case } from "../../../shared/case/schema.ts";
import { TAG } from "../../../shared/case/text.ts";
import { changesBetween } from "../../../shared/change.ts";
import { Refusal } from "../../../shared/failure.ts";
import { negotiate } from "../../../shared/locale.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { View } from "../../../shared/view/schema.ts";
import { viewCase, viewWithdrawn } from "../../../shared/view/view.ts";
import type { Preview, PreviewRequest, Trace } from "../../editing/rules/desk.ts";
import { gapsIn } from "../../editing/rules/gaps.ts";
import { previewable } from "../../editing/rules/previewable.ts";
import { parsePublication } from "../../editing/rules/publication.ts";
import { withoutHidden } from "../../reads/hidden-pictures.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { botSettings, leadMsOf } from "../../runtime/settings.ts";
import type { Handlers } from "./router.ts";

interface Setting {
  /** The number that the revision would get. */
  number: number;
  /** Milliseconds since the epoch. */
  now: number;
  /** From a publish to its moment. */
  leadMs: number;
  env: Env;
}

const linksOf = (env: Env): BotLinks => ({ publicUrl: env.PUBLIC_URL, profile: profileOf(env) });

/** The bot's message to a follower in a private chat; null without a bot. */
function telegramOf(view: View, env: Env, news?: News): Preview["telegram"] {
  const bot = botSettings(env);
  if (bot === null) return null;
  const telling = { scopes: [view.id], neutral: false, shares: canShare(bot.info), ...(news ? { news } : {}) };
  const { text, entities, keyboard } = updateMessage(view, [], linksOf(env), telling);
  const buttons = keyboard.inline_keyboard.map((row) =>
    row.map((button) => ({ text: button.text, ...("url" in button ? { url: button.url } : {}) })),
  );
  return { text, entities, buttons };
}

/** The id of the case; empty while it has none. A draft's fields may hold any JSON, even values that have no string form. */
const idOf = ({ case: { id }, base }: v.InferOutput<typeof PreviewRequest>): string =>
  [id, base?.case.id].find((one) => typeof one === "string") ?? "";

/** A placeholder for values that exist only after a commit. */
const UNKNOWN = "…";

function previewOf(request: v.InferOutput<typeof PreviewRequest>, { number, now, leadMs, env }: Setting): Preview {
  const { base, kind, lang } = request;
  const profile = profileOf(env);
  // `problems` lists tags that aren't languages; Intl would throw for them.
  const written = Object.entries(request.note).flatMap(([tag, text]) =>
    TAG.test(tag) && text.trim() ? [[tag, text.trim()]] : [],
  );
  const asked = request.liveAt === null ? Number.NaN : Date.parse(request.liveAt);
  const judged = parsePublication(
    { case: request.case, note: request.note, kind, ...(request.liveAt === null ? {} : { liveAt: request.liveAt }) },
    now,
    profile,
  );
  const problems = "issues" in judged ? judged.issues : [];
  const missing = gapsIn(request.case, request.note, profile.languages, base?.case);
  const fields = previewable(request.case);
  if (!fields) return { view: null, telegram: null, record: null, problems, missing, changes: [] };

  const before = v.safeParse(Case, base?.case);
  const changes = kind === "redaction" || !before.success ? [] : changesBetween(before.output, fields);
  const revision: Revision = {
    number,
    sequence: 0,
    kind,
    note: written.length > 0 ? Object.fromEntries(written) : { [fields.language]: "…" },
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
    telegram: telegramOf(view, env, newsIn(fields, revision, locale, profile)),
    record: {
      case: withoutHidden(fields),
      revision: { ...revision, sequence: UNKNOWN },
      contact: profile.newsroom.contact,
    },
    problems,
    missing,
    changes,
  };
}

export const previewHandlers = {
  async readTrace(c, { params: { id }, query }) {
    const record = await ledgerFor(c.env).desk.record(id, false);
    if (!record) throw new Refusal({ tag: "unknown-case", id });
    const liveAt = new Date(Date.now() + leadMsOf(c.env)).toISOString();
    const profile = profileOf(c.env);
    const locale = negotiate(query.lang, profile);
    const view = viewWithdrawn(id, { number: record.next, kind: "withdrawal", liveAt }, locale, profile);
    return c.json({ view, telegram: telegramOf(view, c.env) } satisfies Trace);
  },
  async preview(c, { body }) {
    const number = body.number ?? (await ledgerFor(c.env).desk.nextNumber(idOf(body)));
    return c.json(previewOf(body, { number, now: Date.now(), leadMs: leadMsOf(c.env), env: c.env }));
  },
} satisfies Partial<Handlers>;
