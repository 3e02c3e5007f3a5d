import type { LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { dateIn } from "../../shared/view/date.ts";
import type { View } from "../../shared/view/schema.ts";
import {
  SIGNED_VIEW_HEADER,
  type SignedView,
} from "../../shared/view/signed-view.ts";

/**
 * A copy that is no longer brought up to date shows an old status for this
 * long: seven days.
 */
const VALID_MS = 7 * 86_400_000;

/**
 * The text to sign. Where the live view says that it could not be refreshed,
 * the copy says how old it is.
 * @param made milliseconds since the epoch
 * @param copy says where the copy comes from: a mirror, or the reader's device
 */
export function signedViewText(
  view: View,
  locale: LocaleTag,
  made: number,
  copy: "view.copy" | "follow.copy" = "view.copy",
): string {
  const date = new Date(made).toISOString();
  const offline = message(locale, copy, {
    date: dateIn(locale, date.slice(0, 10)),
  });
  const signed: SignedView = {
    made: date,
    expires: new Date(made + VALID_MS).toISOString(),
    view:
      view.state === "present"
        ? { ...view, words: { ...view.words, offline } }
        : view,
  };
  return `${SIGNED_VIEW_HEADER}\n${JSON.stringify(signed)}\n`;
}
