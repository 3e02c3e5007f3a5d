/** Renders a case as an SVG image of two lines, for sites that allow neither scripts nor iframes. */
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

const HEIGHT_PX = 48;
const PADDING_PX = 12;
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

export function badge(view: View, { newsroom }: Profile): string {
  const { number, status, dated, spoken = status } = textsOf(view, newsroom.name);
  const shown = isolate(number, view.lang);
  const first = widthOf(`${number}  `, 13) * 1.08 + widthOf(status, 13);
  const width = Math.ceil(Math.max(first, widthOf(dated, 12)) + 2 * PADDING_PX);
  const start = view.dir === "rtl" ? width - PADDING_PX : PADDING_PX;
  return renderXml(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      width={width}
      height={HEIGHT_PX}
      viewBox={`0 0 ${width} ${HEIGHT_PX}`}
      role="img"
      aria-labelledby="title desc"
      xml:lang={view.lang}
      direction={view.dir}
    >
      <title id="title">{`${shown}: ${spoken}`}</title>
      <desc id="desc">{dated}</desc>
      <style>{badgeStyle}</style>
      <rect class="paper" x="0.5" y="0.5" width={width - 1} height={HEIGHT_PX - 1} />
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
