/** Scrolls to a field and focuses it. */
import { fieldId } from "./form-state.ts";
import { type FieldPath, pointerOf } from "./path.ts";

const nextFrame = () => new Promise(requestAnimationFrame);

/**
 * The field's element; when it is not rendered, that of the nearest ancestor or
 * its section.
 */
function nearest(pointer: string): Element | null {
  for (let at = pointer; at !== ""; at = at.replace(/\/[^/]*$/, "")) {
    const element = document.getElementById(fieldId(at));
    if (element) return element;
  }
  return document.querySelector(
    `.section[data-fields~="${CSS.escape(pointer.split("/")[1] ?? "")}"]`,
  );
}

/**
 * Opens all collapsed ancestors of an element.
 * @returns whether any were collapsed
 */
function unfold(element: Element): boolean {
  let folded = false;
  for (
    let around = element.closest("details");
    around;
    around = around.parentElement?.closest("details") ?? null
  )
    if (!around.open) {
      around.open = true;
      folded = true;
    }
  return folded;
}

/**
 * Scrolls to a field and focuses its control, opening collapsed ancestors. If
 * the field is not rendered, goes to the nearest ancestor.
 */
export async function goToField(pointer: string): Promise<void> {
  let element = nearest(pointer);
  // A section renders when it opens, and a card inside it only after that.
  while (element && unfold(element)) {
    await nextFrame();
    await nextFrame();
    element = nearest(pointer);
  }
  element?.scrollIntoView({ block: "center" });
  const control = element?.matches("input, select, textarea")
    ? element
    : element?.querySelector(
        ".field-head ~ * :is(input, select, textarea), :is(input, select, textarea):not(.warning *), button.chip",
      );
  (control as HTMLElement | null | undefined)?.focus({ preventScroll: true });
}

/** Goes to a field that will be rendered next. */
export async function focusSoon(path: FieldPath): Promise<void> {
  await nextFrame();
  await nextFrame();
  await goToField(pointerOf(path));
}
