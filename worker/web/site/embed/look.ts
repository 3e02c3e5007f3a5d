/** Appearance of a case on a partner's page, and the space to reserve for it. */
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { Variant } from "../../../../widget/case-card.tsx";

export interface Look {
  variant: Variant;
  /** `auto` follows the reader's system. */
  theme: "auto" | "light" | "dark";
}

export const variants = ["card", "compact", "timeline"] as const satisfies Variant[];
export const themes = ["auto", "light", "dark"] as const satisfies Look["theme"][];

/** Reads a look from a URL's query. Missing and unknown values become the defaults. */
export const parseLook = (query: Record<string, string | undefined>): Look => ({
  variant: variants.find((variant) => variant === query.variant) ?? "card",
  theme: themes.find((theme) => theme === query.theme) ?? "auto",
});

/** Returns the query parameters, or the element's attributes, that differ from the defaults. */
export const lookParameters = ({ variant, theme }: Look): Record<string, string> => ({
  ...(variant === "card" ? {} : { variant }),
  ...(theme === "auto" ? {} : { theme }),
});

/** Class of the box around an embed, a size container: the reserved height follows the width of its column. */
export const COLUMN_CLASS = "case-column";

/** In a column narrower than that, card and timeline are a summary until the reader asks for more. */
const SUMMARY_BELOW = "28em";

/** Height reserved for the compact variant, by the minimum width of its column. */
const compactHeights = { "20em": "11.5em", "30em": "7.5em", "40em": "6.5em", "60em": "4em" };

type Heights = Record<Exclude<Variant, "compact">, [usual: string, narrow: string]>;

/**
 * A container has no width of its own: the first line gives it that of a narrow column where a page gives none. Lengths follow the
 * reader's default text size (`medium`), as the text does, not the page's.
 */
const COLUMN_RULE = `.${COLUMN_CLASS} { container-type: inline-size; contain-intrinsic-width: 17em; font-size: medium }`;

/**
 * CSS rules that reserve a height by the width of the column, so that the page doesn't shift.
 * @param rule the rule for one height; it matches one variant only, so that several variants can share a page
 */
const rulesFor = (
  { card, timeline }: Heights,
  rule: (variant: Variant, height: string) => string,
): Record<Variant, string> => {
  const byWidth = (variant: Variant, narrow: string, wider: Record<string, string>) =>
    [
      COLUMN_RULE,
      rule(variant, narrow),
      ...Object.entries(wider)
        .filter(([, height]) => height !== narrow)
        .map(([width, height]) => `@container (width >= ${width}) { ${rule(variant, height)} }`),
    ].join("\n");
  return {
    card: byWidth("card", card[1], { [SUMMARY_BELOW]: card[0] }),
    compact: byWidth("compact", "13em", compactHeights),
    timeline: byWidth("timeline", timeline[1], { [SUMMARY_BELOW]: timeline[0] }),
  };
};

/**
 * For the element. Measured in Chromium with a wide font, for both cases of this repository in every language: number, title, dates and
 * action fit without scrolling in columns of at least 600 pixels, and the compact variant in at least 280 pixels.
 */
export const heightRules = rulesFor(
  { card: ["32em", "19em"], timeline: ["30em", "24em"] },
  (variant, height) =>
    `case-status${variant === "card" ? ":not([variant])" : `[variant="${variant}"]`} { display: block; height: ${height} }`,
);

export const FRAME_CLASS = "case-frame";
/** Frames of one page that have the same class have the same height. */
export const frameClassOf = (variant: Variant, rows: number) => `${FRAME_CLASS}-${variant}-${rows}`;

/** What fills a variant: people, or dates in the timeline. A case with few needs less height. */
export const rowsOf = ({ people, timeline }: PresentView, variant: Variant): number =>
  variant === "compact" ? 0 : (variant === "timeline" ? timeline : people).list.length;

/** For the frame, measured in the same way: number, news, title and dates fit in columns of at least 280 pixels. */
export const frameRules = (rows: number): Record<Variant, string> =>
  rulesFor(
    {
      card: [`${Math.min(28 + 4 * rows, 35)}em`, `${Math.min(24 + 2 * rows, 28)}em`],
      timeline: [`${Math.min(26 + 2 * rows, 30)}em`, `${Math.min(24 + 2 * rows, 27)}em`],
    },
    (variant, height) => `.${frameClassOf(variant, rows)} { min-height: ${height} }`,
  );

/** On paper nobody can open the rest, so a frame has room for all rows, as far as a page has. There, people stand in two columns. */
export const printedFrameRule = (variant: Variant, rows: number): string => {
  const height = { card: Math.max(26 + 2 * rows, 35), compact: 0, timeline: Math.max(20 + 3 * rows, 30) }[variant];
  const rule = height && ` .${frameClassOf(variant, rows)} { min-height: min(${height}em, 95vh) }`;
  return `@media print { .${FRAME_CLASS} { max-height: 95vh }${rule || ""} }`;
};

/** Default sizes of the iframe, in CSS pixels, measured in the same way. */
export const frameSizes: Record<Variant, { width: number; height: number }> = {
  card: { width: 600, height: 560 },
  compact: { width: 600, height: 112 },
  timeline: { width: 600, height: 480 },
};
