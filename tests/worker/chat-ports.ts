import type { Chats } from "../../worker/objects/dispatcher/chats.ts";
import type { Charge } from "../../worker/objects/dispatcher/rate-limiter.ts";
import type { Remote } from "../../worker/runtime/bindings.ts";
import { chatPorts } from "../../worker/web/telegram/chat-ports.ts";

/** A Dispatcher, by Cloudflare's types or ours. */
type WithChats = { chats: unknown };

const chatsOf = ({ chats }: WithChats) => chats as Remote<Chats>;

export const portsTo = (dispatcher: WithChats) =>
  chatPorts(chatsOf(dispatcher));

/** Claims an update. @returns how that ended */
export const claim = async (
  dispatcher: WithChats,
  update: number,
  charges: Charge[] = [],
): Promise<string> => (await chatsOf(dispatcher).claim(update, charges)).state;
