/**
 * Sends a delivery by its carrier: an update of a case, a reminder of a
 * deadline, or a message to editors.
 */
import type { Revision } from "../../../shared/revision.ts";
import { nextViewChange } from "../../../shared/view/age.ts";
import { type CaseState, headOf } from "../../reads/state.ts";
import type { Carrier, Follower, Notice, TellableState } from "./carrier.ts";
import { isDeskNotice } from "./desk-notices.ts";
import {
  type Delivery,
  READ_RETRY_MS,
  type Sent,
  UNSHOWABLE_RETRY_MS,
  type Unsent,
  unusable,
} from "./drain.ts";
import type { Recipient } from "./followers.ts";
import type { Parts } from "./parts.ts";
import { isReminder } from "./reminders.ts";
import type { SendAnswer } from "./verdict.ts";

/**
 * Notes read for a follower who missed updates. A message shows fewer, and says
 * so.
 */
const MAX_EARLIER_NOTES = 50;

/**
 * The most messages kept about one state of a case; more than it has languages
 * and settings, unless many follow places.
 */
const MAX_MESSAGES = 200;
const MESSAGE_KEPT_MS = 600_000;

interface SenderParts
  extends Pick<
    Parts,
    "followers" | "fanOut" | "deskChats" | "vault" | "reads"
  > {
  carrier: Carrier;
}

export class DeliverySender {
  readonly #parts: SenderParts;
  /** The reads return the same object until the case changes. */
  readonly #built = new WeakMap<
    TellableState,
    Map<string, { message: unknown; until: number }>
  >();

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /**
   * Sends the text of the current head in the follower's language. Never
   * throws.
   */
  async send(delivery: Delivery): Promise<Sent> {
    const { vault, carrier, deskChats, followers } = this.#parts;
    const isDesk = isDeskNotice(delivery);
    const recipient = isDesk
      ? deskChats.recipient(delivery)
      : this.#recipient(delivery);
    if (recipient === null) return { do: "drop" };
    const { sealed, locale, manner } = recipient;
    const address = await vault.unseal(sealed).catch(() => null);
    if (address === null)
      return unusable("the address can't be decrypted: it was changed");
    const notice: Notice | Unsent = isDesk
      ? { kind: "desk", delivery }
      : await this.#notice(delivery, recipient);
    if ("do" in notice) return notice;
    const how = { silent: delivery.silent || manner.silent, manner, delivery };
    /** @returns null when there is nothing to say */
    const tell = async (about: Notice): Promise<SendAnswer | null> => {
      const message = await this.#render(about, recipient, Date.now());
      return message === null ? null : carrier.send(address, message, how);
    };
    let answer: SendAnswer | null;
    try {
      answer = await tell(notice);
    } catch (error) {
      return unusable(
        `the text can't be built: ${error instanceof Error ? error.message : "unknown error"}`,
      );
    }
    if (answer === null) return { do: "drop" };
    if (notice.kind === "desk") {
      // Telegram doesn't say when a group becomes public, but each message that
      // it accepts names the chat.
      if (answer.ok && answer.isPublic) {
        deskChats.unlinkAddress(delivery);
        await tell({ ...notice, isPublic: true });
      }
      return { answer, told: 0 };
    }
    const told = headOf(notice.state).number;
    if (!answer.ok) return { answer, told };
    if (notice.state.state === "withdrawn") {
      followers.endCase(delivery);
      return { answer, told };
    }
    if (answer.handle === undefined) return { answer, told };
    const post = {
      address: await vault.seal(answer.handle),
      locale,
      neutral: manner.neutral,
    };
    return { answer, told, post };
  }

  /**
   * Followers with the same language, settings and follows share a message, so
   * it is built once.
   */
  #render(notice: Notice, follower: Follower, now: number): unknown {
    const { carrier } = this.#parts;
    if (notice.kind === "desk") return carrier.render(notice, follower, now);
    const { state } = notice;
    const { locale, rank, manner, scopes } = follower;
    const about =
      notice.kind === "update"
        ? notice.earlier.map(({ number }) => number)
        : notice.number;
    const key = JSON.stringify([about, locale, rank, manner, scopes]);
    let messages = this.#built.get(state);
    if (!messages || messages.size >= MAX_MESSAGES) {
      messages = new Map();
      this.#built.set(state, messages);
    }
    const known = messages.get(key);
    if (known && now < known.until) return known.message;
    const message = carrier.render(notice, follower, now);
    const changes =
      state.state === "present"
        ? nextViewChange(state.record.case, now)
        : undefined;
    const until = Math.min(
      now + MESSAGE_KEPT_MS,
      changes === undefined ? Number.POSITIVE_INFINITY : Date.parse(changes),
    );
    messages.set(key, { message, until });
    return message;
  }

  /** Null when no follow asks for the delivery any more. */
  #recipient(delivery: Delivery): Recipient | null {
    const recipient = this.#parts.followers.recipient(delivery);
    if (recipient === null) return null;
    const { told, manner, scopes } = recipient;
    const isWanted = isReminder(delivery)
      ? manner.reminders !== false && scopes.includes(delivery.caseId)
      : told < delivery.number;
    return isWanted ? recipient : null;
  }

  async #notice(
    delivery: Delivery,
    recipient: Recipient,
  ): Promise<Notice | Unsent> {
    const { caseId: id, number } = delivery;
    const news = await this.#read(id, recipient).catch(() => null);
    if (news === null) return { do: "wait", after: READ_RETRY_MS };
    const { state, earlier } = news;
    const reminds = isReminder(delivery);
    if (reminds && state.state !== "present") return { do: "drop" };
    // An announced revision exists. If this read doesn't see it yet, try again.
    if (state.state === "absent") return { do: "wait", after: READ_RETRY_MS };
    // Followers hear of it once somebody has fixed the case.
    if (state.state === "unshowable")
      return { do: "wait", after: UNSHOWABLE_RETRY_MS };
    if (headOf(state).number < number)
      return { do: "wait", after: READ_RETRY_MS };
    return reminds
      ? { kind: "reminder", id, state, number }
      : { kind: "update", id, state, earlier };
  }

  /**
   * The head, and the announced revisions before it that were not sent to the
   * place, oldest first.
   */
  async #read(
    id: string,
    { told, since }: Recipient,
  ): Promise<{ state: CaseState; earlier: Revision[] }> {
    const reads = this.#parts.reads();
    const state = await reads.case(id);
    if (state.state !== "present" || told === state.record.revision.number - 1)
      return { state, earlier: [] };
    const untold = this.#parts.fanOut.announcedBetween(
      id,
      told,
      since,
      state.record.revision.number,
    );
    if (untold.length === 0) return { state, earlier: [] };
    const page = (await reads.leasedHistory(id, null, MAX_EARLIER_NOTES)).value;
    const history = page?.revisions.slice(0, MAX_EARLIER_NOTES) ?? [];
    // A redaction erases the notes before it.
    const earlier = history.filter(
      ({ number, note }) =>
        untold.includes(number) && Object.keys(note).length > 0,
    );
    return { state, earlier: earlier.reverse() };
  }
}
