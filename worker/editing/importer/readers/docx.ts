/**
 * Extracts the text of a .docx file: header, body, notes and footer, in this
 * order. Nothing in the file is run, fetched or stored.
 */
import { parseXml, XmlElement, type XmlNode, XmlText } from "@rgrove/parse-xml";
import { type FileText, rowOf, UnreadableFile } from "./file-text.ts";
import { packedText, type ZipLimits } from "./zip.ts";

/** Real documents have up to about ten headers, footers and notes. */
const MAX_PARTS = 60;

/**
 * The targets of a part's relationships, by the last word of their type
 * ("header", "footnotes"). Both flavours of the format share it.
 */
function relationshipsOf(
  xml: string,
  folder: string,
): { type: string; target: string }[] {
  const root = parseXml(xml).root;
  return (root?.children ?? []).flatMap((node) => {
    if (
      !(node instanceof XmlElement) ||
      node.attributes.TargetMode === "External"
    )
      return [];
    const { Type = "", Target = "" } = node.attributes;
    const { pathname } = new URL(Target, `file:///${folder}`);
    return [{ type: Type.split("/").at(-1) ?? "", target: pathname.slice(1) }];
  });
}

/**
 * Elements without visible text: instructions to Word, and text deleted by
 * tracked changes.
 */
const unseen = new Set([
  "w:instrText",
  "w:del",
  "w:moveFrom",
  "w:delText",
  "w:delInstrText",
  "w:rPr",
  "w:pPr",
]);
const within = (node: XmlElement, ...names: string[]): XmlElement | undefined =>
  names.reduce<XmlElement | undefined>(
    (parent, name) =>
      parent?.children.find(
        (child): child is XmlElement =>
          child instanceof XmlElement && child.name === name,
      ),
    node,
  );
/** True when a property is present and its value is not "off". */
const isOn = (property: XmlElement | undefined) =>
  property !== undefined &&
  !/^(?:0|false|off|none)$/.test(property.attributes["w:val"] ?? "");

const isHidden = (node: XmlElement) =>
  (node.name === "w:r" &&
    (isOn(within(node, "w:rPr", "w:vanish")) ||
      isOn(within(node, "w:rPr", "w:webHidden")))) ||
  // Deleted rows, and the placeholder text of empty form fields.
  (node.name === "w:tr" && within(node, "w:trPr", "w:del") !== undefined) ||
  (node.name === "w:sdt" &&
    within(node, "w:sdtPr", "w:showingPlcHdr") !== undefined);

/** Spreading a long list into `push` would overflow the stack. */
const append = (list: string[], more: string[]) => {
  for (const text of more) list.push(text);
};

/**
 * The visible text, one paragraph a line. Table cells and text boxes are
 * separate blocks.
 */
function textOf(xml: string, maxDepth: number): string {
  const walk = (
    node: XmlNode,
    depth: number,
    written: string[],
    boxes: string[],
  ): void => {
    if (depth > maxDepth) throw new UnreadableFile("broken");
    if (
      !(node instanceof XmlElement) ||
      unseen.has(node.name) ||
      isHidden(node)
    )
      return;
    const { name } = node;
    const inner = (into: string[], aside: string[]) => {
      for (const child of node.children) walk(child, depth + 1, into, aside);
    };
    if (name === "w:t")
      for (const child of node.children)
        if (child instanceof XmlText) written.push(child.text);
    if (name === "w:t") return;
    if (name === "mc:AlternateContent") {
      // The same content for newer and older programs: take the first that has
      // text.
      for (const version of ["mc:Choice", "mc:Fallback"]) {
        const [own, aside]: [string[], string[]] = [[], []];
        const chosen = within(node, version);
        if (chosen) walk(chosen, depth + 1, own, aside);
        append(written, own);
        append(boxes, aside);
        if ([...own, ...aside].join("").trim() !== "") return;
      }
      return;
    }
    // A text box floats beside its paragraph, so its text comes after the
    // paragraph, not inside it.
    if (name === "w:txbxContent") {
      const own: string[] = [];
      inner(own, own);
      boxes.push(`\n${own.join("").trim()}\n\n`);
      return;
    }
    if (name === "w:altChunk") throw new UnreadableFile("embedded-document");
    // A row of plain cells is one line, so that a table of names keeps each
    // name with its mark and age.
    if (name === "w:tr") {
      const cells = node.children.filter(
        (child) => child instanceof XmlElement && child.name === "w:tc",
      ) as XmlElement[];
      const texts = cells.map((cell) => {
        const own: string[] = [];
        for (const child of cell.children) walk(child, depth + 2, own, boxes);
        return own.join("").replace(/\n$/, "");
      });
      written.push(rowOf(texts));
      return;
    }
    if (name === "w:tab" || name === "w:ptab") written.push("\t");
    if (name === "w:noBreakHyphen") written.push("-");
    if (name === "w:br" || name === "w:cr") written.push("\n");
    if (name === "w:p") {
      const aside: string[] = [];
      inner(written, aside);
      // A paragraph whose end mark was deleted continues in the next one.
      if (!within(node, "w:pPr", "w:rPr", "w:del")) written.push("\n");
      append(written, aside);
      return;
    }
    inner(written, boxes);
  };
  const [written, boxes]: [string[], string[]] = [[], []];
  for (const child of parseXml(xml).children) walk(child, 0, written, boxes);
  return [...written, ...boxes].join("");
}

/**
 * Every program gives the elements of a Word document the prefix "w".
 * @returns plain text, one paragraph or row of a table a line
 * @throws UnreadableFile when the file is damaged, encrypted, no Word document,
 * exceeds a limit, or contains text in another format
 */
export const docxText = (
  file: Uint8Array,
  { limits }: { limits: ZipLimits & { depth: number } },
): Promise<FileText> =>
  packedText(file, limits, async (zip, read) => {
    if (zip.has("EncryptedPackage")) throw new UnreadableFile("encrypted");
    const main = relationshipsOf(await read("_rels/.rels"), "").find(
      ({ type }) => type === "officeDocument",
    )?.target;
    const document = await read(main ?? "");
    if (main === undefined || !document.includes("<w:"))
      throw new UnreadableFile("broken");
    const folder = main.slice(0, main.lastIndexOf("/") + 1);
    const relationships = `${folder}_rels/${main.slice(folder.length)}.rels`;
    const parts = zip.has(relationships)
      ? relationshipsOf(await read(relationships), folder).slice(0, MAX_PARTS)
      : [];
    /**
     * First and later pages have separate headers, often with the same text.
     */
    const textsOf = async (wanted: string) => {
      const targets = new Set(
        parts.flatMap(({ type, target }) =>
          type === wanted && zip.has(target) ? [target] : [],
        ),
      );
      const texts = new Set<string>();
      for (const target of [...targets].sort())
        texts.add(textOf(await read(target), limits.depth).trim());
      return [...texts].filter(Boolean);
    };
    return [
      ...(await textsOf("header")),
      textOf(document, limits.depth),
      ...(await textsOf("footnotes")),
      ...(await textsOf("endnotes")),
      ...(await textsOf("footer")),
    ].join("\n\n");
  });
