/**
 * What this folder's deployment is configured as, for programs on this machine.
 * Wrangler's own reading takes half a second of the processor.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parse } from "smol-toml";
import { readProfile } from "../../runtime/profiles/profiles.ts";
import { root } from "./root.ts";

/** A file of the project's folder; empty when there is none. */
function contentOf(name: string): string {
  try {
    return readFileSync(join(root, name), "utf8");
  } catch {
    return "";
  }
}

/** Of wrangler.toml, what a run on this machine needs. */
interface WranglerToml {
  compatibility_date: string;
  version_metadata: { binding: string };
  vars: Record<string, string>;
  durable_objects: { bindings: { name: string; class_name: string }[] };
  services: { binding: string; service: string }[];
  ratelimits: {
    name: string;
    namespace_id: string;
    simple: { limit: number; period: number };
  }[];
}

const wranglerToml = () =>
  parse(contentOf("wrangler.toml")) as unknown as WranglerToml;

/**
 * The settings of wrangler.toml, with the newsroom's own over them.
 * @throws Error when its file isn't JSON
 */
export const configuredVars = (): Record<string, string> => ({
  ...wranglerToml().vars,
  ...JSON.parse(contentOf("newsroom/settings.json") || "{}").vars,
});

/**
 * The Worker's options for Miniflare, without the folder, settings and secrets.
 */
export function workerOptions() {
  const {
    compatibility_date,
    version_metadata,
    durable_objects,
    services,
    ratelimits,
  } = wranglerToml();
  const each = <One, Made>(list: One[], entry: (one: One) => [string, Made]) =>
    Object.fromEntries(list.map(entry));
  return {
    compatibilityDate: compatibility_date,
    versionMetadata: version_metadata.binding,
    durableObjects: each(
      durable_objects.bindings,
      ({ name, class_name: className }) => [
        name,
        { className, useSQLite: true },
      ],
    ),
    serviceBindings: each(services, ({ binding, service: name }) => [
      binding,
      { name },
    ]),
    ratelimits: each(ratelimits, ({ name, ...limit }) => [
      name,
      { name, type: "ratelimit", ...limit },
    ]),
  };
}

/**
 * The profile named by PROFILE in the environment, else in .dev.vars, in the
 * newsroom's settings or in wrangler.toml; or what to fix in it.
 */
export const readConfiguredProfile = (): ReturnType<typeof readProfile> =>
  readProfile(
    process.env.PROFILE ||
      parseEnv(contentOf(".dev.vars")).PROFILE ||
      configuredVars().PROFILE ||
      "",
  );
