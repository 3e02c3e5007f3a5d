/** Telegram's limits of a message, for the stand-in, whose package does not check them. */

// biome-ignore lint/suspicious/noExplicitAny: the foreign server's requests and messages are untyped JSON
export type Json = any;

export const MAX_MESSAGE_LENGTH = 4096;
const MAX_COPY_TEXT_LENGTH = 256;
const MAX_CALLBACK_DATA_BYTES = 64;

export const byteLength = (value: unknown) => new TextEncoder().encode(String(value ?? "")).length;
/** The value of a field that some clients send as JSON inside JSON. */
export const parsed = (value: Json): Json => (typeof value === "string" ? JSON.parse(value) : value);

const isWithin = (length: number, most: number) => length >= 1 && length <= most;

/** Telegram's error for a message outside its limits, or null. */
export function refusal(body: Json): string | null {
  const text = String(body.text ?? "");
  if (text.trim() === "") return "Bad Request: message text is empty";
  if (text.length > MAX_MESSAGE_LENGTH) return "Bad Request: message is too long";
  for (const { offset, length } of (parsed(body.entities) ?? []) as { offset: number; length: number }[])
    if (offset < 0 || length < 1 || offset + length > text.length) return "Bad Request: entity is out of bounds";
  for (const row of parsed(body.reply_markup)?.inline_keyboard ?? [])
    for (const { callback_data, copy_text } of row) {
      if (copy_text && !isWithin(copy_text.text.length, MAX_COPY_TEXT_LENGTH))
        return "Bad Request: BUTTON_COPY_TEXT_INVALID";
      if (callback_data !== undefined && !isWithin(byteLength(callback_data), MAX_CALLBACK_DATA_BYTES))
        return "Bad Request: BUTTON_DATA_INVALID";
    }
  return null;
}
