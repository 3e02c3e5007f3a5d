/** Ends a folded card after a whole line, where the style alone would let it fade out in the middle of one. */

/** Parts of a text's box that hold no letters: boxes of neighbouring lines may overlap there. */
const EMPTY_ABOVE = 0.2;
const EMPTY_BELOW = 0.02;

/** Parts that the card cuts by itself, and pictures. */
const WHOLE = ".title, .as-of, .changed, .top > :is(.soft, .each), img, svg";

function* linesIn(part: Element): Generator<{ top: number; bottom: number }> {
  for (const whole of part.querySelectorAll(WHOLE)) yield whole.getBoundingClientRect();
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!parent?.checkVisibility() || parent.closest(WHOLE)) continue;
    range.selectNodeContents(texts.currentNode);
    for (const { top, bottom, height } of range.getClientRects())
      yield { top: top + EMPTY_ABOVE * height, bottom: bottom - EMPTY_BELOW * height };
  }
}

function cut(): void {
  const part = document.querySelector<HTMLElement>(".top");
  if (!part) return;
  const { style, scrollHeight, clientHeight } = part;
  const box = part.getBoundingClientRect();
  if (scrollHeight - clientHeight <= 1) return void style.removeProperty("--shown");
  const lines = [...linesIn(part)].filter(({ top }) => top < box.bottom).sort((a, b) => b.bottom - a.bottom);
  let end = box.bottom;
  // From below: a line beside a cut one may be cut by that.
  for (const { top, bottom } of lines) if (bottom > end) end = Math.min(end, top);
  const last = Math.max(...lines.map(({ bottom }) => bottom).filter((bottom) => bottom <= end));
  style.setProperty("--shown", `${Math.ceil(last - box.top)}px`);
}

const observer = new ResizeObserver(cut);
addEventListener("scroll", cut, true);

/** Called again when the content was replaced. */
export function keepLinesWhole(): void {
  observer.disconnect();
  for (const part of document.querySelectorAll(".top, .top > *")) observer.observe(part);
}
