/** Renders the text of a Telegram message with its entities. */
import type { ComponentChildren } from "preact";

export interface Entity {
  type: string;
  /** In UTF-16 code units, like JavaScript's string indexes. */
  offset: number;
  length: number;
  url?: string;
}

/** Renderers for types of entities that replace the default ones. */
export type EntityRenderers = Record<
  string,
  (text: string, inside: ComponentChildren) => ComponentChildren
>;

const tags: Record<string, "strong" | "em" | "u" | "s" | "code"> = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "code",
};

function wrapped(
  { type, url }: Entity,
  text: string,
  inside: ComponentChildren,
  own: EntityRenderers,
): ComponentChildren {
  if (own[type]) return own[type](text, inside);
  const Tag = tags[type];
  if (Tag) return <Tag>{inside}</Tag>;
  if (/^(?:expandable_)?blockquote$/.test(type))
    return <q class="block">{inside}</q>;
  const href = url ?? text;
  if (!/^(?:text_link|url)$/.test(type) || !/^https?:/.test(href))
    return inside;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {inside}
    </a>
  );
}

/** Renders a range of the text. Entities can be nested. */
function rendered(
  text: string,
  entities: readonly Entity[],
  own: EntityRenderers,
  from = 0,
  to = text.length,
): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let at = from;
  const sorted = entities.toSorted(
    (a, b) => a.offset - b.offset || b.length - a.length,
  );
  for (const [index, entity] of sorted.entries()) {
    if (entity.offset < at) continue;
    const end = Math.min(entity.offset + entity.length, to);
    const inner = sorted
      .slice(index + 1)
      .filter(
        (one) => one.offset >= entity.offset && one.offset + one.length <= end,
      );
    parts.push(text.slice(at, entity.offset));
    parts.push(
      wrapped(
        entity,
        text.slice(entity.offset, end),
        rendered(text, inner, own, entity.offset, end),
        own,
      ),
    );
    at = end;
  }
  parts.push(text.slice(at, to));
  return parts;
}

interface RichTextProps {
  text: string;
  entities: readonly Entity[];
  own?: EntityRenderers;
}

export function RichText({ text, entities, own = {} }: RichTextProps) {
  return <div class="rich">{rendered(text, entities, own)}</div>;
}
