/** The way to a field, from wherever it is spoken of. */
import { fieldId } from "./form-state.ts";
import { type Path, pointerOf } from "./path.ts";

const nextFrame = () => new Promise(requestAnimationFrame);

/** The field's own element, or that of what is around it, as far as it is drawn. */
function nearest(pointer: string): Element | null {
  for (let at = pointer; at !== ""; at = at.replace(/\/[^/]*$/, "")) {
    const element = document.getElementById(fieldId(at));
    if (element) return element;
  }
  return document.querySelector(`.section[data-fields~="${CSS.escape(pointer.split("/")[1] ?? "")}"]`);
}

/** Opens what the element is folded in. @returns whether anything had been folded */
function unfold(element: Element): boolean {
  let folded = false;
  for (let around = element.closest("details"); around; around = around.parentElement?.closest("details") ?? null)
    if (!around.open) {
      around.open = true;
      folded = true;
    }
  return folded;
}

/** Opens what a field is folded in, brings it into view and puts the cursor there; the nearest field around it when it has none. */
export async function goToField(pointer: string): Promise<void> {
  let element = nearest(pointer);
  // A section is drawn when it opens, and a card in it after that.
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

/** The same for a field that is about to be drawn. */
export async function focusSoon(path: Path): Promise<void> {
  await nextFrame();
  await nextFrame();
  await goToField(pointerOf(path));
}
