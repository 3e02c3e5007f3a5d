/** The profile that this folder's deployment uses, for programs on this machine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { readProfile } from "../../runtime/profiles/profiles.ts";
import { root } from "./runtime.ts";

/** A file of the project's folder; empty when there is none. */
function contentOf(name: string): string {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    return "";
  }
}

/** The profile named by PROFILE in the environment, else in .dev.vars, else in wrangler.toml; or what to fix in it. */
export const readConfiguredProfile = (): ReturnType<typeof readProfile> =>
  readProfile(
    process.env.PROFILE ||
      parseEnv(contentOf(".dev.vars")).PROFILE ||
      /^PROFILE\s*=\s*"([^"]*)"/m.exec(contentOf("wrangler.toml"))?.[1] ||
      "",
  );
