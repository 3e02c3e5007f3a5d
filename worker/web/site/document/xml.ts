/**
 * Renders JSX as XML 1.0. Preact's renderer is for HTML: it leaves `]]>` and
 * control characters, which are invalid XML.
 */
import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { withoutForbidden, xmlDocument } from "../../../editing/rules/xml.ts";

/** Declares an element that isn't HTML's. */
export const element = (name: string) =>
  name as unknown as FunctionComponent<{
    [attribute: string]: string | undefined | ComponentChildren;
  }>;

export const renderXml = (root: VNode): string =>
  xmlDocument(
    withoutForbidden(renderToString(root)).replaceAll("]]>", "]]&gt;"),
  );
