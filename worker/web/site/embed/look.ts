/**
 * Appearance of a case on a partner's page, and the space to reserve for it.
 */
import type { Variant } from "../../../../widget/case-card.tsx";

export interface Look {
  variant: Variant;
  /**
   * `auto` follows the page around an element, and the reader's system in a
   * frame.
   */
  theme: "auto" | "light" | "dark";
}

export const variants = [
  "card",
  "compact",
  "timeline",
] as const satisfies Variant[];
export const themes = [
  "auto",
  "light",
  "dark",
] as const satisfies Look["theme"][];

/**
 * Reads a look from a URL's query. Missing and unknown values become the
 * defaults.
 * @param theme the default: a frame is light unless asked, since most articles
 * are at night too
 */
export const parseLook = (
  query: Record<string, string | undefined>,
  theme: Look["theme"] = "auto",
): Look => ({
  variant: variants.find((variant) => variant === query.variant) ?? "card",
  theme: themes.find((one) => one === query.theme) ?? theme,
});

/**
 * Returns the query parameters, or the element's attributes, that differ from
 * the defaults.
 */
export const lookParameters = ({
  variant,
  theme,
}: Look): Record<string, string> => ({
  ...(variant === "card" ? {} : { variant }),
  ...(theme === "auto" ? {} : { theme }),
});

/**
 * Lower in a wide column, where lines are longer. The widget's style has the
 * same for the time after its script has come.
 */
const CARD_HEIGHT = "clamp(29em, 44em - 32%, 38em)";
const reservedHeights: Record<Variant, string> = {
  card: CARD_HEIGHT,
  compact: "clamp(6em, 17em - 26%, 12em)",
  timeline: CARD_HEIGHT,
};

/**
 * Height of a frame, in CSS pixels, where no style says another: that of a card
 * on a phone.
 */
export const frameHeights: Record<Variant, number> = {
  card: 560,
  compact: 176,
  timeline: 560,
};
/** What consumers of oEmbed are told when they set no limit. */
export const FRAME_WIDTH_PX = 600;

/**
 * The style of an element until the script comes, on one line: a link in a box
 * as high as the card will be, which without scripts is no higher than the
 * link. As in the widget's own style, a pseudo-element reserves the height: its
 * padding follows the width of the element, where the element's own would
 * follow that of its column. The grid asks for the card's width where a column
 * gives none. Lengths follow the reader's default text size (`medium`), as the
 * text does, not the page's.
 */
export function styleText(variant: Variant): string {
  const element =
    variant === "compact"
      ? 'case-status[variant="compact"]:not(:defined)'
      : "case-status:not(:defined)";
  return (
    `${element} { display: grid; grid: 0 / minmax(0, 30em) 1fr; outline: 1px solid; font: medium/3 system-ui !important; text-indent: 1em; contain: layout } ` +
    `${element}::after { content: ""; grid-area: 2 / 1 / 3 / 3; padding-bottom: ${reservedHeights[variant]} } ` +
    `@media (scripting: none) { ${element} { display: block } }`
  );
}
