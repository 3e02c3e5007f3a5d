/** The widget's second script, loaded when a reader opens the place to act, and by elements that name mirrors. */
export { followMirrors } from "./follow-mirrors.ts";
export { showAppeal } from "./show-appeal.tsx";
