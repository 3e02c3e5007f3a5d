/**
 * The image of a case's link previews as SVG: number, who states the facts and their day, names (else the news, or the title), and the
 * pictures of at most two people, who are named first. Other sites keep it for months, so it says nothing that can go stale.
 */
import { base64Of } from "../../../../shared/base64.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { printNumber } from "../../../../shared/profile/numbers.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { portraitEnd } from "../../../../shared/view/age.ts";
import { partialDateIn } from "../../../../shared/view/date.ts";
import { etagOfView } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody, untilOf } from "../../../reads/send-body.ts";
import { viewPresent } from "../../../reads/state.ts";
import { askWorkshop, ledgerFor } from "../../../runtime/bindings.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { requirePresent } from "../../api/cases.ts";
import type { Handlers } from "../../api/router.ts";
import { balanced, filledLines, widthOf } from "../document/text-width.ts";
import { renderXml } from "../document/xml.ts";
import { localeOf } from "../pages.tsx";
import { PREVIEW_SIZE_PX } from "../preview/size.ts";
import { drawableName, isDrawable, MAX_NAMES, namesFor } from "./names.ts";

const { width: WIDTH_PX, height: HEIGHT_PX } = PREVIEW_SIZE_PX;
const MARGIN_PX = 72;
const ROOM_PX = WIDTH_PX - 2 * MARGIN_PX;
const NUMBER_SIZE_PX = 46;
const MAX_NAME_SIZE_PX = 80;
const MIN_NAME_SIZE_PX = 36;
/** Where there are several, a larger name stays on one line. */
const MAX_BROKEN_SIZE_PX = 48;
const SIZE_STEP_PX = 4;
const MINIMUM_SIZE_PX = 20;
const FOOT_SIZE_PX = 36;
const FOOT_STEP_PX = 47;
const FOOT_END_PX = 598;
const NAMES_TOP_PX = 166;
/** Above the rule of the foot. */
const GAP_PX = 16;
const LINE_EM = 1.2;
/** From a line's base to its end. */
const DESCENT_EM = 0.35;
/** Between names, where one has more than a line. */
const NAME_GAP_EM = 0.3;
const MAX_FACES = 2;

interface LineProps {
  text: string;
  y: number;
  size: number;
  /** Of the letters, in pixels; a longer text is cut. */
  minimum?: number;
  colour: string;
  /** Pixels that another text of the same line takes. */
  taken?: number;
  locale: LocaleTag;
}

/** FiraGO is narrower than the font that `widthOf` expects. The tests measure it. */
const drawnWidthOf = (text: string, size: number) => 0.92 * widthOf(text, size);

function cutTo(room: number, size: number, text: string): string {
  const characters = [...text];
  while (drawnWidthOf(`${characters.join("")}…`, size) > room) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** Puts the pieces of a text into lines, each as full as it fits. */
const linesOf = (pieces: string[], size: number, room: number): string[] =>
  filledLines(pieces, (line) => drawnWidthOf(line.trimEnd(), size) <= room).flatMap((line) => line.trimEnd() || []);

const piecesOf = (text: string) => text.split(/(?<=[ -])/);

interface SetLine {
  text: string;
  /** From the top of the names to the line's end, in sizes of the letters. */
  em: number;
  isRest: boolean;
}

/** Sets names as large as they fit, each whole: rather fewer of them than a cut one. Only one that fills all the room is cut. */
function setNames(
  namesUpTo: (most: number) => ReturnType<typeof namesFor>,
  room: number,
  height: number,
): { size: number; lines: SetLine[] } {
  for (let most = MAX_NAMES; ; most--) {
    const { shown, more } = namesUpTo(most);
    const texts = [...shown, ...(more ? [more] : [])];
    for (let size = MAX_NAME_SIZE_PX; size >= MIN_NAME_SIZE_PX; size -= SIZE_STEP_PX) {
      const names = texts.map((text) => linesOf(piecesOf(text), size, room));
      const gap = names.some(({ length }) => length > 1) ? NAME_GAP_EM : 0;
      const em = LINE_EM * names.flat().length + gap * (names.length - 1);
      const isFitting =
        (gap === 0 || !names[1] || size <= MAX_BROKEN_SIZE_PX) &&
        em * size <= height &&
        names.flat().every((line) => drawnWidthOf(line, size) <= room);
      if (!isFitting && (most > 1 || size > MIN_NAME_SIZE_PX)) continue;
      const lines = texts.flatMap((text, index) =>
        balanced((width) => linesOf(piecesOf(text), size, width), room).map((line) => ({
          text: line,
          index,
          isRest: index >= shown.length,
        })),
      );
      const set = lines.map((line, at) => ({ ...line, em: LINE_EM * (at + 1) + gap * line.index }));
      const seen = set.filter((line) => line.em * size <= height);
      const last = seen.at(-1);
      if (last && seen.length < set.length) last.text += "…";
      return { size, lines: seen };
    }
  }
}

/**
 * A line of text, made smaller until it fits, and cut where it would be too small. The renderer knows no attribute for direction: the side is
 * set by hand, and an isolate (U+2068 to U+2069) orders the line by its first letter.
 */
function Line({ text, y, size, minimum = MINIMUM_SIZE_PX, colour, taken = 0, locale }: LineProps) {
  const isRight = locales[locale].dir === "rtl";
  const room = ROOM_PX - taken;
  const fitting = Math.min(size, (size * room) / drawnWidthOf(text, size));
  return (
    <text
      x={isRight ? WIDTH_PX - MARGIN_PX : MARGIN_PX}
      y={y}
      text-anchor={isRight ? "end" : "start"}
      font-size={Math.floor(Math.max(fitting, minimum))}
      font-family="FiraGO"
      font-weight="600"
      fill={colour}
    >
      {`\u2068${fitting < minimum ? cutTo(room, minimum, text) : text}\u2069`}
    </text>
  );
}

/**
 * @param faces addresses of pictures, which take half of the image, by the id of the person
 * @param news what a case without people has for a headline while it is news
 */
export function shareImage(
  fields: Case,
  locale: LocaleTag,
  profile: Profile,
  faces: Record<string, string> = {},
  news?: string,
): string {
  const isRight = locales[locale].dir === "rtl";
  const pictures = Object.values(faces);
  // A reader takes the first name for that of the first face.
  const people = fields.people.toSorted((a, b) => Number(b.id in faces) - Number(a.id in faces));
  const half = pictures[0] ? (WIDTH_PX - MARGIN_PX) / 2 : 0;
  const room = ROOM_PX - half;
  const line = (props: Omit<LineProps, "locale">) => Line({ taken: half, ...props, locale });
  // The image is often seen at a third of its size: a long date takes more lines, each of them whole.
  const dated = [`${message(locale, "view.asOf")} `, ...partialDateIn(locale, fields.asOf).split(/(?<= )(?=\()/)];
  const foot = [...linesOf(dated, FOOT_SIZE_PX, room), profile.newsroom.name];
  const footTop = FOOT_END_PX - FOOT_STEP_PX * foot.length;
  const { size, lines } = setNames(
    (most) => namesFor({ ...fields, people }, locale, news, most),
    room,
    footTop - GAP_PX - NAMES_TOP_PX,
  );
  const number = [...(fields.demo ? [message(locale, "page.demo")] : []), printNumber(fields.number, profile)];
  return renderXml(
    // biome-ignore lint/a11y/noSvgWithoutTitle: only its picture is sent.
    <svg xmlns="http://www.w3.org/2000/svg" width={WIDTH_PX} height={HEIGHT_PX}>
      <rect width={WIDTH_PX} height={HEIGHT_PX} fill="#fff" />
      <rect width={WIDTH_PX} height={22} fill="#1b1b19" />
      {pictures.map((face, index) => {
        const width = WIDTH_PX / 2 / pictures.length;
        return (
          <image
            href={face}
            x={isRight ? width * (pictures.length - 1 - index) : WIDTH_PX / 2 + width * index}
            y={22}
            width={width}
            height={HEIGHT_PX - 22}
            preserveAspectRatio="xMidYMin slice"
          />
        );
      })}
      {line({ text: number.join(" · "), y: 92, size: NUMBER_SIZE_PX, colour: "#a3200d" })}
      {isDrawable(fields.issuer) && line({ text: fields.issuer, y: 144, size: FOOT_SIZE_PX, colour: "#45443f" })}
      {lines.map(({ text, em, isRest }) =>
        line({
          text,
          y: NAMES_TOP_PX + (em - DESCENT_EM) * size,
          size,
          minimum: MIN_NAME_SIZE_PX,
          colour: isRest ? "#45443f" : "#1b1b19",
        }),
      )}
      {!pictures[0] && <rect x={MARGIN_PX} y={footTop - 4} width={ROOM_PX} height={2} fill="#d8d6cf" />}
      {foot.map((text, index) =>
        line({
          text,
          y: footTop + FOOT_STEP_PX * (index + 1),
          size: FOOT_SIZE_PX,
          colour: index < foot.length - 1 ? "#45443f" : "#1b1b19",
        }),
      )}
    </svg>,
  );
}

export const shareImageHandlers = {
  async shareImage(c, { params: { id } }) {
    const copy = await leased(c, (reads) => reads.leasedCase(id));
    const state = requirePresent(id, copy.value);
    const { case: fields } = state.record;
    const locale = localeOf(c, state);
    const pictured = fields.people.filter(
      (one) => drawableName(one) && copy.now < portraitEnd(one.portrait?.until ?? ""),
    );
    return sendBody(c, { key: `share ${id} ${locale}`, copies: [copy] }, async (now) => {
      const profile = profileOf(c.env);
      const view = viewPresent(state, locale, now, profile);
      const found = await Promise.all(
        pictured.slice(0, MAX_FACES).map(async (person) => {
          const picture = await ledgerFor(c.env).portraits.shown(id, person.portrait?.image ?? "");
          // The renderer reads no WebP. The desk stores JPEG.
          return picture && picture.type !== "image/webp"
            ? [[person.id, `data:${picture.type};base64,${base64Of(picture.bytes)}`] as const]
            : [];
        }),
      );
      const faces = Object.fromEntries(found.flat());
      const svg = shareImage(fields, locale, profile, faces, view.news[0]?.text.text);
      const shown = pictured.flatMap((one) => (one.id in faces ? (one.portrait?.image.slice(0, 16) ?? []) : []));
      return {
        body: await askWorkshop(c.env, (workshop) => workshop.drawPng(svg)),
        etag: etagOfView(c.env, view, ...shown, "share"),
        until: untilOf(view),
        headers: { "Content-Type": "image/png", "Content-Language": locale },
      };
    });
  },
} satisfies Partial<Handlers>;
