/** The two profiles of the project, for tests. */
import { profileOf } from "../../worker/runtime/profiles/profiles.ts";

export const profile = profileOf({ PROFILE: "urgent-actions" });

/** The invented press-freedom newsroom. */
export const pressWatch = profileOf({ PROFILE: "demoland-press-watch" });
