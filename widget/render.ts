/**
 * What the card's JSX is compiled to in the widget's build, in place of Preact: its renderer would be two thirds of the script, for
 * state, events, keys and hydration that a card, a pure function of its view, has no use for. The server renders the same
 * components with Preact; tests hold the two to the same markup.
 */
import type { ComponentChildren } from "preact";

type Props = Record<string, unknown>;
interface Element {
  type: string;
  props: Props;
}
/** `null`, `false` and the like keep their place, so that what comes and goes does not move its neighbours. */
type Child = Element | string | number | boolean | null | undefined;

/** Components are called at once. */
export const jsx = (type: string | ((props: Props) => unknown), props: Props): unknown =>
  typeof type === "function" ? type(props) : { type, props };
export const jsxs = jsx;
export const Fragment = ({ children }: Props): unknown => children;

const listOf = (children: unknown) => [children].flat(Number.POSITIVE_INFINITY) as Child[];
const isElement = (child: Child): child is Element => typeof child === "object" && child !== null;

/**
 * Makes the nodes of the parent match the children and touches nothing that matches already: what a reader unfolded, selected or
 * focused stays. Children match by their place.
 * @param before what the parent was rendered with last time
 */
export function render(children: ComponentChildren, parent: ParentNode, before?: ComponentChildren): void {
  const previous = listOf(before);
  const next = listOf(children);
  next.forEach((child, index) => {
    const old = previous[index];
    const node = parent.childNodes[index];
    const put = (made: HTMLElement | Text) => (node ? node.replaceWith(made) : parent.append(made));
    if (!isElement(child)) {
      const text = child === true || !child ? "" : String(child);
      if (!node || isElement(old)) put(new Text(text));
      else if (old !== child) (node as Text).data = text;
      return;
    }
    const same = isElement(old) && old.type === child.type;
    const props = same ? old.props : {};
    const element = same ? (node as HTMLElement) : document.createElement(child.type);
    for (const name in { ...props, ...child.props }) {
      const value = child.props[name];
      if (name === "children" || value === props[name]) continue;
      if (value) element.setAttribute(name, value === true ? "" : String(value));
      else element.removeAttribute(name);
    }
    render(child.props.children as ComponentChildren, element, props.children as ComponentChildren);
    // Whole, so that the browser has one insertion to look at.
    if (!same) put(element);
  });
  while (parent.childNodes.length > next.length) parent.lastChild?.remove();
}
