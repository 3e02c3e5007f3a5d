/**
 * The bodies of webhooks. Events hold no content of a case, because we could
 * not erase it at the receiver.
 */
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
  export: "data.exported",
  invite: "editor.invited",
  token: "token.made",
  link: "link.changed",
  access: "access.changed",
  "passkey-copied": "passkey.copied",
  "place-old": "place.old",
  readers: "trouble.readers",
  backup: "trouble.backup",
  trigger: "trouble.trigger",
  workshop: "trouble.workshop",
  bot: "trouble.bot",
  over: "trouble.over",
} as const satisfies Record<ProposalEvent["action"], string>;

/**
 * What a webhook is told about: a change that readers see, something that
 * editors did, or a trouble.
 */
export type HookChange = LoggedChange | ProposalEvent;

export const isProposalEvent = (change: HookChange): change is ProposalEvent =>
  "action" in change;

interface Place {
  publicUrl: string;
  profile: Profile;
  locale: LocaleTag;
}

/** Where an editor sees more of it. */
function deskUrl({ id, action }: ProposalEvent, { publicUrl }: Place): string {
  const subject = action === "place-old" ? `cases/${id}` : "approvals";
  return `${publicUrl}${paths.desk}#/${id === "" ? "audit" : subject}`;
}

/** "UA 126/19: Title" and the address of its page, for chats. */
function textOf(change: HookChange, place: Place, now: number): string {
  const { publicUrl, profile, locale } = place;
  if (isProposalEvent(change)) {
    const { id, action, isPublic } = change;
    const about = isPublic
      ? numberOf(id, profile)
      : message(locale, "hook.new-case");
    return `${message(locale, `bot.desk.${action}`, { case: about })}\n${deskUrl(change, place)}`;
  }
  const { id, revision } = change;
  const view =
    change.state === "present"
      ? viewCase(change.case, revision, locale, now, profile)
      : viewWithdrawn(id, revision, locale, profile);
  const title = view.state === "present" ? markedText(view.title) : view.title;
  const moment = view.revision
    ? `${view.revision.label} · ${view.revision.published}`
    : "";
  return `${numberOf(id, profile)}: ${title}\n${moment}\n${publicUrl}${addresses.page(id, locale)}`;
}

/** In Slack's text, these three signs begin markup. */
const slackText = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Nothing of a case's content; about what editors did no editor's name and
 * nothing unpublished, not even the number of a case that readers don't know.
 */
function eventOf(change: HookChange, place: Place): object {
  const { id, change: number } = change;
  if (isProposalEvent(change)) {
    const { action, isPublic, at: timestamp } = change;
    const data = {
      event: number,
      ...(isPublic && { case: id }),
      url: deskUrl(change, place),
    };
    return { type: proposalTypes[action], timestamp, data };
  }
  const { kind, liveAt: timestamp, number: revision } = change.revision;
  const data = {
    change: number,
    case: id,
    revision,
    url: place.publicUrl + addresses.case(id),
  };
  return { type: types[kind], timestamp, data };
}

/** @param now milliseconds since the epoch */
export function payloadOf(
  change: HookChange,
  shape: HookShape,
  place: Place,
  now: number,
): object {
  switch (shape) {
    case "event":
      return eventOf(change, place);
    case "slack":
      return {
        text: slackText(textOf(change, place, now)),
        unfurl_links: false,
      };
    case "discord":
      // Without it, a title could mention everyone.
      return {
        content: textOf(change, place, now),
        allowed_mentions: { parse: [] },
      };
    case "matrix":
      return { text: textOf(change, place, now) };
  }
}
