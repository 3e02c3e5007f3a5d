/** The bot's ports to the Dispatcher, for one update. */
import type { BotPorts } from "../../../bot/context.ts";
import { type ChatPlace, Unreachable } from "../../../bot/ports.ts";
import type { ChatState, Chats } from "../../objects/dispatcher/chats.ts";
import type { Remote } from "../../runtime/bindings.ts";

export const reached = <T>(promise: Promise<T>): Promise<T> =>
  promise.catch((error) => {
    throw new Unreachable("A Durable Object could not be reached.", {
      cause: error,
    });
  });

export function chatPorts(
  chats: Remote<Chats>,
): Pick<BotPorts, "followers" | "cards" | "desk"> {
  /** What was read of each place since the last change. */
  const known = new Map<string, Promise<ChatState>>();
  function read(place: ChatPlace): Promise<ChatState> {
    const key = `${place.chat} ${place.topic ?? 0}`;
    const state = known.get(key) ?? reached(chats.read(place));
    known.set(key, state);
    return state;
  }
  const change = <T>(outcome: Promise<T>): Promise<T> =>
    reached(outcome).finally(() => known.clear());
  return {
    followers: {
      following: async (place) =>
        (await read(place)).follows
          .filter(({ topic }) => topic === (place.topic ?? 0))
          .map(({ scope }) => scope),
      words: async (place) =>
        new Map(
          (await read(place)).follows.flatMap(({ scope, word }) =>
            word === undefined ? [] : [[scope, word]],
          ),
        ),
      followingEverywhere: async (place) => (await read(place)).follows,
      language: async (place) => (await read(place)).language,
      manner: async (place) => (await read(place)).manner,
      mayAnswer: (place) => reached(chats.mayAnswer(place)),
      follow: (...given) => change(chats.follow(...given)),
      unfollow: (...given) => change(chats.unfollow(...given)),
      setLanguage: (...given) => change(chats.setLanguage(...given)),
      setManner: (...given) => change(chats.setManner(...given)),
      move: (from, to) => change(chats.move(from, { chat: to, kind: "group" })),
      retry: (place) => change(chats.retry(place)),
      forget: (place) => change(chats.forget(place)),
    },
    cards: {
      mayShare: async (place) => (await read(place)).mayShare,
      allowSharing: (place) => change(chats.allowSharing(place)),
      shared: (...given) => change(chats.shared(...given)),
      kept: (address) => reached(chats.kept(address)),
      pressed: (...given) => change(chats.pressed(...given)),
      answered: (...given) => change(chats.answered(...given)),
      pin: (...given) => change(chats.pin(...given)),
    },
    desk: {
      link: (...given) => change(chats.linkDesk(...given)),
      unlink: (place) => change(chats.unlinkDesk(place)),
    },
  };
}
