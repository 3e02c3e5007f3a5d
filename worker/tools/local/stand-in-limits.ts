/**
 * Telegram's limits of a message, for the stand-in, whose package does not
 * check them.
 */

// biome-ignore lint/suspicious/noExplicitAny: the foreign server's requests and messages are untyped JSON
export type Json = any;

export const MAX_MESSAGE_LENGTH = 4096;
const MAX_COPY_TEXT_LENGTH = 256;
const MAX_CALLBACK_DATA_BYTES = 64;

export const byteLength = (value: unknown) =>
  new TextEncoder().encode(String(value ?? "")).length;
/** The value of a field that some clients send as JSON inside JSON. */
export const parsed = (value: Json): Json =>
  typeof value === "string" ? JSON.parse(value) : value;

/** A call that Telegram answers with 400. */
export class BadRequest extends Error {}

/** @throws BadRequest */
export function requireThat(
  isFine: boolean,
  description: string,
): asserts isFine {
  if (!isFine) throw new BadRequest(`Bad Request: ${description}`);
}

export const hasLength = (length: number, most: number) =>
  length >= 1 && length <= most;

/** @throws BadRequest for a message outside Telegram's limits */
export function mustFit({ text, entities, reply_markup }: Json): void {
  requireThat(String(text ?? "").trim() !== "", "message text is empty");
  requireThat(text.length <= MAX_MESSAGE_LENGTH, "message is too long");
  for (const { offset, length } of (parsed(entities) ?? []) as {
    offset: number;
    length: number;
  }[])
    requireThat(
      offset >= 0 && length >= 1 && offset + length <= text.length,
      "entity is out of bounds",
    );
  for (const { callback_data: data, copy_text: copied } of (
    parsed(reply_markup)?.inline_keyboard ?? []
  ).flat()) {
    requireThat(
      !copied || hasLength(copied.text.length, MAX_COPY_TEXT_LENGTH),
      "BUTTON_COPY_TEXT_INVALID",
    );
    requireThat(
      data === undefined ||
        hasLength(byteLength(data), MAX_CALLBACK_DATA_BYTES),
      "BUTTON_DATA_INVALID",
    );
  }
}
