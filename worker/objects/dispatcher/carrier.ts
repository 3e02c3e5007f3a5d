/**
 * The port behind which a way to reach followers stands. Order, coalescing,
 * quiet hours, digests, crashes and pauses belong to the outbox; what a message
 * looks like, how it is sent and what an answer means belong to the carrier.
 * CONTRIBUTING.md says how to add one.
 */
import type { FollowScope, Manner } from "../../../bot/ports.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import type { Revision } from "../../../shared/revision.ts";
import type { CaseState } from "../../reads/state.ts";
import type { Delivery } from "./drain.ts";
import type { Rank, Ranks } from "./rank.ts";
import type { SendAnswer, Verdict } from "./verdict.ts";

export type TellableState = Exclude<
  CaseState,
  { state: "absent" | "unshowable" }
>;

/** What a message is about. */
export type Notice =
  /**
   * @property earlier announced revisions before the head that the place has
   * not heard of, oldest first
   */
  | { kind: "update"; id: string; state: TellableState; earlier: Revision[] }
  | { kind: "reminder"; id: string; state: TellableState; number: number }
  /**
   * For editors: what happened to a proposal, or that the group is public and
   * hears no more.
   */
  | { kind: "desk"; delivery: Delivery; isPublic?: boolean };

/** For whom a message is made. */
export interface Follower {
  rank: Rank;
  locale: LocaleTag;
  manner: Manner;
  /** The follows that match the case, oldest first. */
  scopes: FollowScope[];
}

/** How a message is sent. */
export interface How {
  silent: boolean;
  /**
   * The manner of the place: a discreet one is protected as far as the carrier
   * can.
   */
  manner: Manner;
  delivery: Delivery;
}

export interface Carrier<Message = unknown> {
  readonly ranks: Ranks;
  readonly sendsPerSecond: number;
  /** Sends that start together. */
  readonly batch: number;
  /**
   * The most sends under way at once: after a crash, as many may have arrived
   * or not.
   */
  readonly lanes: number;
  /** The most sends of one alarm; the next one begins at once. */
  readonly sendsPerAlarm: number;
  /**
   * What happens when a message is sent twice. One that duplicates is repeated
   * without sound.
   */
  readonly repeat: "replaces" | "duplicates";
  /** @returns null when there is nothing to say any more */
  render(
    notice: Notice,
    follower: Follower,
    now: number,
  ): Message | null | Promise<Message | null>;
  /** Never throws. @param address as it was sealed */
  send(address: string, message: Message, how: How): Promise<SendAnswer>;
  verdictOn(
    answer: SendAnswer,
    attempts: number,
    trouble: string | null,
  ): Verdict;
  /**
   * Asks whether the carrier accepts our credentials again. Without it, the
   * next message asks.
   */
  probe?(): Promise<SendAnswer>;
}
