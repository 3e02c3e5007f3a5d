/**
 * A newsroom's own settings: `newsroom/settings.json`, a part of Wrangler's
 * configuration that upstream never touches. Each deployment merges it over
 * wrangler.toml into a file that Wrangler reads.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { parse } from "smol-toml";
import { isFields } from "../../../../shared/fields.ts";
import { Fault } from "./answers.ts";

/** In the folder of the command, which npm makes the project's. */
export const ownFile = "newsroom/settings.json";
/** Made anew by each command. Git ignores it. */
const mergedFile = "wrangler.newsroom.json";

/** Of Wrangler's configuration, what set-up reads and writes. */
export interface Settings {
  name?: string;
  services?: { binding: string; service: string }[];
  vars?: Record<string, string>;
  workers_dev?: boolean;
  routes?: { pattern: string; custom_domain: boolean }[];
  r2_buckets?: {
    binding: string;
    bucket_name: string;
    jurisdiction?: string;
  }[];
  env?: Record<string, Settings>;
}

/**
 * A file of Wrangler's configuration, TOML or JSON. Wrangler's own reading
 * takes half a second.
 * @throws Fault when it can't be read
 */
export async function settingsIn(file: string): Promise<Settings> {
  try {
    const text = await readFile(file, "utf8");
    return file.endsWith(".toml")
      ? (parse(text) as Settings)
      : JSON.parse(text);
  } catch (error) {
    throw new Fault(`${file} can't be read: ${(error as Error).message}`);
  }
}

export const ownSettings = async (): Promise<Settings> =>
  existsSync(ownFile) ? settingsIn(ownFile) : {};

export const within = (settings: Settings, environment: string): Settings =>
  environment === "" ? settings : (settings.env?.[environment] ?? {});

export const withEnvironment = (
  settings: Settings,
  environment: string,
  part: Settings,
): Settings =>
  environment === ""
    ? part
    : { ...settings, env: { ...settings.env, [environment]: part } };

/** Lists are replaced as a whole. */
function merged<T>(base: T, own: unknown): T {
  if (!isFields(base) || !isFields(own))
    return (own === undefined ? base : own) as T;
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries(
    [...names].map((name) => [name, merged(base[name], own[name])]),
  ) as T;
}

/** wrangler.toml with the newsroom's own settings over it. */
export const wholeSettings = async (own: Settings): Promise<Settings> =>
  merged(await settingsIn("wrangler.toml"), own);

export async function writeOwn(own: Settings): Promise<void> {
  await mkdir(dirname(ownFile), { recursive: true });
  await writeFile(ownFile, `${JSON.stringify(own, null, 2)}\n`);
}

/**
 * The options that make Wrangler read them; none where a newsroom has no
 * settings of its own.
 */
export async function configFlags(): Promise<string[]> {
  if (!existsSync(ownFile)) return [];
  await writeFile(
    mergedFile,
    JSON.stringify(await wholeSettings(await ownSettings()), null, 2),
  );
  return ["--config", mergedFile];
}
