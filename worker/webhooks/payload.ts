/** The bodies of webhooks. Events hold no content of a case, because we could not erase it at the receiver. */
import { addresses } from "../../shared/addresses.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { Profile } from "../../shared/profile/schema.ts";
import { markedText } from "../../shared/view/run.ts";
import { viewCase, viewWithdrawn } from "../../shared/view/view.ts";
import type { HookShape } from "../editorial/hooks.ts";
import type { LoggedChange } from "../reads/state.ts";

const types = {
  update: "case.updated",
  correction: "case.corrected",
  redaction: "case.redacted",
  withdrawal: "case.withdrawn",
} as const;

interface Place {
  publicUrl: string;
  profile: Profile;
  locale: LocaleTag;
}

/** "UA 126/19: Title" and the address of its page, for chats. */
function textOf(change: LoggedChange, { publicUrl, profile, locale }: Place, now: number): string {
  const { id, revision } = change;
  const view =
    change.state === "present"
      ? viewCase(change.case, revision, locale, now, profile)
      : viewWithdrawn(id, revision, locale, profile);
  const title = view.state === "present" ? markedText(view.title) : view.title;
  const moment = view.revision ? `${view.revision.label} · ${view.revision.published}` : "";
  return `${numberOf(id, profile)}: ${title}\n${moment}\n${publicUrl}${addresses.page(id, locale)}`;
}

/** In Slack's text, these three signs begin markup. */
const slackText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** @param now milliseconds since the epoch */
export function payloadOf(change: LoggedChange, shape: HookShape, place: Place, now: number): object {
  const { id, revision } = change;
  switch (shape) {
    case "event":
      return {
        type: types[revision.kind],
        timestamp: revision.liveAt,
        data: {
          change: change.change,
          case: id,
          revision: revision.number,
          url: place.publicUrl + addresses.case(id),
        },
      };
    case "slack":
      return { text: slackText(textOf(change, place, now)), unfurl_links: false };
    case "discord":
      // Without it, a title could mention everyone.
      return { content: textOf(change, place, now), allowed_mentions: { parse: [] } };
    case "matrix":
      return { text: textOf(change, place, now) };
  }
}
