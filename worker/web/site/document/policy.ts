import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { base64Of } from "../../../../shared/base64.ts";

/** The styles and scripts of a deployment are few. */
const sources = new Map<string, string>();

/** A Content-Security-Policy source that allows exactly this inline text. */
export function sourceOf(text: string): string {
  const source =
    sources.get(text) ?? `'sha256-${base64Of(sha256(utf8ToBytes(text)))}'`;
  sources.set(text, source);
  return source;
}
