/**
 * Reads a saved web page. All text of its main part is kept, because a reader
 * that guesses which part is the article (Readability) drops short lines, and a
 * list of names is short lines. parse5 reads tags as browsers do.
 */
import {
  type DefaultTreeAdapterMap,
  defaultTreeAdapter,
  parse,
  type Token,
  type TreeAdapter,
} from "parse5";
import { type FileText, rowOf, UnreadableFile } from "./file-text.ts";
import { decodedFile } from "./text.ts";

type Node = DefaultTreeAdapterMap["node"];
/** The name and attributes of an element. */
export type PageTag = Partial<Record<string, string>>;
type PageElement = DefaultTreeAdapterMap["element"];

const unseen = new Set(
  "head script style noscript template svg math nav button select option datalist iframe object canvas audio video dialog".split(
    " ",
  ),
);
/**
 * Elements with an empty line around them, and those on a line of their own.
 */
const blocks = new Set(
  "p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre article section header footer form hr figure".split(
    " ",
  ),
);
const lines = new Set(
  "div li dt dd address figcaption caption thead tbody tfoot main aside legend fieldset".split(
    " ",
  ),
);
/** A main part with less text isn't the page's. */
const MIN_MAIN_LETTERS = 200;

const isElement = (node: Node): node is PageElement => "tagName" in node;
const attribute = (node: PageElement, name: string) =>
  node.attrs.find((one) => one.name === name)?.value;
const isHidden = (node: PageElement) =>
  attribute(node, "hidden") !== undefined ||
  /display:\s*none/i.test(attribute(node, "style") ?? "");

function textOf(node: Node, isPre = false): string {
  if (node.nodeName === "#text") {
    const { value } = node as DefaultTreeAdapterMap["textNode"];
    return isPre ? value : value.replace(/[ \t\r\n\f]+/g, " ");
  }
  if (isElement(node) && (unseen.has(node.tagName) || isHidden(node)))
    return "";
  const name = isElement(node) ? node.tagName : "";
  const children = "childNodes" in node ? node.childNodes : [];
  if (name === "br") return "\n";
  if (name === "tr") {
    const cells = children
      .filter((child) => /^t[dh]$/.test(child.nodeName))
      .map((cell) => tidy(textOf(cell)));
    return `\n${rowOf(cells)}`;
  }
  const text = children
    .map((child) => textOf(child, isPre || name === "pre"))
    .join("");
  if (blocks.has(name)) return `\n\n${text}\n\n`;
  return lines.has(name) ? `\n${text}\n` : text;
}

/** One empty line between blocks, and no white space at the ends of lines. */
const tidy = (text: string): string => {
  const spaced = text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  // Where every line is a paragraph, the empty lines say nothing, and would
  // part a list.
  return spaced.split("\n\n").every((block) => !block.includes("\n"))
    ? spaced.replaceAll("\n\n", "\n")
    : spaced;
};

function mainOf(node: Node, name: string): PageElement | null {
  if (
    isElement(node) &&
    (node.tagName === name || attribute(node, "role") === name)
  )
    return node;
  for (const child of "childNodes" in node ? node.childNodes : []) {
    const found = mainOf(child, name);
    if (found) return found;
  }
  return null;
}

/**
 * A tree that refuses to become too large or too deep, because parse5 takes
 * quadratic time for deep ones.
 */
function boundedTree(
  { limits: { elements, depth } }: Page,
  made: PageTag[],
): TreeAdapter<DefaultTreeAdapterMap> {
  const depths = new WeakMap<object, number>();
  const put = (parent: object, child: object) => {
    const own = (depths.get(parent) ?? 0) + 1;
    if (own > depth) throw new UnreadableFile("too-large");
    depths.set(child, own);
  };
  return {
    ...defaultTreeAdapter,
    createElement(...given: [string, never, Token.Attribute[]]) {
      const [tagName, , attributes] = given;
      const tag = {
        ...Object.fromEntries(
          attributes.map(({ name, value }) => [name, value]),
        ),
        tagName,
      };
      if (made.push(tag) > elements) throw new UnreadableFile("too-large");
      return defaultTreeAdapter.createElement(...given);
    },
    appendChild(parent, child) {
      put(parent, child);
      defaultTreeAdapter.appendChild(parent, child);
    },
    insertBefore(parent, child, reference) {
      put(parent, child);
      defaultTreeAdapter.insertBefore(parent, child, reference);
    },
  };
}

interface Page {
  limits: { elements: number; depth: number };
  start: string;
}

/** @param tags gets all, those of templates too, which a page may show later */
const treeOf = (file: Uint8Array, given: Page, tags: PageTag[] = []) =>
  parse(htmlOf(file, given.start), {
    treeAdapter: boundedTree(given, tags),
    scriptingEnabled: false,
  });

function mainText(page: Node): string {
  const parts = ["main", "article"].map((name) => mainOf(page, name));
  const texts = [...parts.filter((part) => part !== null), page].map((part) =>
    tidy(textOf(part)),
  );
  return (
    texts.find((text) => text.length >= MIN_MAIN_LETTERS) ??
    (texts.at(-1) as string)
  );
}

/**
 * The text of a page's main part, and all its tags; null when the page exceeds
 * a limit.
 */
export function pageParts(
  file: Uint8Array,
  given: Page,
): { text: string; tags: PageTag[] } | null {
  const tags: PageTag[] = [];
  try {
    return { text: mainText(treeOf(file, given, tags)), tags };
  } catch {
    return null;
  }
}

/**
 * A page names its encoding near its start, unless it has a mark or is UTF-8.
 */
function htmlOf(file: Uint8Array, start: string): string {
  const named = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})/i.exec(
    start.slice(0, 4096),
  )?.[1];
  if (named && !/^utf-?(?:8|16)/i.test(named))
    try {
      return new TextDecoder(named).decode(file);
    } catch {
      // An unknown name.
    }
  return decodedFile(file, start);
}

/** @throws UnreadableFile when the page exceeds a limit */
export const pageText = (file: Uint8Array, given: Page): FileText => ({
  text: mainText(treeOf(file, given)),
  unread: [],
});
