/**
 * Ignores clicks that nobody aimed: on a button or link that has just appeared
 * under a resting pointer, and the second half of a double click on what has
 * appeared in place of the first. A click on what stood there before is never
 * ignored, however near and quick.
 */

/**
 * Nobody sees a button, decides and presses within this time, so such a click
 * was aimed at what stood there before.
 */
const REACTION_MS = 250;
/**
 * Two presses within this time are a double click for operating systems, too.
 */
const DOUBLE_CLICK_MS = 500;
/**
 * A pointer that moved less is resting: two clicks of a double click are never
 * at exactly the same point.
 */
const RESTING_PX = 16;
const LOOK_MS = 150;
const BUTTONS = "button, a[href], summary, input[type=submit]";

/** Guards every button of the page, also those that appear later. */
export function guardPointer(page: Document): void {
  /** Where the pointer rests, and since when. */
  let place: { x: number; y: number } | null = null;
  /** Where it was last. */
  let last = { x: 0, y: 0 };
  let movedAt = Number.NEGATIVE_INFINITY;
  /** The button under the pointer, and since when it is there. */
  let under: Element | null = null;
  let underSince = Number.NEGATIVE_INFINITY;
  let pressed: { button: Element | null; label: string; at: number } | null =
    null;
  let isIgnored = false;

  const buttonAt = (target: EventTarget | null) =>
    target instanceof Element ? target.closest(BUTTONS) : null;
  const labelOf = (button: Element | null) =>
    `${button?.getAttribute("aria-label") ?? ""}${button?.textContent ?? ""}`;
  const see = (event: PointerEvent) => {
    const { clientX: x, clientY: y, timeStamp } = event;
    const button = buttonAt(event.target);
    // When the last button is still at its place, the pointer has moved to a
    // neighbour, which has not just appeared.
    const isNeighbour =
      button !== under &&
      buttonAt(page.elementFromPoint(last.x, last.y)) === under;
    last = { x, y };
    if (
      !place ||
      isNeighbour ||
      Math.hypot(x - place.x, y - place.y) > RESTING_PX
    ) {
      place = { x, y };
      movedAt = timeStamp;
      pressed = null;
    }
    look(button, timeStamp);
  };
  const look = (button: Element | null, at: number) => {
    if (button === under) return;
    under = button;
    underSince = at;
  };
  // A browser doesn't always say what appears under a pointer that doesn't
  // move.
  setInterval(() => {
    if (place)
      look(
        buttonAt(page.elementFromPoint(place.x, place.y)),
        performance.now(),
      );
  }, LOOK_MS);

  const capture = { capture: true, passive: true };
  page.addEventListener("pointerover", see, capture);
  page.addEventListener("pointermove", see, capture);
  // A scroll brings a button under the pointer on purpose.
  page.addEventListener(
    "wheel",
    () => {
      place = null;
    },
    capture,
  );
  page.addEventListener(
    "pointerdown",
    (event) => {
      see(event);
      const at = event.timeStamp;
      const label = labelOf(under);
      const isOther =
        pressed !== null &&
        at - pressed.at < DOUBLE_CLICK_MS &&
        (pressed.button !== under || pressed.label !== label);
      const hasAppeared =
        event.pointerType === "mouse" &&
        underSince > movedAt &&
        at - underSince < REACTION_MS;
      isIgnored = under !== null && (isOther || hasAppeared);
      // A series of clicks counts from its last one, but an ignored one aims at
      // nothing.
      pressed =
        isIgnored && pressed
          ? { ...pressed, at }
          : { button: under, label, at };
    },
    capture,
  );
  page.addEventListener(
    "click",
    (event) => {
      // A click by the keyboard has no count.
      if (!isIgnored || event.detail === 0 || buttonAt(event.target) === null)
        return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
}
