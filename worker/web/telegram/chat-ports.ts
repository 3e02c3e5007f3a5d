/** What the bot asks of the Dispatcher while it handles an update: at most one call after the claim, which has read the chats. */
import { type Cards, type ChatPlace, type DeskChatPort, type Followers, Unreachable } from "../../../bot/ports.ts";
import type { ChatState, Chats, Ended, Ending } from "../../objects/dispatcher/chats.ts";
import type { Remote } from "../../runtime/bindings.ts";

export const reached = <T>(promise: Promise<T>): Promise<T> =>
  promise.catch((error) => {
    throw new Unreachable("A Durable Object could not be reached.", { cause: error });
  });

const keyOf = ({ chat, topic = 0 }: ChatPlace): string => `${chat} ${topic}`;

export class ChatPorts {
  readonly #update: number;
  readonly #chats: Remote<Chats>;
  readonly #known: Map<string, ChatState>;
  /** Chats that the next call reads. */
  #expected: ChatPlace[] = [];
  #answers: ChatPlace | null = null;
  #hasEnded = false;

  /** @param known what the claim has read */
  constructor(update: number, chats: Remote<Chats>, known: ChatState[]) {
    this.#update = update;
    this.#chats = chats;
    this.#known = new Map(known.map((state) => [keyOf(state.place), state]));
  }

  async #ask<T>(question: (chats: Remote<Chats>, ending: Ending) => Promise<Ended<T>>): Promise<T> {
    const ending = { update: this.#update, read: this.#expected, answers: this.#answers };
    [this.#hasEnded, this.#expected, this.#answers] = [true, [], null];
    const { outcome, chats } = await reached(question(this.#chats, ending));
    for (const state of chats) this.#known.set(keyOf(state.place), state);
    return outcome;
  }

  async #state(place: ChatPlace): Promise<ChatState> {
    if (!this.#known.has(keyOf(place))) {
      this.#expected.push(place);
      await this.#ask((chats, ending) => chats.end(ending));
    }
    return this.#known.get(keyOf(place)) as ChatState;
  }

  /** Ends the update, unless a change has done that. */
  async end(): Promise<void> {
    if (!this.#hasEnded || this.#answers) await this.#ask((chats, ending) => chats.end(ending));
  }

  readonly followers: Followers = {
    expect: async (places) => void this.#expected.push(...places.filter((place) => !this.#known.has(keyOf(place)))),
    following: async (place) => {
      const { follows } = await this.#state(place);
      return follows.filter(({ topic }) => topic === (place.topic ?? 0)).map(({ scope }) => scope);
    },
    words: async (place) => {
      const { follows } = await this.#state(place);
      return new Map(follows.flatMap(({ scope, word }) => (word === undefined ? [] : [[scope, word]])));
    },
    followingEverywhere: async (place) => (await this.#state(place)).follows,
    language: async (place) => (await this.#state(place)).language,
    manner: async (place) => (await this.#state(place)).manner,
    mayAnswer: async (place) => {
      const { mayAnswer } = await this.#state(place);
      if (mayAnswer) this.#answers = place;
      return mayAnswer;
    },
    follow: (place, ...given) => this.#ask((chats, ending) => chats.follow(ending, place, ...given)),
    unfollow: (place, scopes) => this.#ask((chats, ending) => chats.unfollow(ending, place, scopes)),
    setLanguage: (place, locale) => this.#ask((chats, ending) => chats.setLanguage(ending, place, locale)),
    setManner: (place, manner) => this.#ask((chats, ending) => chats.setManner(ending, place, manner)),
    move: (from, to) => this.#ask((chats, ending) => chats.move(ending, from, { chat: to, kind: "group" })),
    retry: (place) => this.#ask((chats, ending) => chats.retry(ending, place)),
    forget: (place) => this.#ask((chats, ending) => chats.forget(ending, place)),
  };

  readonly cards: Cards = {
    mayShare: async (place) => (await this.#state(place)).mayShare,
    allowSharing: (place) => this.#ask((chats, ending) => chats.allowSharing(ending, place)),
    shared: (address, card, by) => this.#ask((chats, ending) => chats.shared(ending, address, card, by)),
    kept: (address) => this.#ask((chats, ending) => chats.kept(ending, address)),
    pressed: (address, choice) => this.#ask((chats, ending) => chats.pressed(ending, address, choice)),
    answered: (place, message, card) => this.#ask((chats, ending) => chats.answered(ending, place, message, card)),
    pin: (place, message, card) => this.#ask((chats, ending) => chats.pin(ending, place, message, card)),
  };

  readonly desk: DeskChatPort = {
    link: (place, code, locale) => this.#ask((chats, ending) => chats.linkDesk(ending, place, code, locale)),
    unlink: (place) => this.#ask((chats, ending) => chats.unlinkDesk(ending, place)),
  };
}
