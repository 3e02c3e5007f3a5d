/** What every message of the bot must be, and texts as long as may be. */
import { expect } from "vitest";
import type { Outgoing } from "../../bot/text.ts";
import { profile } from "../support/profile.ts";

export const links = { publicUrl: "https://casewire.test", profile };
export const NOW = Date.parse("2026-11-25T10:00:00.000Z");
export const sentence = "This invented sentence says nothing about anybody. ";

export const bytes = (text: string) => new TextEncoder().encode(text).length;

/** Checks Telegram's limits. */
export function expectSound({ text, entities, keyboard }: Outgoing): void {
  expect(text.length).toBeLessThanOrEqual(4096);
  for (const { offset, length } of entities) {
    expect(length).toBeGreaterThan(0);
    expect(offset + length).toBeLessThanOrEqual(text.length);
  }
  // Entities must be nested or disjoint, and none may split a surrogate pair.
  for (const a of entities)
    for (const b of entities)
      expect(
        a.offset < b.offset &&
          b.offset < a.offset + a.length &&
          a.offset + a.length < b.offset + b.length,
      ).toBe(false);
  for (const button of keyboard.inline_keyboard.flat())
    if ("callback_data" in button)
      expect(bytes(button.callback_data)).toBeLessThanOrEqual(64);
}

/** The parts of a message that have such an entity. */
export const slice = (
  { text, entities }: Pick<Outgoing, "text" | "entities">,
  type: string,
): string[] =>
  entities
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => text.slice(offset, offset + length));
