/** The widget's second script: the place to act, timelines, and mirrors. */
import type { PresentView } from "../shared/view/schema.ts";
import { Events } from "./timeline.tsx";

export { followMirrors } from "./follow-mirrors.ts";
export { showAppeal } from "./show-appeal.tsx";
export { default as timelineStyle } from "./timeline.css?inline";

export const events = (view: PresentView) => <Events view={view} />;
