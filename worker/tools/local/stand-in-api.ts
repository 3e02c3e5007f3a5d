/** What the stand-in's parts share: Telegram's limits of a message, and its refusals. */
import type { ServerResponse } from "node:http";
import type { UserFromGetMe } from "grammy/types";
import type { Hono } from "hono";

// biome-ignore lint/suspicious/noExplicitAny: calls of the Bot API are untyped JSON
export type Json = any;

export type StandInApp = Hono<{ Bindings: { outgoing: ServerResponse } }>;

export interface StandInTools {
  app: StandInApp;
  bot: UserFromGetMe;
  /** Sends an update to the webhook. */
  enqueue(update: Json): void;
  person(id: number, language: string): Json;
  closing: AbortSignal;
}

/** A refusal of the Bot API. */
export class Refused extends Error {
  readonly status: number;
  constructor(description: string, status = 400) {
    super(`Bad Request: ${description}`);
    this.status = status;
  }
}

export const MAX_MESSAGE_LENGTH = 4096;
const MAX_COPY_TEXT_LENGTH = 256;
const MAX_CALLBACK_DATA_BYTES = 64;

export const byteLength = (value: unknown) => new TextEncoder().encode(String(value ?? "")).length;

const isWithin = (length: number, most: number) => length >= 1 && length <= most;

/** What is compared to find edits without a change. */
export const lookOf = ({ text, entities, keyboard }: Json): string => JSON.stringify([text, entities, keyboard]);

/** The content of a message that the bot sends or edits. @throws Refused outside Telegram's limits */
export function contentOf({ text = "", entities = [], reply_markup: markup }: Json) {
  const keyboard: Json[][] = markup?.inline_keyboard ?? [];
  if (text.trim() === "") throw new Refused("message text is empty");
  if (text.length > MAX_MESSAGE_LENGTH) throw new Refused("message is too long");
  for (const { offset, length } of entities)
    if (offset < 0 || length < 1 || offset + length > text.length) throw new Refused("entity is out of bounds");
  for (const { callback_data, copy_text } of keyboard.flat()) {
    if (copy_text && !isWithin(copy_text.text.length, MAX_COPY_TEXT_LENGTH))
      throw new Refused("BUTTON_COPY_TEXT_INVALID");
    if (callback_data !== undefined && !isWithin(byteLength(callback_data), MAX_CALLBACK_DATA_BYTES))
      throw new Refused("BUTTON_DATA_INVALID");
  }
  return { text, entities, keyboard };
}
