/** Scrolls a card back to its news when the focus leaves it. The browser has scrolled to what had the focus, and nobody could scroll back. */
export const scrollBackAfterFocus = (root: EventTarget): void =>
  root.addEventListener("focusout", ({ target }) => (target as Element).closest(".top")?.scrollTo(0, 0));
