/** XML 1.0 out of JSX. The pages' renderer is HTML's: it leaves `>` as it is, and `]]>` in a text is no XML. */
import { type ComponentChildren, type FunctionComponent, isValidElement, type VNode } from "preact";

/** An element of another vocabulary than HTML's. */
export const element = (name: string) =>
  name as unknown as FunctionComponent<{ [attribute: string]: string | undefined | ComponentChildren }>;

/** Characters that no XML 1.0 document may hold, however escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(forbidden, "").replace(/[&<>"]/g, (sign) => entities[sign] as string);

function printed(node: ComponentChildren): string {
  if (Array.isArray(node)) return node.map(printed).join("");
  if (!isValidElement(node)) return node === null || typeof node === "boolean" ? "" : escaped(String(node ?? ""));
  const { type, props } = node as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  const content = printed(children as ComponentChildren);
  if (typeof type !== "string") return content;
  const start = [
    type,
    ...Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${escaped(String(value))}"`],
    ),
  ].join(" ");
  return content ? `<${start}>${content}</${type}>` : `<${start}/>`;
}

/** @param root elements and fragments; nothing here calls a component */
export const renderXml = (root: VNode): string => `<?xml version="1.0" encoding="utf-8"?>\n${printed(root)}`;
