/**
 * A newsroom's own settings: `newsroom/settings.json`, a part of Wrangler's configuration that upstream never touches. Each deployment merges it
 * over wrangler.toml into a file that Wrangler reads.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isFields } from "../../../../shared/fields.ts";
import { Fault } from "./answers.ts";

/** In the folder of the command, which npm makes the project's. */
export const ownFile = "newsroom/settings.json";
/** Made anew by each command. Git ignores it. */
const mergedFile = "wrangler.newsroom.json";

/** Of Wrangler's configuration, what set-up reads and writes. */
export interface Settings {
  vars?: Record<string, string>;
  workers_dev?: boolean;
  routes?: { pattern: string; custom_domain: boolean }[];
  r2_buckets?: { binding: string; bucket_name: string; jurisdiction?: string }[];
  env?: Record<string, Settings>;
}

/** @throws Fault when the file isn't JSON */
export async function ownSettings(): Promise<Settings> {
  const text = await readFile(ownFile, "utf8").catch(() => "{}");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault(`${ownFile} is not JSON: ${(error as Error).message}`);
  }
}

export const within = (settings: Settings, environment: string): Settings =>
  environment === "" ? settings : (settings.env?.[environment] ?? {});

export const withEnvironment = (settings: Settings, environment: string, part: Settings): Settings =>
  environment === "" ? part : { ...settings, env: { ...settings.env, [environment]: part } };

/** Lists are replaced as a whole. */
function merged<T>(base: T, own: unknown): T {
  if (!isFields(base) || !isFields(own)) return (own === undefined ? base : own) as T;
  const names = new Set([...Object.keys(base), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(base[name], own[name])])) as T;
}

/** wrangler.toml with the newsroom's own settings over it. @throws Fault when wrangler.toml can't be read */
export async function wholeSettings(own: Settings): Promise<Settings> {
  const { experimental_readRawConfig } = await import("wrangler");
  try {
    return merged(experimental_readRawConfig({ config: "wrangler.toml" }).rawConfig as Settings, own);
  } catch (error) {
    throw new Fault((error as Error).message);
  }
}

export async function writeOwn(own: Settings): Promise<void> {
  await mkdir(dirname(ownFile), { recursive: true });
  await writeFile(ownFile, `${JSON.stringify(own, null, 2)}\n`);
}

/** The options that make Wrangler read them; none where a newsroom has no settings of its own. */
export async function configFlags(): Promise<string[]> {
  if (!existsSync(ownFile)) return [];
  await writeFile(mergedFile, JSON.stringify(await wholeSettings(await ownSettings()), null, 2));
  return ["--config", mergedFile];
}
