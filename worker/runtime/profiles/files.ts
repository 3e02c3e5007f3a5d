/**
 * The profiles that a deployment can choose by its setting PROFILE: two of
 * ours, and every file that a newsroom has of its own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { checkProfile } from "../../../shared/profile/check.ts";
import demolandPressWatch from "./demoland-press-watch.json" with {
  type: "json",
};
import urgentActions from "./urgent-actions.json" with { type: "json" };

/** Upstream never touches it. */
const folder = "newsroom/profiles/";
const ownFolder = new URL(`../../../${folder}`, import.meta.url);

function ownFiles(): string[] {
  try {
    return readdirSync(ownFolder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/**
 * The content of a JSON file; a text that no profile is when it can't be read.
 */
function contentOf(name: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(name, ownFolder), "utf8"));
  } catch (error) {
    return (error as Error).message;
  }
}

/** Each profile, or what to fix in it, by its name. */
export const checkedProfiles = (): Record<
  string,
  ReturnType<typeof checkProfile>
> =>
  Object.fromEntries(
    [
      [
        "demoland-press-watch",
        demolandPressWatch,
        "worker/runtime/profiles/",
      ] as const,
      ["urgent-actions", urgentActions, "worker/runtime/profiles/"] as const,
      ...ownFiles().map(
        (file) =>
          [file.slice(0, -".json".length), contentOf(file), folder] as const,
      ),
    ].map(([name, content, where]) => [
      name,
      checkProfile(content, `${where}${name}.json`),
    ]),
  );
