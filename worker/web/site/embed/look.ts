/** Appearance of a case on a partner's page, and the space to reserve for it. */
import type { Variant } from "../../../../widget/case-card.tsx";

export interface Look {
  variant: Variant;
  /** `auto` follows the page around an element, and the reader's system in a frame. */
  theme: "auto" | "light" | "dark";
}

export const variants = ["card", "compact", "timeline"] as const satisfies Variant[];
export const themes = ["auto", "light", "dark"] as const satisfies Look["theme"][];

/**
 * Reads a look from a URL's query. Missing and unknown values become the defaults.
 * @param theme the default: a frame is light unless asked, since most articles are at night too
 */
export const parseLook = (query: Record<string, string | undefined>, theme: Look["theme"] = "auto"): Look => ({
  variant: variants.find((variant) => variant === query.variant) ?? "card",
  theme: themes.find((one) => one === query.theme) ?? theme,
});

/** Returns the query parameters, or the element's attributes, that differ from the defaults. */
export const lookParameters = ({ variant, theme }: Look): Record<string, string> => ({
  ...(variant === "card" ? {} : { variant }),
  ...(theme === "auto" ? {} : { theme }),
});

/** Lower on a wide screen, where lines are longer. The widget's style has the same for pages that reserve nothing. */
const CARD_HEIGHT = "clamp(29em, 44em - 32vw, 38em)";
export const reservedHeights: Record<Variant, string> = {
  card: CARD_HEIGHT,
  compact: "clamp(6em, 17em - 26vw, 12em)",
  timeline: CARD_HEIGHT,
};

/** Height of a frame, in CSS pixels, where no style says another: that of a card on a phone. */
export const frameHeights: Record<Variant, number> = { card: 560, compact: 176, timeline: 560 };
/** What consumers of oEmbed are told when they set no limit. */
export const FRAME_WIDTH_PX = 600;

/**
 * The style of an element, on one line. Until the script comes, the link stands in a box; without scripts there is no hole.
 * Lengths follow the reader's default text size (`medium`), as the text does, not the page's.
 */
export function styleText(variant: Variant): string {
  const element = variant === "compact" ? 'case-status[variant="compact"]' : "case-status";
  return (
    `${element} { display: block; font-size: medium; height: ${reservedHeights[variant]} } ` +
    "case-status:not(:defined) { box-sizing: border-box; padding: 1em; border: 1px solid } " +
    `@media (scripting: none) { ${element} { height: auto } }`
  );
}
