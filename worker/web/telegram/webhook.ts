/**
 * Telegram's webhook: passes each update once to the bot, which is in the
 * workshop.
 */
import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { Refusal } from "../../../shared/failure.ts";
import { viewAct } from "../../../shared/view/act.ts";
import type { Public } from "../../reads/freshness.ts";
import { readsFor } from "../../reads/reads.ts";
import { refusalViewOf, viewOf } from "../../reads/state.ts";
import { askWorkshop, requireDispatcher } from "../../runtime/bindings.ts";
import { log } from "../../runtime/log.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { botSettings } from "../../runtime/settings.ts";
import type { Handlers } from "../api/router.ts";
import type { HostPorts, WorkshopBotSettings } from "../workshop/bot.ts";
import { chatPorts, reached } from "./chat-ports.ts";
import { lookUpsOf } from "./look-ups.ts";
import { chargesOf, parseUpdate } from "./update.ts";

/** The value of `Retry-After` when Telegram must send an update again. */
const RETRY_AFTER_S = "1";

export function hostPorts(
  env: Env,
  chats: Parameters<typeof chatPorts>[0],
): HostPorts {
  const reads = readsFor(env);
  const profile = profileOf(env);
  return {
    cases: {
      async view(id, locale) {
        const state = await reached(reads.case(id));
        return viewOf(id, state, locale, Date.now(), profile);
      },
      async act(id, locale, letterIn) {
        const state = await reached(reads.case(id));
        if (state.state !== "present")
          return refusalViewOf(id, state, locale, profile);
        return viewAct(
          state.record.case,
          state.record.revision,
          locale,
          Date.now(),
          letterIn,
          profile,
        );
      },
      ...lookUpsOf((read) => reached(read(reads)), profile),
    },
    ...chatPorts(chats),
  };
}

/** @throws Refusal `no-bot` */
export function settingsOf(env: Env): WorkshopBotSettings {
  const settings = botSettings(env);
  if (settings === null) throw new Refusal({ tag: "no-bot" });
  const { token, info, apiRoot } = settings;
  const profile = profileOf(env);
  return {
    ...{ token, botInfo: info, apiRoot },
    links: { publicUrl: env.PUBLIC_URL, profile },
    safety: profile.bot?.safety ?? [],
  };
}

async function takeUpdate(c: Context<Public>): Promise<Response> {
  const body = await c.req.json<{ update_id?: unknown } | null>().catch(() => {
    throw new Refusal({
      tag: "broken-json",
      detail: "An update must be one JSON object.",
    });
  });
  if (!Number.isSafeInteger(body?.update_id))
    throw new Refusal({
      tag: "broken-json",
      detail: "An update must have an update_id.",
    });
  const update = parseUpdate(body);
  if (!update) {
    // Accept it: an error would make Telegram send it again and again, before
    // later updates of its chat.
    log.error(
      "Webhook: ignored an update that is malformed or of a kind that the bot doesn't handle",
    );
    return c.body(null, 200);
  }
  const again = () => c.body(null, 503, { "Retry-After": RETRY_AFTER_S });
  try {
    const { state, chats } = await requireDispatcher(c.env).chats.claim(
      update.update_id,
      chargesOf(update),
    );
    if (state === "busy") return again();
    const ports = hostPorts(c.env, chats);
    if (state === "slow")
      await askWorkshop(c.env, (workshop) =>
        workshop.tellBot("slowDown", update, settingsOf(c.env), ports),
      );
    if (state !== "new") return c.body(null, 200);
    try {
      await askWorkshop(c.env, (workshop) =>
        workshop.tellBot("handleUpdate", update, settingsOf(c.env), ports),
      );
      await chats.end(update.update_id);
      return c.body(null, 200);
    } catch (error) {
      log.error("Webhook: handling an update failed", error);
      waitUntil(chats.reopen(update.update_id).catch(() => {}));
      return again();
    }
  } catch {
    return again();
  }
}

export const telegramHandlers = {
  telegram: takeUpdate,
} satisfies Partial<Handlers>;
