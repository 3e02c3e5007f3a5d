/** The profiles that a deployment can choose by its setting PROFILE. A newsroom adds its file here; docs/profile.md shows how. */
import { checkProfile } from "../../../shared/profile/check.ts";
import demolandPressWatch from "./demoland-press-watch.json" with { type: "json" };
import urgentActions from "./urgent-actions.json" with { type: "json" };

/** By the names of their files. */
const files: Record<string, unknown> = {
  "demoland-press-watch": demolandPressWatch,
  "urgent-actions": urgentActions,
};

/** Each profile, or what to fix in it, by its name. */
export const checkedProfiles = (): Record<string, ReturnType<typeof checkProfile>> =>
  Object.fromEntries(
    Object.entries(files).map(([name, content]) => [
      name,
      checkProfile(content, `worker/runtime/profiles/${name}.json`),
    ]),
  );
