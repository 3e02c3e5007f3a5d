/**
 * Reads an OpenDocument text (LibreOffice): header, body, notes and footer, in
 * this order. Nothing in the file is run, fetched or stored.
 */
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { type FileText, rowOf, UnreadableFile } from "./file-text.ts";
import { packedText, type ZipLimits } from "./zip.ts";

/** Deleted text, comments, scripts, and what a field would ask. */
const unseen = new Set(
  "text:tracked-changes office:annotation office:scripts office:forms text:hidden-text text:note-citation svg:title svg:desc".split(
    " ",
  ),
);
/** Repeats that a style or a count asks for. */
const MAX_SPACES = 20;

interface Written {
  body: string[];
  /** Text boxes float beside their paragraph, so they come after it. */
  boxes: string[];
  notes: string[];
}

function walk(
  node: XmlNode,
  depth: number,
  to: Written,
  maxDepth: number,
): void {
  if (depth > maxDepth) throw new UnreadableFile("broken");
  // White space is collapsed; wanted spaces are elements.
  if (node instanceof XmlText) {
    const isInText =
      node.parent instanceof XmlElement &&
      /^text:(?:p|h|span|a|ruby-base|meta)$/.test(node.parent.name);
    if (isInText) to.body.push(node.text.replace(/\s+/g, " "));
    return;
  }
  if (!(node instanceof XmlElement) || unseen.has(node.name)) return;
  const { name, attributes } = node;
  const inner = (into: Written) => {
    for (const child of node.children) walk(child, depth + 1, into, maxDepth);
  };
  const apart = (): string => {
    const own: Written = { body: [], boxes: [], notes: to.notes };
    inner(own);
    return [...own.body, ...own.boxes].join("").replace(/\n+$/, "");
  };
  if (name === "text:tab") to.body.push("\t");
  else if (name === "text:line-break") to.body.push("\n");
  else if (name === "text:s")
    to.body.push(
      " ".repeat(Math.min(MAX_SPACES, Number(attributes["text:c"] ?? 1) || 1)),
    );
  else if (name === "text:note") to.notes.push(`${apart()}\n`);
  else if (name === "draw:text-box") to.boxes.push(`\n${apart()}\n\n`);
  else if (name === "table:table-row") {
    const cells: string[] = [];
    for (const cell of node.children)
      if (cell instanceof XmlElement && cell.name === "table:table-cell") {
        const own: Written = { body: [], boxes: to.boxes, notes: to.notes };
        walk(cell, depth + 1, own, maxDepth);
        cells.push(own.body.join("").replace(/\n$/, ""));
      }
    to.body.push(rowOf(cells));
  } else if (name === "text:p" || name === "text:h") {
    const boxes: string[] = [];
    inner({ ...to, boxes });
    to.body.push("\n");
    for (const box of boxes) to.body.push(box);
  } else inner(to);
}

const elementsOf = (
  node: XmlNode,
  names: string[],
  found: XmlElement[] = [],
): XmlElement[] => {
  if (node instanceof XmlElement) {
    if (names.includes(node.name)) found.push(node);
    else for (const child of node.children) elementsOf(child, names, found);
  }
  return found;
};

/**
 * @throws UnreadableFile when the file is damaged or encrypted, or exceeds a
 * limit
 */
export const odtText = (
  file: Uint8Array,
  { limits }: { limits: ZipLimits & { depth: number } },
): Promise<FileText> =>
  packedText(file, limits, async (zip, read) => {
    const manifest = zip.has("META-INF/manifest.xml")
      ? await read("META-INF/manifest.xml")
      : "";
    if (manifest.includes("encryption-data"))
      throw new UnreadableFile("encrypted");
    const styles = zip.has("styles.xml")
      ? parseXml(await read("styles.xml")).root
      : null;
    const textOf = (nodes: XmlNode[]) => {
      const to: Written = { body: [], boxes: [], notes: [] };
      for (const node of nodes) walk(node, 0, to, limits.depth);
      return [...to.body, ...to.boxes, "\n\n", ...to.notes].join("").trim();
    };
    const ofStyles = (...names: string[]) => [
      ...new Set(
        (styles ? elementsOf(styles, names) : [])
          .map((node) => textOf([node]))
          .filter(Boolean),
      ),
    ];
    const { root } = parseXml(await read("content.xml"));
    return [
      ...ofStyles("style:header", "style:header-first"),
      textOf(root ? elementsOf(root, ["office:text"]) : []),
      ...ofStyles("style:footer", "style:footer-first"),
    ].join("\n\n");
  });
