/** Ends a folded card after a whole line, where the style alone would let it fade out in the middle of one. */

/** Parts of a text's box that hold no letters: boxes of neighbouring lines may overlap there. */
const EMPTY_ABOVE = 0.2;
const EMPTY_BELOW = 0.02;

/** Parts that the card cuts by itself, the button, and pictures. */
const WHOLE = ".act, .title, .as-of, .changed, .top > :is(.soft, .each), img, svg";

/** Less than this of a line isn't missed. */
const ROUNDING_PX = 0.5;

/** Yields the lines inside a box. Where a part that the card cuts has no room, each of its lines counts: a case is never without its title. */
function* linesIn(part: Element, box: DOMRect): Generator<{ top: number; bottom: number }> {
  const isWhole = (one: Element) => one.matches("img, svg") || one.getBoundingClientRect().bottom <= box.bottom;
  for (const whole of part.querySelectorAll(WHOLE)) if (isWhole(whole)) yield whole.getBoundingClientRect();
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    const whole = parent?.closest(WHOLE);
    if (!parent?.checkVisibility() || (whole && isWhole(whole))) continue;
    range.selectNodeContents(texts.currentNode);
    // A timeline's events that have no room stand beside the box.
    for (const { top, bottom, left, right, height } of range.getClientRects())
      if (left < box.right && right > box.left)
        yield { top: top + EMPTY_ABOVE * height, bottom: bottom - EMPTY_BELOW * height };
  }
}

function cut(): void {
  const part = document.querySelector<HTMLElement>(".top");
  if (!part) return;
  const { style, scrollHeight, clientHeight } = part;
  const box = part.getBoundingClientRect();
  const lines = [...linesIn(part, box)].filter(({ top }) => top < box.bottom).sort((a, b) => b.bottom - a.bottom);
  let end = box.bottom;
  // From below: a line beside a cut one may be cut by that.
  for (const { top, bottom } of lines) if (bottom > end + ROUNDING_PX) end = Math.min(end, top);
  // A timeline is cut inside its box.
  if (end === box.bottom && scrollHeight - clientHeight <= 1) return void style.removeProperty("--shown");
  const last = Math.max(...lines.map(({ bottom }) => bottom).filter((bottom) => bottom <= end + ROUNDING_PX));
  style.setProperty("--shown", `${Math.ceil(last - box.top)}px`);
}

const observer = new ResizeObserver(cut);
addEventListener("scroll", cut, true);

/** Called again when the content was replaced. */
export function keepLinesWhole(): void {
  observer.disconnect();
  for (const part of document.querySelectorAll(".top, .top > *")) observer.observe(part);
}
