/**
 * The image of a case's link previews as SVG: number, who states the facts and their day, names or title, and the first picture of a
 * person. Other sites keep it for months, so it says nothing that can go stale.
 */
import { base64Of } from "../../../../shared/base64.ts";
import type { Case } from "../../../../shared/case/schema.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { printNumber } from "../../../../shared/profile/numbers.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { portraitEnd } from "../../../../shared/view/age.ts";
import { partialDateIn } from "../../../../shared/view/date.ts";
import { etagOf, revisionTag } from "../../../reads/freshness.ts";
import { leased } from "../../../reads/leased.ts";
import { sendBody } from "../../../reads/send-body.ts";
import { askWorkshop, ledgerFor } from "../../../runtime/bindings.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import { requirePresent } from "../../api/cases.ts";
import type { Handlers } from "../../api/router.ts";
import { filledLines, widthOf } from "../document/text-width.ts";
import { renderXml } from "../document/xml.ts";
import { localeOf } from "../pages.tsx";
import { PREVIEW_SIZE_PX } from "../preview/size.ts";
import { isDrawable, MAX_NAME_LINES, namesFor } from "./names.ts";

const { width: WIDTH_PX, height: HEIGHT_PX } = PREVIEW_SIZE_PX;
const MARGIN_PX = 72;
const ROOM_PX = WIDTH_PX - 2 * MARGIN_PX;
const NAME_SIZE_PX = 60;
const MINIMUM_NAME_SIZE_PX = 36;
const MINIMUM_SIZE_PX = 20;
const FOOT_SIZE_PX = 36;
const FOOT_STEP_PX = 47;
const FOOT_END_PX = 598;
const MAX_DATE_LINES = 3;
const FIRST_NAME_PX = 220;

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

/** The font is narrow, so no letter is wider than `widthOf` says. */
function cutTo(room: number, size: number, text: string): string {
  const characters = [...text];
  while (widthOf(`${characters.join("")}…`, size) > room) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

/** Puts the pieces of a text into lines. The last line has the rest, which may be too long. */
function linesOf(pieces: string[], size: number, room: number, most: number): string[] {
  const lines = filledLines(pieces, (line) => widthOf(line.trimEnd(), size) <= room);
  return [...lines.splice(0, most - 1), lines.join("")].filter(Boolean).map((line) => line.trimEnd());
}

/**
 * A line of text, made smaller until it fits, and cut where it would be too small. The renderer knows no attribute for direction: the side is
 * set by hand, and an isolate (U+2068 to U+2069) orders the line by its first letter.
 */
function Line({ text, y, size, minimum = MINIMUM_SIZE_PX, colour, taken = 0, locale }: LineProps) {
  const isRight = locales[locale].dir === "rtl";
  const room = ROOM_PX - taken;
  const fitting = Math.min(size, (size * room) / widthOf(text, size));
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

/** @param face address of a picture, which takes half of the image */
export function shareImage(fields: Case, locale: LocaleTag, profile: Profile, face?: string): string {
  const { shown, more } = namesFor(fields, locale);
  const half = face ? (WIDTH_PX - MARGIN_PX) / 2 : 0;
  const line = (props: Omit<LineProps, "locale">) => Line({ taken: half, ...props, locale });
  const title = (text: string) => linesOf(text.split(/(?<= )/), NAME_SIZE_PX, ROOM_PX, MAX_NAME_LINES);
  const names = fields.people[0] ? [shown, more ?? []].flat() : shown.flatMap(title);
  const fitting = names.map((text) => (NAME_SIZE_PX * (ROOM_PX - half)) / widthOf(text, NAME_SIZE_PX));
  // The image is often seen at a third of its size: a long date takes more lines, each of them whole.
  const dated = [`${message(locale, "view.asOf")} `, ...partialDateIn(locale, fields.asOf).split(/(?<= )(?=\()/)];
  const foot = [...linesOf(dated, FOOT_SIZE_PX, ROOM_PX - half, MAX_DATE_LINES), profile.newsroom.name];
  const footTop = FOOT_END_PX - FOOT_STEP_PX * foot.length;
  const step = Math.min(76, (footTop - 44 - FIRST_NAME_PX) / (names.length - 1));
  const number = [...(fields.demo ? [message(locale, "page.demo")] : []), printNumber(fields.number, profile)];
  return renderXml(
    // biome-ignore lint/a11y/noSvgWithoutTitle: only its picture is sent.
    <svg xmlns="http://www.w3.org/2000/svg" width={WIDTH_PX} height={HEIGHT_PX}>
      <rect width={WIDTH_PX} height={HEIGHT_PX} fill="#fff" />
      <rect width={WIDTH_PX} height={22} fill="#1b1b19" />
      {face && (
        <image
          href={face}
          x={locales[locale].dir === "rtl" ? 0 : WIDTH_PX / 2}
          y={22}
          width={WIDTH_PX / 2}
          height={HEIGHT_PX - 22}
          preserveAspectRatio="xMidYMin slice"
        />
      )}
      {line({ text: number.join(" · "), y: 100, size: 52, colour: "#a3200d" })}
      {isDrawable(fields.issuer) && line({ text: fields.issuer, y: 146, size: FOOT_SIZE_PX, colour: "#45443f" })}
      {names.map((text, index) =>
        line({
          text,
          y: FIRST_NAME_PX + index * step,
          size: Math.max(MINIMUM_NAME_SIZE_PX, Math.min(NAME_SIZE_PX, 0.85 * step, ...fitting)),
          minimum: MINIMUM_NAME_SIZE_PX,
          colour: text === more ? "#45443f" : "#1b1b19",
        }),
      )}
      {!face && <rect x={MARGIN_PX} y={footTop - 4} width={ROOM_PX} height={2} fill="#d8d6cf" />}
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
    const { case: fields, revision } = state.record;
    const locale = localeOf(c, state);
    const portrait = fields.people.find(({ portrait: one }) => one && copy.now < portraitEnd(one.until))?.portrait;
    return sendBody(c, { key: `share ${id} ${locale}`, copies: [copy] }, async () => {
      const picture = portrait && (await ledgerFor(c.env).portraits.shown(id, portrait.image));
      // The renderer reads no WebP. The desk stores JPEG.
      const face =
        picture && picture.type !== "image/webp" ? `data:${picture.type};base64,${base64Of(picture.bytes)}` : undefined;
      const svg = shareImage(fields, locale, profileOf(c.env), face);
      return {
        body: await askWorkshop(c.env, (workshop) => workshop.drawPng(svg)),
        etag: etagOf(c.env, revisionTag(revision), locale, (face && portrait?.image.slice(0, 16)) ?? "share"),
        until: portrait && portraitEnd(portrait.until),
        headers: { "Content-Type": "image/png", "Content-Language": locale },
      };
    });
  },
} satisfies Partial<Handlers>;
