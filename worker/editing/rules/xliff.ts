/**
 * A translator's file in XLIFF 2 (https://docs.oasis-open.org/xliff/xliff-core/v2.1/). The libraries for XLIFF build on XML parsers that are
 * no longer maintained, so the few elements that it takes are read here.
 */
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import type { ReturnedUnit, TranslationUnit } from "./translations.ts";
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
export interface WrittenUnit extends TranslationUnit {
  pointer: string;
  label: string;
}

function writtenUnit({ pointer, label, source, target, state }: WrittenUnit, index: number): string {
  const isCurrent = state === "current";
  const words =
    xmlElement("source", {}, escapeMarkup(source)) + (target ? xmlElement("target", {}, escapeMarkup(target)) : "");
  return xmlElement(
    "unit",
    { id: `u${index + 1}`, name: pointer, translate: isCurrent ? "no" : undefined },
    xmlElement("notes", {}, xmlElement("note", {}, escapeMarkup(label))) +
      xmlElement("segment", { state: isCurrent ? "translated" : "initial" }, words),
  );
}

/** @returns the file. Translations that are up to date are context, and marked as not to translate. */
export function writeXliff({ id, from, to, units }: Translation & { units: WrittenUnit[] }): string {
  const file = xmlElement(
    "file",
    { id, original: id, canResegment: "no", "xml:space": "preserve" },
    units.map(writtenUnit).join("\n"),
  );
  const root = xmlElement("xliff", { xmlns: NAMESPACE, version: "2.0", srcLang: from, trgLang: to }, file);
  return `${xmlDocument(root)}\n`;
}

/** Names may have a prefix. */
const localName = ({ name }: XmlElement): string => name.replace(/^.*:/, "");

const childrenOf = (parent: XmlElement): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => child instanceof XmlElement);

const descendants = (parent: XmlElement, name: string): XmlElement[] =>
  childrenOf(parent).flatMap((child) => [...(localName(child) === name ? [child] : []), ...descendants(child, name)]);

/** The words of a unit. A translator's program may have cut it into segments. */
const wordsOf = (unit: XmlElement, name: "source" | "target"): string =>
  childrenOf(unit)
    .filter((part) => localName(part) === "segment" || localName(part) === "ignorable")
    .map((part) => {
      const own = childrenOf(part).find((child) => localName(child) === name);
      // Text between two segments may have no target. It is then the same.
      const found = own ?? (localName(part) === "ignorable" ? childrenOf(part)[0] : undefined);
      return found?.text ?? "";
    })
    .join("");

function rootOf(text: string): XmlElement | null {
  try {
    return parseXml(text).root;
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}

/** @returns the units that were to be translated; null when the text is not XLIFF 2 */
export function readXliff(text: string): (Translation & { units: ReturnedUnit[] }) | null {
  const root = rootOf(text);
  const isXliff = root && localName(root) === "xliff";
  if (!isXliff || !Object.values(root.attributes).some((value) => namespaces.test(value))) return null;
  return {
    id: descendants(root, "file")[0]?.attributes.original ?? "",
    from: root.attributes.srcLang ?? "",
    to: root.attributes.trgLang ?? "",
    units: descendants(root, "unit")
      .filter((unit) => unit.attributes.translate !== "no")
      .map((unit) => ({ source: wordsOf(unit, "source"), target: wordsOf(unit, "target") })),
  };
}
