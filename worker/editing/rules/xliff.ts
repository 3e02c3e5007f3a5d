/**
 * A translator's file in XLIFF 2
 * (https://docs.oasis-open.org/xliff/xliff-core/v2.1/). The libraries for XLIFF
 * build on XML parsers that are no longer maintained, so the few elements that
 * it takes are read here.
 */
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import type { ReturnedUnit, SentUnit } from "./translations.ts";
import { escapeMarkup, xmlDocument, xmlElement } from "./xml.ts";

const NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0";
/** Any version 2. */
const namespaces = /^urn:oasis:names:tc:xliff:document:2\.\d$/;

interface Translation {
  /** The case's id. */
  id: string;
  from: string;
  to: string;
}

/** A unit to write, with its field in words as a note for the translator. */
export interface WrittenUnit extends SentUnit {
  label: string;
}

function writtenUnit({
  id,
  label,
  source,
  target,
  state,
}: WrittenUnit): string {
  const isCurrent = state === "current";
  const words =
    xmlElement("source", {}, escapeMarkup(source)) +
    (target ? xmlElement("target", {}, escapeMarkup(target)) : "");
  return xmlElement(
    "unit",
    { id, translate: isCurrent ? "no" : undefined },
    xmlElement("notes", {}, xmlElement("note", {}, escapeMarkup(label))) +
      xmlElement(
        "segment",
        { state: isCurrent ? "translated" : "initial" },
        words,
      ),
  );
}

/**
 * @returns the file. Translations that are up to date are context, and marked
 * as not to translate.
 */
export function writeXliff({
  id,
  from,
  to,
  units,
}: Translation & { units: WrittenUnit[] }): string {
  const file = xmlElement(
    "file",
    { id, original: id, canResegment: "no", "xml:space": "preserve" },
    units.map(writtenUnit).join("\n"),
  );
  const root = xmlElement(
    "xliff",
    { xmlns: NAMESPACE, version: "2.0", srcLang: from, trgLang: to },
    file,
  );
  return `${xmlDocument(root)}\n`;
}

/** Names may have a prefix. */
const localName = ({ name }: XmlElement): string => name.replace(/^.*:/, "");

const childrenOf = (parent: XmlElement): XmlElement[] =>
  parent.children.filter(
    (child): child is XmlElement => child instanceof XmlElement,
  );

/** Far more groups in groups than any program writes. */
const MAX_DEPTH = 100;

const descendants = (
  parent: XmlElement,
  name: string,
  depth = 0,
): XmlElement[] => {
  if (depth > MAX_DEPTH) throw new RangeError("nested too deeply");
  return childrenOf(parent).flatMap((child) => [
    ...(localName(child) === name ? [child] : []),
    ...descendants(child, name, depth + 1),
  ]);
};

const doneStates = ["translated", "reviewed", "final"];

/** A part of a unit. A translator's program may have cut it into several. */
function partOf(part: XmlElement) {
  const [source = "", target = ""] = ["source", "target"].map(
    (name) => childrenOf(part).find((child) => localName(child) === name)?.text,
  );
  // Text between two segments may have no target. It is then the same.
  if (localName(part) === "ignorable")
    return { source, target: target || source, isDone: true, isWhole: true };
  const isDone = doneStates.includes(part.attributes.state ?? "initial");
  const isWhole =
    !source.trim() || (Boolean(target.trim()) && (isDone || target !== source));
  return { source, target, isDone, isWhole };
}

function returnedUnit(unit: XmlElement): ReturnedUnit {
  const parts = childrenOf(unit)
    .filter((part) => ["segment", "ignorable"].includes(localName(part)))
    .map(partOf);
  return {
    id: unit.attributes.id ?? "",
    source: parts.map(({ source }) => source).join(""),
    target: parts.map(({ target }) => target).join(""),
    isDone:
      unit.attributes.translate !== "no" && parts.every(({ isDone }) => isDone),
    isWhole: parts.every(({ isWhole }) => isWhole),
  };
}

/**
 * @returns the units; null when the text is not XLIFF 2. The id names every
 * case that the file is for.
 */
export function readXliff(
  text: string,
): (Translation & { units: ReturnedUnit[] }) | null {
  try {
    const { root } = parseXml(text);
    const isXliff = root && localName(root) === "xliff";
    if (
      !isXliff ||
      !Object.values(root.attributes).some((value) => namespaces.test(value))
    )
      return null;
    return {
      id: descendants(root, "file")
        .map(({ attributes }) => attributes.original ?? "")
        .join(", "),
      from: root.attributes.srcLang ?? "",
      to: root.attributes.trgLang ?? "",
      units: descendants(root, "unit").map(returnedUnit),
    };
  } catch (error) {
    // Elements that are nested thousands deep exceed the parser's stack.
    if (error instanceof XmlError || error instanceof RangeError) return null;
    throw error;
  }
}
