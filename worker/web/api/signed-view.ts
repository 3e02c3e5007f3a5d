/** Views that the deployment signs, for mirrors to pass on. */
import { Refusal } from "../../../shared/failure.ts";
import { type LocaleTag, negotiate } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { dateIn } from "../../../shared/view/date.ts";
import type { View } from "../../../shared/view/schema.ts";
import { SIGNED_VIEW_HEADER, type SignedView } from "../../../widget/signed-view.ts";
import { etagOfView } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { halfDay, startOfHalfDay } from "../../reads/list.ts";
import { sendBody, untilOf } from "../../reads/send-body.ts";
import { viewOf } from "../../reads/state.ts";
import { signerFor } from "../../runtime/log-signer.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { refusalOf } from "./cases.ts";
import type { Handlers } from "./router.ts";

/** A mirror that is no longer brought up to date shows an old status for this long. */
const VALID_MS = 7 * 86_400_000;

const DAY_LENGTH = "2026-11-25".length;

/** The view as a mirror's reader sees it: where the live view says that it could not be refreshed, the copy says how old it is. */
function copyOf(view: View, locale: LocaleTag, made: string): View {
  if (view.state !== "present") return view;
  const offline = message(locale, "view.copy", { date: dateIn(locale, made.slice(0, DAY_LENGTH)) });
  return { ...view, words: { ...view.words, offline } };
}

export const signedViewHandlers = {
  async readSignedView(c, { params: { id }, query }) {
    const signer = await signerFor(c.env);
    const profile = profileOf(c.env);
    const locale = negotiate(query.lang, profile);
    const head = await leased(c, (reads) => reads.leasedCase(id));
    const { value: state } = head;
    // Mirrors must also pass on that a case was withdrawn.
    if (state.state !== "present" && state.state !== "withdrawn") throw new Refusal(refusalOf(id, state));
    return sendBody(c, { key: `signed view ${id} ${locale}`, copies: [head] }, async (now) => {
      const view = viewOf(id, state, locale, now, profile);
      // The same bytes for half a day, from every isolate.
      const since = Math.max(startOfHalfDay(now), Date.parse(view.revision?.liveAt ?? ""));
      const made = new Date(since).toISOString();
      const signed: SignedView = {
        made,
        expires: new Date(since + VALID_MS).toISOString(),
        view: copyOf(view, locale, made),
      };
      return {
        body: await signer.signText(`${SIGNED_VIEW_HEADER}\n${JSON.stringify(signed)}\n`),
        status: view.state === "present" ? 200 : 410,
        etag: etagOfView(c.env, view, "signed", halfDay(now)),
        headers: { "Content-Type": "text/plain; charset=utf-8", "Content-Language": locale },
        until: untilOf(view),
      };
    });
  },
} satisfies Partial<Handlers>;
