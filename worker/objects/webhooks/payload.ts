/** The bodies of webhooks. Events hold no content of a case, because we could not erase it at the receiver. */
import { addresses, paths } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { markedText } from "../../../shared/view/run.ts";
import { viewCase, viewWithdrawn } from "../../../shared/view/view.ts";
import type { HookShape } from "../../editing/rules/hooks.ts";
import type { LoggedChange, ProposalEvent } from "../../reads/state.ts";

const types = {
  update: "case.updated",
  correction: "case.corrected",
  redaction: "case.redacted",
  withdrawal: "case.withdrawn",
} as const;

const proposalTypes = {
  propose: "proposal.made",
  approve: "proposal.approved",
  reject: "proposal.rejected",
  "take-back": "proposal.taken-back",
  redact: "erasure.committed",
  withdraw: "withdrawal.committed",
  "place-old": "place.old",
} as const;

/** What a webhook is told about: a change that readers see, or something that editors did with a proposal. */
export type HookChange = LoggedChange | ProposalEvent;

export const isProposalEvent = (change: HookChange): change is ProposalEvent => "action" in change;

interface Place {
  publicUrl: string;
  profile: Profile;
  locale: LocaleTag;
}

/** "UA 126/19: Title" and the address of its page, for chats. */
function textOf(change: HookChange, { publicUrl, profile, locale }: Place, now: number): string {
  if (isProposalEvent(change)) {
    const { id, action, isPublic } = change;
    const about = isPublic ? numberOf(id, profile) : message(locale, "hook.new-case");
    return `${message(locale, `bot.desk.${action}`, { case: about })}\n${publicUrl}${paths.desk}#/approvals`;
  }
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

/** What happened to a proposal, or what one editor erased or withdrew. No editor's name and nothing unpublished: the number of a case that readers don't know isn't here either. */
function proposalEvent({ change, id, action, isPublic, at }: ProposalEvent, { publicUrl }: Place): object {
  const data = { event: change, ...(isPublic && { case: id }), url: `${publicUrl}${paths.desk}#/approvals` };
  return { type: proposalTypes[action], timestamp: at, data };
}

/** @param now milliseconds since the epoch */
export function payloadOf(change: HookChange, shape: HookShape, place: Place, now: number): object {
  switch (shape) {
    case "event":
      if (isProposalEvent(change)) return proposalEvent(change, place);
      return {
        type: types[change.revision.kind],
        timestamp: change.revision.liveAt,
        data: {
          change: change.change,
          case: change.id,
          revision: change.revision.number,
          url: place.publicUrl + addresses.case(change.id),
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
