/**
 * Messages to editors' chats about what editors did, and about troubles. They
 * are delivered like revisions, so they share their pace and recovery. In place
 * of a revision's number they have a negative one, below those of reminders
 * (days since 1970), which holds the line of the audit log and its action.
 */
import { linesMessage } from "../../../bot/message.ts";
import type { Outgoing } from "../../../bot/text.ts";
import { paths } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { ProposalEvent } from "../../reads/state.ts";

export const FIRST_DESK_NUMBER = -1_000_000;
const MAX_ACTIONS = 100;
/**
 * Add new ones at the end: stored numbers hold their places, also those that
 * another release wrote.
 */
const actions = [
  ...([
    "propose",
    "approve",
    "reject",
    "take-back",
    "redact",
    "withdraw",
  ] as const),
  ...([
    "export",
    "invite",
    "token",
    "link",
    "access",
    "passkey-copied",
    "place-old",
  ] as const),
  ...(["readers", "backup", "trigger", "workshop", "bot", "over"] as const),
] satisfies ProposalEvent["action"][];

export const isDeskNotice = ({ number }: { number: number }): boolean =>
  number <= FIRST_DESK_NUMBER;

export const deskNoticeNumber = ({
  change,
  action,
}: Pick<ProposalEvent, "change" | "action">): number =>
  FIRST_DESK_NUMBER - change * MAX_ACTIONS - actions.indexOf(action);

const actionOf = (number: number) =>
  actions[
    (FIRST_DESK_NUMBER - number) % MAX_ACTIONS
  ] as ProposalEvent["action"];

/**
 * The case's number and what happened, and nothing else: neither people nor
 * content, because Telegram is not the newsroom.
 */
export function deskNotice(
  { caseId, number }: { caseId: string; number: number },
  locale: LocaleTag,
  { publicUrl, profile }: { publicUrl: string; profile: Profile },
): Outgoing {
  const action = actionOf(number);
  const text = message(locale, `bot.desk.${action}`, {
    case: caseId && numberOf(caseId, profile),
  });
  const subject = caseId === "" ? "audit" : `cases/${caseId}`;
  const place = action === "propose" ? "approvals" : subject;
  const url = `${publicUrl}${paths.desk}#/${place}`;
  // Telegram rejects a message with a button that links to localhost.
  const isPublic = publicUrl.startsWith("https://");
  return linesMessage(
    locale,
    text,
    isPublic ? [[{ text: message(locale, "bot.desk.open"), url }]] : [],
  );
}
