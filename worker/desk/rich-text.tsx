/** A Telegram message's text with its entities, as a client shows it. */
import type { ComponentChildren } from "preact";

export interface Entity {
  type: string;
  /** In UTF-16 units, as JavaScript counts. */
  offset: number;
  length: number;
  url?: string;
}

/** How a kind of entity is shown here, where it is not as everywhere. */
export type OwnEntities = Record<string, (text: string, inside: ComponentChildren) => ComponentChildren>;

function wrapped({ type, url }: Entity, text: string, inside: ComponentChildren, own: OwnEntities): ComponentChildren {
  if (own[type]) return own[type](text, inside);
  switch (type) {
    case "bold":
      return <strong>{inside}</strong>;
    case "italic":
      return <em>{inside}</em>;
    case "underline":
      return <u>{inside}</u>;
    case "strikethrough":
      return <s>{inside}</s>;
    case "code":
    case "pre":
      return <code>{inside}</code>;
    case "blockquote":
    case "expandable_blockquote":
      return <q class="block">{inside}</q>;
    case "text_link":
    case "url": {
      const href = url ?? text;
      if (!/^https?:/.test(href)) return inside;
      return (
        <a href={href} target="_blank" rel="noreferrer">
          {inside}
        </a>
      );
    }
    default:
      return inside;
  }
}

/** Outer entities before inner ones. */
function parts(
  text: string,
  entities: readonly Entity[],
  own: OwnEntities,
  from = 0,
  to = text.length,
): ComponentChildren[] {
  const made: ComponentChildren[] = [];
  let at = from;
  const sorted = entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
  for (const [index, entity] of sorted.entries()) {
    if (entity.offset < at) continue;
    const end = Math.min(entity.offset + entity.length, to);
    const inner = sorted
      .slice(index + 1)
      .filter((one) => one.offset >= entity.offset && one.offset + one.length <= end);
    made.push(text.slice(at, entity.offset));
    made.push(wrapped(entity, text.slice(entity.offset, end), parts(text, inner, own, entity.offset, end), own));
    at = end;
  }
  made.push(text.slice(at, to));
  return made;
}

interface RichTextProps {
  text: string;
  entities: readonly Entity[];
  own?: OwnEntities;
}

export function RichText({ text, entities, own = {} }: RichTextProps) {
  return <div class="rich">{parts(text, entities, own)}</div>;
}
