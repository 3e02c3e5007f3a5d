/** The profile that this folder's deployment uses, for programs on this machine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { readProfile } from "../../runtime/profiles/profiles.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The newsroom's own settings, over those of wrangler.toml. @throws Error when the file isn't JSON */
export const ownVars = (): Record<string, string> => JSON.parse(contentOf("newsroom/settings.json") || "{}").vars ?? {};

/** A file of the project's folder; empty when there is none. */
function contentOf(name: string): string {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    return "";
  }
}

/** The profile named by PROFILE in the environment, else in .dev.vars, in the newsroom's settings or in wrangler.toml; or what to fix in it. */
export const readConfiguredProfile = (): ReturnType<typeof readProfile> =>
  readProfile(
    process.env.PROFILE ||
      parseEnv(contentOf(".dev.vars")).PROFILE ||
      ownVars().PROFILE ||
      /^PROFILE\s*=\s*"([^"]*)"/m.exec(contentOf("wrangler.toml"))?.[1] ||
      "",
  );
