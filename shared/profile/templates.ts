/**
 * Templates of case numbers: text with the tokens `{number}`, `{number:3}`
 * (padded with zeros), `{year}` and `{yy}`.
 */

export type TemplateToken =
  | { kind: "number"; width: number }
  | { kind: "year" }
  | { kind: "yy" };
export type TemplatePart = string | TemplateToken;

const TOKEN = /\{(number(?::[1-6])?|year|yy)\}/;

/** By template. A profile has a few. */
const known = new Map<string, readonly TemplatePart[]>();

/** The template's texts and tokens, in order. */
export function partsOf(template: string): readonly TemplatePart[] {
  const found = known.get(template);
  if (found) return found;
  const parts = template
    .split(TOKEN)
    .flatMap((piece, index): TemplatePart[] => {
      if (index % 2 === 0) return piece === "" ? [] : [piece];
      const [kind, width] = piece.split(":");
      return kind === "number"
        ? [{ kind, width: Number(width ?? 1) }]
        : [{ kind: kind as "year" | "yy" }];
    });
  known.set(template, parts);
  return parts;
}

export const tokensIn = (template: string): Set<TemplateToken["kind"]> =>
  new Set(
    partsOf(template).flatMap((part) =>
      typeof part === "string" ? [] : [part.kind],
    ),
  );

/**
 * The fault of a template, as a sentence without its subject; null when there
 * is none.
 */
export function templateFault(template: string): string | null {
  const parts = partsOf(template);
  const tokens = parts.filter(
    (part): part is TemplateToken => typeof part !== "string",
  );
  const texts = parts.filter(
    (part): part is string => typeof part === "string",
  );
  if (texts.some((text) => /[{}]/.test(text)))
    return "must have no tokens but {number}, {number:3} (padded), {year} and {yy}";
  if (tokens.filter(({ kind }) => kind === "number").length !== 1)
    return "must contain {number} once";
  if (tokens.filter(({ kind }) => kind !== "number").length > 1)
    return "must contain one of {year} and {yy}, once";
  const isGlued = parts.some(
    (part, index) =>
      typeof part !== "string" && typeof parts[index + 1] === "object",
  );
  return isGlued ? "must have a sign between its tokens" : null;
}
