/**
 * A translator's file in XLIFF 2 (https://docs.oasis-open.org/xliff/xliff-core/v2.1/). The libraries for XLIFF build on XML parsers that are
 * no longer maintained, so the few elements that it takes are written and read here.
 */
import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import type { ReturnedUnit, TranslationUnit } from "./translations.ts";

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

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

type Attributes = Record<string, string | undefined>;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? "");

/** @param inside markup */
function element(name: string, attributes: Attributes, inside: string): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? "" : ` ${key}="${escaped(value)}"`,
  );
  return `<${name}${written.join("")}>${inside}</${name}>`;
}

function writtenUnit({ pointer, label, source, target, state }: WrittenUnit, index: number): string {
  const isCurrent = state === "current";
  const words = element("source", {}, escaped(source)) + (target ? element("target", {}, escaped(target)) : "");
  return element(
    "unit",
    { id: `u${index + 1}`, name: pointer, translate: isCurrent ? "no" : undefined },
    element("notes", {}, element("note", {}, escaped(label))) +
      element("segment", { state: isCurrent ? "translated" : "initial" }, words),
  );
}

/** @returns the file. Translations that are up to date are context, and marked as not to translate. */
export function writeXliff({ id, from, to, units }: Translation & { units: WrittenUnit[] }): string {
  const file = element(
    "file",
    { id, original: id, canResegment: "no", "xml:space": "preserve" },
    units.map(writtenUnit).join("\n"),
  );
  const root = element("xliff", { xmlns: NAMESPACE, version: "2.0", srcLang: from, trgLang: to }, file);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
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
