/** The newsroom's profile, for commands: the one that this folder's deployment uses. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import type { Profile } from "../../../shared/profile/schema.ts";
import { readProfile } from "../../profiles/profiles.ts";
import { Stop } from "./outcome.ts";

/** A file of the project's folder; empty when there is none. */
function contentOf(name: string): string {
  try {
    return readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), "utf8");
  } catch {
    return "";
  }
}

/** The setting PROFILE: from the environment, else from .dev.vars, else from wrangler.toml. */
const setting = (): string =>
  process.env.PROFILE ||
  parseEnv(contentOf(".dev.vars")).PROFILE ||
  /^PROFILE\s*=\s*"([^"]*)"/m.exec(contentOf("wrangler.toml"))?.[1] ||
  "";

/** @throws Stop when the profile has a fault */
export function configuredProfile(): Profile {
  const read = readProfile(setting());
  if ("profile" in read) return read.profile;
  throw new Stop("refused", {
    title: "The newsroom's profile has a fault",
    detail: read.faults.join("\n"),
    remedy: "Fix the file. docs/profile.md describes its fields.",
  });
}
