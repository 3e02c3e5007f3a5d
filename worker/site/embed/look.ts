/** How a case looks on a partner's page, and the room to keep for it. */
import type { Variant } from "../../../widget/case-card.tsx";

export interface Look {
  variant: Variant;
  /** The reader's own colours when `auto`. */
  theme: "auto" | "light" | "dark";
}

export const variants = ["card", "compact", "timeline"] as const satisfies Variant[];
export const themes = ["auto", "light", "dark"] as const satisfies Look["theme"][];

/** What an address says of the look; the usual one for anything it does not say in our words. */
export const lookIn = (query: Record<string, string | undefined>): Look => ({
  variant: variants.find((variant) => variant === query.variant) ?? "card",
  theme: themes.find((theme) => theme === query.theme) ?? "auto",
});

/** The part of an address that says it. */
export const lookOf = ({ variant, theme }: Look): Record<string, string> => ({
  ...(variant === "card" ? {} : { variant }),
  ...(theme === "auto" ? {} : { theme }),
});

/** The class of the box around a compact line, which is as high as its column is narrow. */
export const LINE = "case-line";

/** Only elements of that look, so that several looks can stand on one page. */
const like = (variant: Variant) => `case-status${variant === "card" ? ":not([variant])" : `[variant="${variant}"]`}`;

const kept = (variant: Variant, height: string) =>
  `${like(variant)} { display: block; font-size: medium; height: ${height} }`;

/** How high the line is kept in a column of at least that width. */
const steps = { "22em": "9.25em", "30em": "6.5em", "40em": "5.25em", "60em": "4em" };

/**
 * The rule that keeps an element's room, so that nothing on its page moves. Measured in Chromium, with a wide font, on both cases of
 * this repository in every language: in columns of 600 pixels and more, number, title, dates and action stand in it without scrolling;
 * the compact line does from 280 pixels. The lengths are the reader's own ("medium"), as the element's text is, whatever the page's
 * text size.
 */
export const reserve: Record<Variant, string> = {
  card: kept("card", "32em"),
  compact: [
    `.${LINE} { container-type: inline-size; font-size: medium }`,
    kept("compact", "12em"),
    ...Object.entries(steps).map(
      ([width, height]) => `@container (width >= ${width}) { ${like("compact")} { height: ${height} } }`,
    ),
  ].join("\n"),
  timeline: kept("timeline", "24em"),
};

/** The frame's default size, in CSS pixels, measured as above in a column of its width. */
export const frames: Record<Variant, { width: number; height: number }> = {
  card: { width: 600, height: 560 },
  compact: { width: 600, height: 112 },
  timeline: { width: 600, height: 480 },
};
