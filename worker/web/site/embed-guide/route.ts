/** Routes of the embed guide and its script. */

import type { Context } from "hono";
import script from "../../../../dist/embed-guide.js";
import { negotiate } from "../../../../shared/locale.ts";
import { caseNumberIn } from "../../../../shared/profile/numbers.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { etagOf, type Public } from "../../../reads/freshness.ts";
import { leased, leasedPage } from "../../../reads/leased.ts";
import type { Selection } from "../../../reads/list.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { viewPresent } from "../../../reads/state.ts";
import { summariesIn } from "../../../reads/summary.ts";
import { keyLine } from "../../../runtime/checkpoint.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { signerFor } from "../../../runtime/log-signer.ts";
import { once } from "../../../runtime/once.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { widgetRelease } from "../../../runtime/release.ts";
import { logKeyOf } from "../../../runtime/settings.ts";
import type { Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";
import { idPrefixes } from "../canonical.ts";
import { pagePolicyWith } from "../document/document.tsx";
import { parseLook } from "../embed/look.ts";
import { pageHeaders, siteFor } from "../pages.tsx";
import {
  embedGuidePage,
  embedGuideStyle,
  type GuideInput,
  MAX_LISTED_MATCHES,
} from "./embed-guide.tsx";

/** More suggestions would not help; the field also accepts any other case. */
const MAX_SUGGESTIONS = 100;
const MAX_INPUT_CHARACTERS = 200;
/** A page of the list without filters. */
const WHOLE = { q: undefined, action: undefined, cursor: undefined };

/**
 * Reads the cases that match the input: one for an id or an address with one,
 * else those that a search finds.
 */
async function readMatches(
  c: Context<Public>,
  text: string,
  profile: Profile,
): Promise<Pick<Selection, "page" | "found">> {
  const prefix = idPrefixes.find((candidate) => text.includes(candidate));
  const named =
    (prefix && /^[\w-]+/.exec(text.split(prefix)[1] as string)?.[0]) ?? text;
  const id = named.toLowerCase();
  // A search makes a fresh isolate read all cases.
  const exact =
    caseNumberIn(id, profile) &&
    (await leased(c, (reads) => reads.leasedCase(id)));
  const page = exact ? summariesIn([exact.value], profile) : [];
  if (page.length > 0) return { page, found: 1 };
  const { at } = await leasedPage(c, {
    ...WHOLE,
    q: named,
    lang: undefined,
    limit: MAX_LISTED_MATCHES,
  });
  return at(0).selection;
}

async function sendGuide(
  c: Context<Public>,
  query: Record<string, string | undefined>,
): Promise<Response> {
  const { copy, at } = await leasedPage(c, {
    ...WHOLE,
    lang: undefined,
    limit: MAX_SUGGESTIONS,
  });
  const { page: newest } = at(0).selection;
  const profile = profileOf(c.env);
  const input: GuideInput = {
    ...parseLook(query),
    text: (query.case ?? "").trim().slice(0, MAX_INPUT_CHARACTERS),
    lang: negotiate(query.lang, profile),
  };
  const locale = negotiate(query.ui, profile);
  const site = siteFor(c, query.ui ?? "");
  // In some browsers 'self' doesn't include WebSockets.
  const { protocol, host } = new URL(c.req.url);
  const socket = `${protocol === "https:" ? "wss" : "ws"}://${host}`;
  const policy = pagePolicyWith(embedGuideStyle, {
    "script-src": "'self'",
    "connect-src": `'self' ${socket}`,
    "frame-src": "'self'",
  });
  const key =
    input.text || site.unsupportedLanguage
      ? null
      : `embed guide ${socket} ${locale} ${input.lang} ${input.variant} ${input.theme}`;
  const first = [newest.find(({ demo }) => !demo) ?? newest[0]].flatMap(
    (one) => one ?? [],
  );
  const { page: matches, found } = input.text
    ? await readMatches(c, input.text, profile)
    : { page: first, found: first.length };
  const chosen = found === 1 ? (matches[0] ?? null) : null;
  const read =
    chosen && (await leased(c, (reads) => reads.leasedCase(chosen.id)));
  const present = read?.value.state === "present" ? read.value : null;
  const logKey =
    logKeyOf(c.env) === null ? null : keyLine((await signerFor(c.env)).public);
  return sendBody(c, { key, copies: read ? [copy, read] : [copy] }, (now) => {
    const body = embedGuidePage({
      locale,
      input,
      chosen: present && chosen,
      view: present && viewPresent(present, input.lang, now, profile),
      matches,
      found,
      suggestions: newest,
      site,
      release: widgetRelease,
      logKey,
      now,
    });
    return {
      body,
      etag: etagOf(c.env, shortDigest(body), "embed guide"),
      headers: pageHeaders(locale, policy),
    };
  });
}

const scriptEtag = once(() => `"${shortDigest(script)}"`);

export const embedGuideHandlers = {
  embedGuide: (c, { query }) => sendGuide(c, query),
  embedGuideScript: (c) =>
    sendFile(c, script, {
      "Content-Type": "text/javascript; charset=utf-8",
      ETag: scriptEtag(),
    }),
} satisfies Partial<Handlers>;
