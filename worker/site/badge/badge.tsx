/** Renders a case as an SVG image of a few lines, for sites that allow neither scripts nor iframes. */
import badgeStyle from "../../../dist/badge.css";
import { isolate } from "../../../shared/locale.ts";
import { message } from "../../../shared/messages.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { View } from "../../../shared/view/schema.ts";
import { once } from "../../once.ts";
import { sourceOf } from "../document/policy.ts";
import { widthOf } from "../document/text-width.ts";
import { renderXml } from "../document/xml.ts";

/** Keeps the image from loading or running anything when it is opened on its own. */
export const badgePolicy = once(() => `default-src 'none'; style-src ${sourceOf(badgeStyle)}`);

/** The column of a phone of 360 pixels, so that the text is nowhere drawn smaller than it is. */
const WIDTH_PX = 328;
const PADDING_PX = 12;
const TEXT = { sizePx: 13, lineHeightPx: 18 };
const DATED_TEXT = { sizePx: 12, lineHeightPx: 17 };
/** A case without people is named by its title, which may be long. */
const MAX_NAME_CHARACTERS = 80;

const shortened = (text: string, characters: number) =>
  text.length > characters ? `${text.slice(0, characters).replace(/\s*\S*$/u, "")} …` : text;

/** Texts of a badge: number and status for the first line, `dated` for the second. */
function textsOf(view: View, newsroom: string): { number: string; status: string; dated: string; spoken?: string } {
  if (view.state !== "present") {
    const { revision, id, title, number } = view;
    // The requested id isn't a case number, and may be as long as a URL.
    if (!revision || !number) return { number: newsroom, status: title, dated: id.slice(0, 20).toUpperCase() };
    const dated = [revision.label, revision.published, newsroom].join(" · ");
    return { number, status: title, dated };
  }
  const { brief, revision, lang, number, demo, action } = view;
  const { before = "", text, after = "" } = brief;
  const status = before + shortened(isolate(text, lang), MAX_NAME_CHARACTERS) + after;
  return {
    spoken: `${status} · ${action.short}`,
    status,
    number: demo ? `${message(lang, "page.demo")} ${number}` : number,
    dated: [action.short, revision.label, revision.day, newsroom].map((part) => isolate(part, lang)).join(" · "),
  };
}

/** Bold letters are wider. */
const BOLD = 1.08;
const OPENS = /[\u2066-\u2068]/g;
const CLOSES = /\u2069/g;
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

const BETWEEN_WORDS = /(?<= )/;
const BETWEEN_PARTS = /(?<= · )/;
const BETWEEN_CHARACTERS = /(?:)/u;

/**
 * Breaks a text into lines that fit into the badge. An isolated text that goes on in the next line is isolated there too: it runs in the
 * other direction than the badge.
 * @param at where to break, unless a piece is longer than a line
 * @param indentPx width of what stands before the text in its first line
 */
function linesOf(text: string, at: RegExp, sizePx: number, dir: "ltr" | "rtl", indentPx = 0): string[] {
  const room = WIDTH_PX - 2 * PADDING_PX;
  const fits = (piece: string, indent = 0) => widthOf(piece.trimEnd(), sizePx) <= room - indent;
  const pieces = [at, BETWEEN_WORDS, BETWEEN_CHARACTERS].reduce(
    (all, next) => all.flatMap((piece) => (fits(piece) ? piece : piece.split(next))),
    [text],
  );
  const lines = [""];
  for (const piece of pieces) {
    const line = lines.at(-1) + piece;
    if (fits(line, lines.length === 1 ? indentPx : 0)) lines.splice(-1, 1, line);
    else lines.push(piece);
  }
  let open = 0;
  return lines.map((line) => {
    const before = (dir === "rtl" ? "\u2066" : "\u2067").repeat(open);
    open += count(line, OPENS) - count(line, CLOSES);
    return before + line.trimEnd() + "\u2069".repeat(open);
  });
}

/** @param newsroom the name shown in the badge */
function layOut(view: View, newsroom: string) {
  const texts = textsOf(view, newsroom);
  const number = isolate(texts.number, view.lang);
  const indent = Math.ceil(widthOf(`${number}  `, TEXT.sizePx) * BOLD);
  const status = linesOf(texts.status, BETWEEN_WORDS, TEXT.sizePx, view.dir, indent);
  const dated = linesOf(texts.dated, BETWEEN_PARTS, DATED_TEXT.sizePx, view.dir);
  const datedTop = PADDING_PX + status.length * TEXT.lineHeightPx;
  const height = datedTop + dated.length * DATED_TEXT.lineHeightPx + PADDING_PX - 4;
  return { texts, number, status, dated, datedTop, height };
}

/** In CSS pixels. The height follows the text. */
export const badgeSizeOf = (view: View, { newsroom }: Profile) => ({
  width: WIDTH_PX,
  height: layOut(view, newsroom.name).height,
});

export function badge(view: View, { newsroom }: Profile): string {
  const { texts, number, status, dated, datedTop, height } = layOut(view, newsroom.name);
  const start = view.dir === "rtl" ? WIDTH_PX - PADDING_PX : PADDING_PX;
  return renderXml(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={WIDTH_PX}
      height={height}
      viewBox={`0 0 ${WIDTH_PX} ${height}`}
      role="img"
      aria-labelledby="title desc"
      xml:lang={view.lang}
      direction={view.dir}
    >
      <title id="title">{`${number}: ${texts.spoken ?? texts.status}`}</title>
      <desc id="desc">{texts.dated}</desc>
      <style>{badgeStyle}</style>
      <rect class="paper" x="0.5" y="0.5" width={WIDTH_PX - 1} height={height - 1} />
      <rect class="edge" width={WIDTH_PX} height="3" />
      {status.map((text, index) => (
        <text x={start} y={PADDING_PX + TEXT.sizePx + index * TEXT.lineHeightPx}>
          {index === 0 && <tspan class="number">{number}</tspan>}
          {index === 0 && "\u00a0\u00a0"}
          {text}
        </text>
      ))}
      {dated.map((text, index) => (
        <text x={start} y={datedTop + DATED_TEXT.sizePx + index * DATED_TEXT.lineHeightPx} class="soft">
          {text}
        </text>
      ))}
    </svg>,
  );
}
