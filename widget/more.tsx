/** The widget's second script, loaded when a reader opens the place to act. */
export { showAppeal } from "./show-appeal.tsx";
