/** Appearance of a case on a partner's page, and the space to reserve for it. */
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

/** Matches one variant only, so that several variants can share a page. */
const selectorOf = (variant: Variant) =>
  `case-status${variant === "card" ? ":not([variant])" : `[variant="${variant}"]`}`;

const reserveHeight = (variant: Variant, height: string) =>
  `${selectorOf(variant)} { display: block; font-size: medium; height: ${height} }`;

/** On a phone, card and timeline are a summary until the reader asks for more. */
const PHONE = "@media (width < 30em)";

/** Height reserved for the compact variant, by the minimum width of its column. */
const compactHeights = { "22em": "9.25em", "30em": "6.5em", "40em": "5.25em", "60em": "4em" };

/**
 * CSS rules that reserve the element's height, so that the page doesn't shift. Measured in Chromium with a wide font, for both cases
 * of this repository in every language: number, title, dates and action fit without scrolling in columns of at least 600 pixels, and
 * the compact variant in at least 280 pixels. Lengths follow the reader's default text size (`medium`), as the element's text does,
 * not the page's.
 */
export const heightRules: Record<Variant, string> = {
  card: [reserveHeight("card", "32em"), `${PHONE} { ${reserveHeight("card", "17em")} }`].join("\n"),
  compact: [
    `.${LINE_CLASS} { container-type: inline-size; font-size: medium }`,
    reserveHeight("compact", "12em"),
    ...Object.entries(compactHeights).map(
      ([width, height]) => `@container (width >= ${width}) { ${selectorOf("compact")} { height: ${height} } }`,
    ),
  ].join("\n"),
  timeline: [reserveHeight("timeline", "24em"), `${PHONE} { ${reserveHeight("timeline", "17em")} }`].join("\n"),
};

/** Default sizes of the iframe, in CSS pixels, measured in the same way. */
export const frameSizes: Record<Variant, { width: number; height: number }> = {
  card: { width: 600, height: 560 },
  compact: { width: 600, height: 112 },
  timeline: { width: 600, height: 480 },
};
