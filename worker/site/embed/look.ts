/** Appearance of a case on a partner's page, and the space to reserve for it. */
import type { PresentView } from "../../../shared/view/schema.ts";
import type { Variant } from "../../../widget/case-card.tsx";

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

/** Class of the box around the compact variant, a size container: the narrower its column, the more height is reserved. */
export const LINE_CLASS = "case-line";

/** On a phone, card and timeline are a summary until the reader asks for more. */
const PHONE = "@media (width < 30em)";

/** Height reserved for the compact variant, by the minimum width of its column. */
const compactHeights = { "20em": "9.25em", "30em": "6.5em", "40em": "5.25em", "60em": "4em" };

type Heights = Record<Exclude<Variant, "compact">, [usual: string, onPhone: string]>;

/**
 * CSS rules that reserve a height by the width of the page or of the column, so that the page doesn't shift. Lengths follow the reader's
 * default text size (`medium`), as the text does, not the page's.
 * @param rule the rule for one height; it matches one variant only, so that several variants can share a page
 */
const rulesFor = (
  { card, timeline }: Heights,
  rule: (variant: Variant, height: string) => string,
): Record<Variant, string> => {
  const byWindow = (variant: Variant, [usual, onPhone]: [string, string]) =>
    [rule(variant, usual), `${PHONE} { ${rule(variant, onPhone)} }`].join("\n");
  return {
    card: byWindow("card", card),
    compact: [
      `.${LINE_CLASS} { container-type: inline-size; font-size: medium }`,
      rule("compact", "12em"),
      ...Object.entries(compactHeights).map(
        ([width, height]) => `@container (width >= ${width}) { ${rule("compact", height)} }`,
      ),
    ].join("\n"),
    timeline: byWindow("timeline", timeline),
  };
};

/**
 * For the element. Measured in Chromium with a wide font, for both cases of this repository in every language: number, title, dates and
 * action fit without scrolling in columns of at least 600 pixels, and the compact variant in at least 280 pixels.
 */
export const heightRules = rulesFor(
  { card: ["32em", "17em"], timeline: ["24em", "17em"] },
  (variant, height) =>
    `case-status${variant === "card" ? ":not([variant])" : `[variant="${variant}"]`} { display: block; font-size: medium; height: ${height} }`,
);

export const FRAME_CLASS = "case-frame";
export const frameClassOf = (variant: Variant) => `${FRAME_CLASS}-${variant}`;

/** What fills a variant: people, or dates in the timeline. A case with few needs less height. */
export const rowsOf = ({ people, timeline }: PresentView, variant: Variant): number =>
  (variant === "timeline" ? timeline : people).list.length;

/** For the frame, measured in the same way: number, news, title and dates fit in columns of at least 280 pixels. */
export const frameRules = (rows: number): Record<Variant, string> =>
  rulesFor(
    {
      card: [`${Math.min(28 + 4 * rows, 35)}em`, `${Math.min(24 + 2 * rows, 28)}em`],
      timeline: [`${Math.min(26 + 2 * rows, 30)}em`, `${Math.min(24 + 2 * rows, 27)}em`],
    },
    (variant, height) => `.${frameClassOf(variant)} { min-height: ${height} }`,
  );

/** Default sizes of the iframe, in CSS pixels, measured in the same way. */
export const frameSizes: Record<Variant, { width: number; height: number }> = {
  card: { width: 600, height: 560 },
  compact: { width: 600, height: 112 },
  timeline: { width: 600, height: 480 },
};
