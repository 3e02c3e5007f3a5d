/** Telegram's limits of a message, for the stand-in, which is laxer: see stand-in.ts. */

// biome-ignore lint/suspicious/noExplicitAny: the foreign server's messages are untyped JSON
type Json = any;

const bytes = (text: string) => new TextEncoder().encode(text).length;
/** Of a field that some clients send as JSON inside JSON. */
export const parsed = (value: Json): Json => (typeof value === "string" ? JSON.parse(value) : value);

/** What Telegram refuses in a message, in its words; null when it would take it. */
export function refusal(body: Json): string | null {
  const text = String(body.text ?? "");
  if (text.trim() === "") return "Bad Request: message text is empty";
  if (text.length > 4096) return "Bad Request: message is too long";
  for (const { offset, length } of (parsed(body.entities) ?? []) as { offset: number; length: number }[])
    if (offset < 0 || length < 1 || offset + length > text.length) return "Bad Request: entity is out of bounds";
  for (const row of parsed(body.reply_markup)?.inline_keyboard ?? [])
    for (const { callback_data, copy_text } of row) {
      if (copy_text && !/^.{1,256}$/s.test(copy_text.text)) return "Bad Request: BUTTON_COPY_TEXT_INVALID";
      if (callback_data !== undefined && (bytes(callback_data) < 1 || bytes(callback_data) > 64))
        return "Bad Request: BUTTON_DATA_INVALID";
    }
  return null;
}
