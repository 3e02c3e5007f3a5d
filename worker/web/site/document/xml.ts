/** Renders JSX as XML 1.0. Preact's renderer is for HTML: it doesn't escape `>`, and `]]>` in a text is invalid XML. */
import { type ComponentChildren, type FunctionComponent, isValidElement, type VNode } from "preact";

/** Declares an element that isn't HTML's. */
export const element = (name: string) =>
  name as unknown as FunctionComponent<{ [attribute: string]: string | undefined | ComponentChildren }>;

/** Characters that XML 1.0 forbids, even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** Escapes a text for XML and HTML, in content and in quoted attributes. */
export const escapeMarkup = (text: string) =>
  text.replace(forbidden, "").replace(/[&<>"]/g, (character) => entities[character] as string);

function serialize(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(serialize).join("");
  if (!isValidElement(node)) return node === null || typeof node === "boolean" ? "" : escapeMarkup(String(node ?? ""));
  const { type, props } = node as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  const content = serialize(children as ComponentChildren);
  if (typeof type !== "string") return content;
  const start = [
    type,
    ...Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${escapeMarkup(String(value))}"`],
    ),
  ].join(" ");
  return content ? `<${start}>${content}</${type}>` : `<${start}/>`;
}

/** @param root elements and fragments; components are not supported */
export const renderXml = (root: VNode): string => `<?xml version="1.0" encoding="utf-8"?>\n${serialize(root)}`;
