/** What the Dispatcher's parts share, with any carrier. */
import type { BotLinks } from "../../../bot/ports.ts";
import type { readsFor } from "../../reads/reads.ts";
import type { SqlCards } from "./cards.ts";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import type { SqlDeskChats } from "./desk-chats.ts";
import type { FanOut } from "./fan-out.ts";
import type { FollowedWords } from "./followed-words.ts";
import type { SqlFollowers } from "./followers.ts";
import type { ForgottenRows } from "./forgotten-rows.ts";
import type { Vault } from "./vault.ts";

export interface Parts {
  storage: DurableObjectStorage;
  vault: Vault;
  followers: SqlFollowers;
  words: FollowedWords;
  fanOut: FanOut;
  deskChats: SqlDeskChats;
  cards: SqlCards;
  breaker: CircuitBreaker;
  forgotten: ForgottenRows;
  links: BotLinks;
  reads(): ReturnType<typeof readsFor>;
  /** Sets the alarm. */
  arm(): void;
}
