/**
 * Renders a case as an SVG image of a few lines, for sites that allow neither
 * scripts nor iframes.
 */
import badgeStyle from "../../../../dist/badge.css";
import { isolate } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import type { View } from "../../../../shared/view/schema.ts";
import { once } from "../../../runtime/once.ts";
import { sourceOf } from "../document/policy.ts";
import { balanced, filledLines, widthOf } from "../document/text-width.ts";
import { keepNumbers } from "../document/typeset.ts";
import { renderXml } from "../document/xml.ts";
import type { Look } from "../embed/look.ts";

/**
 * Keeps the image from loading or running anything when it is opened on its
 * own.
 */
export const badgePolicy = once(
  () => `default-src 'none'; style-src ${sourceOf(badgeStyle)}`,
);

/**
 * The column of a phone of 360 pixels, so that the text is nowhere drawn
 * smaller than it is.
 */
const WIDTH_PX = 328;
const PADDING_PX = 12;
const TEXT = { sizePx: 13, lineHeightPx: 18 };
const DATED_TEXT = { sizePx: 12, lineHeightPx: 17 };
/**
 * The limit for a name, or for the title of a case without people. Everything
 * else is shown whole.
 */
const MAX_NAME_CHARACTERS = 120;

/** Cut at a word, unless the text is a single one. */
const shortened = (text: string) => {
  const characters = [...text];
  if (characters.length <= MAX_NAME_CHARACTERS) return text;
  return `${characters
    .slice(0, MAX_NAME_CHARACTERS)
    .join("")
    .replace(/\s+\S*$/u, "")}…`;
};

interface Texts {
  /** The first line. It and the status are in bold. */
  number: string;
  status: string;
  /** What a screen reader says for the status, if that is more. */
  spoken?: string;
  /** Who states the facts, where there are any. */
  by?: string;
  /** Each begins a line. */
  dated: { text: string; isCorrection?: boolean }[];
}

const SEPARATOR = " · ";

function textsOf(view: View, newsroom: string): Texts {
  if (view.state !== "present") {
    const { revision, id, title, number } = view;
    const status = title.text;
    // The requested id isn't a case number, and may be as long as a URL.
    if (!revision || !number)
      return {
        number: newsroom,
        status,
        dated: [{ text: id.slice(0, 20).toUpperCase() }],
      };
    return {
      number,
      status,
      dated: [{ text: [revision.label, revision.day].join(SEPARATOR) }],
    };
  }
  const {
    revision,
    lang,
    number,
    demo,
    action,
    asOf,
    people,
    title,
    news,
    issuer,
  } = view;
  const { before = "", text, after = "" } = view.brief;
  const named = people.list[0]?.name ?? title;
  const brief = (before + text + after).replace(named.text, (name) =>
    isolate(shortened(name), lang),
  );
  const status = [brief, asOf.note ?? []].flat().join(SEPARATOR);
  const joined = (...parts: string[]) =>
    parts.map((part) => isolate(part, lang)).join(SEPARATOR);
  const red = news
    .filter(({ tone }) => tone === "correction")
    .map(({ day }) => ({
      text: joined(message(lang, "view.correction"), day),
      isCorrection: true,
    }));
  const publisher = issuer === newsroom ? [] : [newsroom];
  return {
    by: issuer,
    number: demo ? `${message(lang, "page.demo")} ${number}` : number,
    status,
    spoken: status + SEPARATOR + action.short,
    dated:
      red[0] && revision.kind === "correction"
        ? [
            { text: isolate(action.short, lang) },
            ...red,
            ...publisher.map((text) => ({ text })),
          ]
        : [
            {
              text: joined(
                action.short,
                revision.label,
                revision.day,
                ...publisher,
              ),
            },
            ...red,
          ],
  };
}

/** Bold letters are wider. */
const BOLD = 1.08;
const ROOM_PX = WIDTH_PX - 2 * PADDING_PX;
const OPENS = /[\u2066-\u2068]/g;
const CLOSES = /\u2069/g;
const count = (text: string, pattern: RegExp) =>
  text.match(pattern)?.length ?? 0;

const BETWEEN_WORDS = /(?<= )/;
const BETWEEN_PARTS = /(?<= · )/;
const BETWEEN_CHARACTERS = /(?:)/u;

/** A line's end separates as well as a dot. */
const withoutEdges = (line: string) => line.replace(/^· |[ ·]+$/g, "");

/**
 * Breaks a text into lines that fit into the badge. An isolated text that goes
 * on in the next line is isolated there too: it runs in the other direction
 * than the badge.
 */
function brokenInto(
  text: string,
  sizePx: number,
  dir: "ltr" | "rtl",
): string[] {
  const kept = keepNumbers(text);
  const lines = balanced((room) => {
    const fits = (piece: string) =>
      widthOf(withoutEdges(piece), sizePx) <= room;
    const pieces = [BETWEEN_PARTS, BETWEEN_WORDS, BETWEEN_CHARACTERS].reduce(
      (all, next) =>
        all.flatMap((piece) => (fits(piece) ? piece : piece.split(next))),
      [kept],
    );
    return filledLines(pieces, fits);
  }, ROOM_PX);
  let open = 0;
  return lines.map((line) => {
    const before = (dir === "rtl" ? "\u2066" : "\u2067").repeat(open);
    open += count(line, OPENS) - count(line, CLOSES);
    return before + withoutEdges(line) + "\u2069".repeat(open);
  });
}

/** Who states the facts stands beside the number where there is room. */
function layOut(view: View, newsroom: string) {
  const texts = textsOf(view, newsroom);
  const number = isolate(texts.number, view.lang);
  const isNamed = texts.number !== newsroom;
  const by = isolate(texts.by ?? newsroom, view.lang);
  const taken = widthOf(`${number}  `, TEXT.sizePx) * BOLD;
  const isBeside = isNamed && taken + widthOf(by, DATED_TEXT.sizePx) <= ROOM_PX;
  const status = brokenInto(texts.status, TEXT.sizePx * BOLD, view.dir);
  const dated = [
    ...(isNamed && !isBeside ? [{ text: by }] : []),
    ...texts.dated,
  ].flatMap(({ text, ...rest }) =>
    brokenInto(text, DATED_TEXT.sizePx, view.dir).map((line) => ({
      ...rest,
      text: line,
    })),
  );
  const statusTop = PADDING_PX + TEXT.lineHeightPx;
  const datedTop = statusTop + status.length * TEXT.lineHeightPx;
  const height =
    datedTop + dated.length * DATED_TEXT.lineHeightPx + PADDING_PX - 4;
  return {
    texts,
    number,
    by,
    isNamed,
    isBeside,
    status,
    dated,
    statusTop,
    datedTop,
    height,
  };
}

/** In CSS pixels. The height follows the text. */
export const badgeSizeOf = (view: View, { newsroom }: Profile) => ({
  width: WIDTH_PX,
  height: layOut(view, newsroom.name).height,
});

/**
 * Light unless its address asks for another theme: it stands in articles, which
 * few sites darken at night.
 */
export function badge(
  view: View,
  { newsroom }: Profile,
  theme: Look["theme"] = "light",
): string {
  const {
    texts,
    number,
    by,
    isNamed,
    isBeside,
    status,
    dated,
    statusTop,
    datedTop,
    height,
  } = layOut(view, newsroom.name);
  const [start, end] = [PADDING_PX, WIDTH_PX - PADDING_PX].toSorted((a, b) =>
    view.dir === "rtl" ? b - a : a - b,
  );
  return renderXml(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={WIDTH_PX}
      height={height}
      viewBox={`0 0 ${WIDTH_PX} ${height}`}
      class={theme}
      role="img"
      aria-labelledby="title desc"
      xml:lang={view.lang}
      direction={view.dir}
    >
      <title id="title">{`${number}: ${texts.spoken ?? texts.status}`}</title>
      <desc id="desc">
        {[
          ...texts.dated.map(({ text }) => text),
          ...(isNamed ? [by] : []),
        ].join(SEPARATOR)}
      </desc>
      <style>{badgeStyle}</style>
      <rect
        class="paper"
        x="0.5"
        y="0.5"
        width={WIDTH_PX - 1}
        height={height - 1}
      />
      <rect class="edge" width={WIDTH_PX} height="3" />
      <text x={start} y={PADDING_PX + TEXT.sizePx} class="number">
        {number}
      </text>
      {isBeside && (
        <text
          x={end}
          y={PADDING_PX + TEXT.sizePx}
          text-anchor="end"
          class="soft"
        >
          {by}
        </text>
      )}
      {status.map((text, index) => (
        <text
          x={start}
          y={statusTop + TEXT.sizePx + index * TEXT.lineHeightPx}
          class="status"
        >
          {text}
        </text>
      ))}
      {dated.map(({ text, isCorrection }, index) => (
        <text
          x={start}
          y={datedTop + DATED_TEXT.sizePx + index * DATED_TEXT.lineHeightPx}
          class={isCorrection ? "soft mark" : "soft"}
        >
          {text}
        </text>
      ))}
    </svg>,
  );
}
