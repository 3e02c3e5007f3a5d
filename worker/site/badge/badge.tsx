/** A case as an image of two lines, for places where neither a script nor a frame is let in. */
import badgeStyle from "../../../dist/badge.css";
import { isolate } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { View } from "../../../shared/view/schema.ts";
import { sourceOf } from "../document/policy.ts";
import { renderXml } from "../document/xml.ts";

/** An image runs and loads nothing; opened by itself it may not either. */
export const badgeHeaders = {
  "Content-Security-Policy": `default-src 'none'; style-src ${sourceOf(badgeStyle)}`,
};

const HEIGHT = 48;
const PADDING = 12;

/** Widths in ems of what is not as wide as most. */
const widths: [characters: RegExp, ems: number][] = [
  [/\p{M}|\p{Cf}/u, 0],
  [/[ilj.,:;·'’|!()\s]/u, 0.36],
  [/[mwMWшщжюфыШЩЖЮФЫ—@%]/u, 1],
  [/\p{Lu}/u, 0.78],
  [/\p{sc=Cyrillic}/u, 0.66],
];

/** About how wide a text stands in the widest usual font, in pixels; an image cannot ask its reader's. */
function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += widths.find(([characters]) => characters.test(character))?.[1] ?? 0.62;
  return Math.ceil(ems * size);
}

/** What a badge says: its first line's number and status, and the second line, which dates it. */
function wordsOf(view: View): { number: string; status: string; dated: string } {
  if (view.state !== "present") {
    const { revision, id, title, number } = view;
    // What was asked for is no number of ours, and may be as long as an address.
    if (!revision || !number) return { number: "Casewire", status: title, dated: id.slice(0, 20).toUpperCase() };
    const dated = [revision.label, revision.published, "Casewire"].join(" · ");
    return { number, status: title, dated };
  }
  const { asOf, revision, lang, number, demo, action } = view;
  return {
    number: demo ? `${message(lang, "page.demo")} ${number}` : number,
    status: action.label,
    dated: [`${asOf.label} ${asOf.text}`, revision.label, "Casewire"].map((part) => isolate(part, lang)).join(" · "),
  };
}

export function badge(view: View): string {
  const { number, status, dated } = wordsOf(view);
  const shown = isolate(number, view.lang);
  const first = widthOf(`${number}  `, 13) * 1.08 + widthOf(status, 13);
  const width = Math.ceil(Math.max(first, widthOf(dated, 12)) + 2 * PADDING);
  const start = view.dir === "rtl" ? width - PADDING : PADDING;
  return renderXml(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-labelledby="title desc"
      xml:lang={view.lang}
      direction={view.dir}
    >
      <title id="title">{`${shown}: ${status}`}</title>
      <desc id="desc">{dated}</desc>
      <style>{badgeStyle}</style>
      <rect class="paper" x="0.5" y="0.5" width={width - 1} height={HEIGHT - 1} />
      <rect class="edge" width={width} height="3" />
      <text x={start} y="21">
        <tspan class="number">{shown}</tspan>
        {"\u00a0\u00a0"}
        {status}
      </text>
      <text x={start} y="38" class="soft">
        {dated}
      </text>
    </svg>,
  );
}
