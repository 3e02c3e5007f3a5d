import fc from "fast-check";

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const LAST = 0x10ffff;

/**
 * Any character of Unicode, as the unit of a string. It is what fast-check's
 * own `binary` unit is, which first makes a table of a million characters: a
 * second of the processor in each process.
 */
export const codePoint = fc.integer({ min: 0, max: LAST - SURROGATES }).map(
  (index) =>
    String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
  (character) => {
    if (typeof character !== "string" || [...character].length !== 1)
      throw new Error("not one character");
    const code = character.codePointAt(0) as number;
    return code < FIRST_SURROGATE ? code : code - SURROGATES;
  },
);
