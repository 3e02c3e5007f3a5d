/** Writes XML 1.0. What it escapes is right in HTML too. */

/** Characters that XML 1.0 forbids, even escaped. */
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

export const withoutForbidden = (text: string): string =>
  text.replace(forbidden, "");

/** Escapes a text for content and for quoted attributes. */
export const escapeMarkup = (text: string) =>
  withoutForbidden(text).replace(
    /[&<>"]/g,
    (character) => entities[character] as string,
  );

/**
 * @param attributes those that are undefined are left out
 * @param inside markup
 */
export function xmlElement(
  name: string,
  attributes: Record<string, unknown>,
  inside: string,
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeMarkup(String(value))}"`],
  );
  const start = name + written.join("");
  return inside ? `<${start}>${inside}</${name}>` : `<${start}/>`;
}

/** @param root markup */
export const xmlDocument = (root: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n${root}`;
