/** Renders JSX as XML 1.0. Preact's renderer is for HTML: it doesn't escape `>`, and `]]>` in a text is invalid XML. */
import { type ComponentChildren, type FunctionComponent, isValidElement, type VNode } from "preact";
import { escapeMarkup, xmlDocument, xmlElement } from "../../../editing/rules/xml.ts";

/** Declares an element that isn't HTML's. */
export const element = (name: string) =>
  name as unknown as FunctionComponent<{ [attribute: string]: string | undefined | ComponentChildren }>;

function serialize(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(serialize).join("");
  if (!isValidElement(node)) return node === null || typeof node === "boolean" ? "" : escapeMarkup(String(node ?? ""));
  const { type, props } = node as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  const inside = serialize(children as ComponentChildren);
  return typeof type === "string" ? xmlElement(type, attributes, inside) : inside;
}

/** @param root elements and fragments; components are not supported */
export const renderXml = (root: VNode): string => xmlDocument(serialize(root));
