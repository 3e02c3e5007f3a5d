/**
 * The image of a case's link previews as SVG: number, who states the facts and
 * their day, names (else the news, or the title), and the pictures of at most
 * two people, who are named first. Other sites keep it for months, so it says
 * nothing that can go stale.
 */
import { base64Of } from "../../../../shared/base64.ts";
import {
  type Case,
  type Person,
  preferredName,
} from "../../../../shared/case/schema.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { printNumber } from "../../../../shared/profile/numbers.ts";
import type { Profile } from "../../../../shared/profile/schema.ts";
import { portraitEnd } from "../../../../shared/view/age.ts";
import { partialDateIn } from "../../../../shared/view/date.ts";
import { currentRunOf } from "../../../../shared/view/run.ts";
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

const { width: WIDTH_PX, height: HEIGHT_PX } = PREVIEW_SIZE_PX;
const MARGIN_PX = 72;
const ROOM_PX = WIDTH_PX - 2 * MARGIN_PX;
const NUMBER_SIZE_PX = 46;
const MAX_NAME_SIZE_PX = 80;
const MIN_NAME_SIZE_PX = 36;
/** Where there are several, a larger name stays on one line. */
const MAX_BROKEN_SIZE_PX = 48;
const SIZE_STEP_PX = 4;
const FOOT_SIZE_PX = 36;
const CREDIT_SIZE_PX = 20;
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
const MAX_NAMES = 4;
const MAX_FACES = 2;
const [INK, SOFT, MARK] = ["#1b1b19", "#45443f", "#a3200d"];

/**
 * The scripts of the image's font. A name in another one would be a row of
 * boxes.
 */
const isDrawable = (text: string) =>
  /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Arabic}\p{M}\p{N}\p{P}\p{Zs}]+$/u.test(
    text,
  );

function drawableName(person: Person): string | undefined {
  return [preferredName(person), ...person.names].find(({ value }) =>
    isDrawable(value),
  )?.value;
}

/**
 * FiraGO is narrower than the font that `widthOf` expects. The tests measure
 * it.
 */
const drawnWidthOf = (text: string, size: number) => 0.92 * widthOf(text, size);

/** Puts the pieces of a text into lines, each as full as it fits. */
const linesOf = (pieces: string[], size: number, room: number): string[] =>
  filledLines(
    pieces,
    (line) => drawnWidthOf(line.trimEnd(), size) <= room,
  ).flatMap((line) => line.trimEnd() || []);

/**
 * Sets names as large as they fit, each whole: rather fewer of them than small
 * ones. Only the last try is smaller than the smallest.
 * @param count of the people, named or not
 * @returns `em`: from the top of the names to the line's end, in sizes of the
 * letters
 */
function setNames(
  names: string[],
  count: number,
  locale: LocaleTag,
  room: number,
  height: number,
) {
  for (let most = MAX_NAMES; ; most--) {
    const shown =
      names.length === count && count <= most
        ? names
        : names.slice(0, Math.max(1, most - 1));
    const rest = count - shown.length;
    const texts =
      shown[0] && rest > 0
        ? [...shown, message(locale, "view.people.more", { count: rest })]
        : shown;
    for (
      let size = MAX_NAME_SIZE_PX;
      size >= MIN_NAME_SIZE_PX || most === 1;
      size -= SIZE_STEP_PX
    ) {
      const within = (text: string) => (width: number) =>
        linesOf(text.split(/(?<=[ -])/), size, width);
      const filled = texts.flatMap((text) => within(text)(room));
      const isBroken = filled.length > texts.length;
      const gap = isBroken ? NAME_GAP_EM : 0;
      if (isBroken && texts[1] && size > MAX_BROKEN_SIZE_PX) continue;
      if ((LINE_EM * filled.length + gap * (texts.length - 1)) * size > height)
        continue;
      if (filled.some((text) => drawnWidthOf(text, size) > room)) continue;
      const lines = texts.flatMap((text, index) =>
        balanced(within(text), room).map((line) => ({ text: line, index })),
      );
      const emOf = (index: number, at: number) =>
        LINE_EM * (at + 1) + gap * index;
      return {
        size,
        lines: lines.map((line, at) => ({ ...line, em: emOf(line.index, at) })),
        named: shown.length,
      };
    }
  }
}

/**
 * A line of text, made smaller until it fits. The renderer knows no attribute
 * for direction: the side is set by hand, and an isolate (U+2068 to U+2069)
 * orders the line by its first letter.
 */
const lettering = (
  text: string,
  x: number,
  y: number,
  size: number,
  room: number,
  colour = INK,
  anchor = "start",
) => (
  <text
    x={x}
    y={y}
    text-anchor={anchor as "start"}
    font-size={Math.floor(
      Math.min(size, (size * room) / drawnWidthOf(text, size)),
    )}
    font-family="FiraGO"
    font-weight="600"
    fill={colour}
  >
    {`\u2068${text}\u2069`}
  </text>
);

/**
 * @param faces addresses of pictures, which take half of the image, by the id
 * of the person
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
  const newsroom = profile.newsroom.name;
  const pictures = Object.values(faces);
  // A reader takes the first name for that of the first face.
  const people = fields.people.toSorted(
    (a, b) => Number(b.id in faces) - Number(a.id in faces),
  );
  const half = pictures[0] ? (WIDTH_PX - MARGIN_PX) / 2 : 0;
  const room = ROOM_PX - half;
  const line = (text: string, y: number, size: number, colour = INK) =>
    lettering(
      text,
      isRight ? WIDTH_PX - MARGIN_PX : MARGIN_PX,
      y,
      size,
      room,
      colour,
      isRight ? "end" : "start",
    );
  // The image is often seen at a third of its size: a long date takes more
  // lines, each of them whole.
  const dated = [
    `${message(locale, "view.asOf")} `,
    ...partialDateIn(locale, fields.asOf).split(/(?<= )(?=\()/),
  ];
  const foot = [
    ...linesOf(dated, FOOT_SIZE_PX, room),
    ...(newsroom === fields.issuer ? [] : [newsroom]),
  ];
  const footTop = FOOT_END_PX - FOOT_STEP_PX * foot.length;
  const title =
    news ?? currentRunOf(fields.title, fields.language, locale).text;
  const names = people[0]
    ? people.flatMap((one) => drawableName(one) ?? [])
    : [title].filter(isDrawable);
  const height = footTop - GAP_PX - NAMES_TOP_PX;
  const { size, lines, named } = setNames(
    names,
    people.length || 1,
    locale,
    room,
    height,
  );
  const number = [
    ...(fields.demo ? [message(locale, "page.demo")] : []),
    printNumber(fields.number, profile),
  ];
  return renderXml(
    // biome-ignore lint/a11y/noSvgWithoutTitle: only its picture is sent.
    <svg xmlns="http://www.w3.org/2000/svg" width={WIDTH_PX} height={HEIGHT_PX}>
      <rect width={WIDTH_PX} height={HEIGHT_PX} fill="#fff" />
      <rect width={WIDTH_PX} height={22} fill={INK} />
      {pictures.map((face, index) => {
        const width = WIDTH_PX / 2 / pictures.length;
        const x = isRight
          ? width * (pictures.length - 1 - index)
          : WIDTH_PX / 2 + width * index;
        const { credit = "", licence } = people[index]?.portrait ?? {};
        return (
          <>
            <image
              href={face}
              x={x}
              y={22}
              width={width}
              height={HEIGHT_PX - 22}
              preserveAspectRatio="xMidYMin slice"
            />
            {credit && (
              <rect
                x={x}
                y={HEIGHT_PX - 38}
                width={width}
                height={38}
                fill={INK}
                fill-opacity="0.7"
              />
            )}
            {credit &&
              lettering(
                `${credit} · ${licence}`,
                x + 12,
                HEIGHT_PX - 12,
                CREDIT_SIZE_PX,
                width - 24,
                "#fff",
              )}
          </>
        );
      })}
      {line(number.join(" · "), 92, NUMBER_SIZE_PX, MARK)}
      {isDrawable(fields.issuer) &&
        line(fields.issuer, 144, FOOT_SIZE_PX, SOFT)}
      {lines.map(({ text, em, index }) =>
        line(
          text,
          NAMES_TOP_PX + (em - DESCENT_EM) * size,
          size,
          index < named ? INK : SOFT,
        ),
      )}
      {!pictures[0] && (
        <rect
          x={MARGIN_PX}
          y={footTop - 4}
          width={ROOM_PX}
          height={2}
          fill="#d8d6cf"
        />
      )}
      {foot.map((text, index) =>
        line(
          text,
          footTop + FOOT_STEP_PX * (index + 1),
          FOOT_SIZE_PX,
          text === newsroom ? INK : SOFT,
        ),
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
    return sendBody(
      c,
      { key: `share ${id} ${locale}`, copies: [copy] },
      async (now) => {
        const profile = profileOf(c.env);
        const view = viewPresent(state, locale, now, profile);
        const faces: Record<string, string> = {};
        const images: string[] = [];
        for (const person of fields.people) {
          const { image, until } = person.portrait ?? {};
          if (
            !image ||
            now >= portraitEnd(until ?? "") ||
            !drawableName(person) ||
            images[MAX_FACES - 1]
          )
            continue;
          const picture = await ledgerFor(c.env).portraits.shown(id, image);
          // The renderer reads no WebP. The desk stores JPEG.
          if (!picture || picture.type === "image/webp") continue;
          faces[person.id] =
            `data:${picture.type};base64,${base64Of(picture.bytes)}`;
          images.push(image.slice(0, 16));
        }
        const svg = shareImage(
          fields,
          locale,
          profile,
          faces,
          view.news[0]?.text.text,
        );
        return {
          body: await askWorkshop(c.env, (workshop) => workshop.drawPng(svg)),
          etag: etagOfView(c.env, view, ...images, "share"),
          until: untilOf(view),
          headers: { "Content-Type": "image/png", "Content-Language": locale },
        };
      },
    );
  },
} satisfies Partial<Handlers>;
