/** A Telegram message's text with its entities, as a client shows it. */
import type { ComponentChildren } from "preact";

export interface Entity {
  type: string;
  /** In UTF-16 units, as JavaScript counts. */
  offset: number;
  length: number;
  url?: string;
}

function wrapped({ type, url }: Entity, text: string, inside: ComponentChildren): ComponentChildren {
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

function parts(text: string, entities: readonly Entity[], from: number, to: number): ComponentChildren[] {
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
    made.push(wrapped(entity, text.slice(entity.offset, end), parts(text, inner, entity.offset, end)));
    at = end;
  }
  made.push(text.slice(at, to));
  return made;
}

export function RichText({ text, entities }: { text: string; entities: readonly Entity[] }) {
  return <div class="rich">{parts(text, entities, 0, text.length)}</div>;
}
