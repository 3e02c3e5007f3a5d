/** Telegram's webhook: passes each update once to the bot, which is in the workshop. */
import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { Unreachable } from "../../../bot/ports.ts";
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
import { lookUpsOf } from "./look-ups.ts";
import { chargesOf, parseUpdate } from "./update.ts";

/** The value of `Retry-After` when Telegram must send an update again. */
const RETRY_AFTER_S = "1";

const reached = <T>(promise: Promise<T>): Promise<T> =>
  promise.catch((error) => {
    throw new Unreachable("A Durable Object could not be reached.", { cause: error });
  });

function portsOf(env: Env): HostPorts {
  const reads = readsFor(env);
  const profile = profileOf(env);
  const followers = () => requireDispatcher(env);
  return {
    cases: {
      async view(id, locale) {
        const state = await reached(reads.case(id));
        return viewOf(id, state, locale, Date.now(), profile);
      },
      async act(id, locale, letterIn) {
        const state = await reached(reads.case(id));
        if (state.state !== "present") return refusalViewOf(id, state, locale, profile);
        return viewAct(state.record.case, state.record.revision, locale, Date.now(), letterIn, profile);
      },
      ...lookUpsOf((read) => reached(read(reads)), profile),
    },
    followers: {
      follow: (place, scope, locale, told) => reached(followers().follow(place, scope, locale, told)),
      unfollow: (place, scope) => reached(followers().unfollow(place, scope)),
      following: (place) => reached(followers().following(place)),
      followingEverywhere: (place) => reached(followers().followingEverywhere(place)),
      mayAnswer: (place) => reached(followers().mayAnswer(place)),
      language: (place) => reached(followers().language(place)),
      setLanguage: (place, locale) => reached(followers().setLanguage(place, locale)),
      manner: (place) => reached(followers().manner(place)),
      setManner: (place, manner) => reached(followers().setManner(place, manner)),
      move: (from, to) => reached(followers().move(from, to)),
      retry: (place) => reached(followers().retry(place)),
      forget: (place) => reached(followers().forget(place)),
    },
    cards: {
      mayShare: (place) => reached(followers().mayShare(place)),
      allowSharing: (place) => reached(followers().allowSharing(place)),
      shared: (address, card, by) => reached(followers().cardShared(address, card, by)),
      kept: (address) => reached(followers().cardKept(address)),
      pressed: (address, choice) => reached(followers().cardPressed(address, choice)),
      pin: (place, message, card) => reached(followers().pinCard(place, message, card)),
      translate: (place, locale) => reached(followers().translateCards(place, locale)),
      unpin: (place, caseId) => reached(followers().unpinCards(place, caseId)),
    },
    desk: {
      link: (place, code, locale) => reached(followers().linkDesk(place, code, locale)),
      unlink: (place) => reached(followers().unlinkDesk(place)),
    },
  };
}

/** @throws Refusal `no-bot` */
function settingsOf(env: Env): WorkshopBotSettings {
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
    throw new Refusal({ tag: "broken-json", detail: "An update must be one JSON object." });
  });
  if (!Number.isSafeInteger(body?.update_id))
    throw new Refusal({ tag: "broken-json", detail: "An update must have an update_id." });
  const update = parseUpdate(body);
  if (!update) {
    // Accept it: an error would make Telegram send it again and again, before later updates of its chat.
    log.error("Webhook: ignored an update that is malformed or of a kind that the bot doesn't handle");
    return c.body(null, 200);
  }
  const again = () => c.body(null, 503, { "Retry-After": RETRY_AFTER_S });
  let dispatcher: ReturnType<typeof requireDispatcher>;
  try {
    dispatcher = requireDispatcher(c.env);
    const state = await dispatcher.begin(update.update_id, chargesOf(update));
    if (state === "busy") return again();
    if (state === "slow")
      await askWorkshop(c.env, (workshop) => workshop.slowDown(update, settingsOf(c.env), portsOf(c.env)));
    if (state !== "new") return c.body(null, 200);
  } catch {
    return again();
  }
  try {
    await askWorkshop(c.env, (workshop) => workshop.handleUpdate(update, settingsOf(c.env), portsOf(c.env)));
    await dispatcher.end(update.update_id, true);
    return c.body(null, 200);
  } catch (error) {
    log.error("Webhook: handling an update failed", error);
    waitUntil(dispatcher.end(update.update_id, false).catch(() => {}));
    return again();
  }
}

export const telegramHandlers = { telegram: takeUpdate } satisfies Partial<Handlers>;
