/** XML out of the same renderer as the pages: it knows how to escape. */
import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** An element of another vocabulary than HTML's. */
export const element = (name: string) =>
  name as unknown as FunctionComponent<{ [attribute: string]: string | undefined | ComponentChildren }>;

/** Characters that no XML 1.0 document may hold, however escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu;

export const renderXml = (root: VNode): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n${renderToString(root).replace(forbidden, "")}`;
