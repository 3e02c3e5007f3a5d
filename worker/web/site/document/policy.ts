import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { base64Of } from "../../../../shared/base64.ts";

/** A Content-Security-Policy source that allows exactly this inline text. */
export const sourceOf = (text: string) => `'sha256-${base64Of(sha256(utf8ToBytes(text)))}'`;
