/**
 * Views that a deployment has signed, so that mirrors can pass them on: C2SP
 * signed notes with the Ed25519 key of the signed log. docs/log.md describes
 * the format.
 */
import type { View } from "../shared/view/schema.ts";
import {
  SIGNED_VIEW_HEADER,
  type SignedView,
} from "../shared/view/signed-view.ts";

const ALGORITHM = "Ed25519";
/**
 * A signature begins with a hash of the key, and a public key with its type.
 */
const KEY_HASH_BYTES = 4;
const KEY_TYPE_BYTES = 1;

const bytesIn = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

interface Expected {
  /** The public key of the deployment's log, `NAME+HASH+KEY`. */
  key: string;
  id: string;
  lang: string;
}

/**
 * Doesn't check whether it has expired.
 * @returns null when the key didn't sign it, and when it is of another case or
 * language
 * @throws where Ed25519 is not available, and for anything that isn't a signed
 * note
 */
export async function signedViewIn(
  note: string,
  { key, id, lang }: Expected,
): Promise<SignedView | null> {
  const [text = "", signatures = ""] = note.split("\n\n");
  const [header, json = ""] = text.split("\n");
  const [, name, encoded = ""] = /^([^+]+)\+[^+]+\+(.+)$/.exec(key) ?? [];
  const line =
    signatures.split("\n").find((line) => line.startsWith(`— ${name} `)) ?? "";
  const signature = bytesIn(line.split(" ")[2] ?? "").slice(KEY_HASH_BYTES);
  const raw = bytesIn(encoded).slice(KEY_TYPE_BYTES);
  const verifier = await crypto.subtle.importKey("raw", raw, ALGORITHM, false, [
    "verify",
  ]);
  const signed = new TextEncoder().encode(`${text}\n`);
  if (
    header !== SIGNED_VIEW_HEADER ||
    !(await crypto.subtle.verify(ALGORITHM, verifier, signature, signed))
  )
    return null;
  const copy: SignedView = JSON.parse(json);
  return copy.view.id === id && copy.view.lang === lang ? copy : null;
}

export const isExpired = ({ expires }: SignedView): boolean =>
  !(Date.parse(expires) > Date.now());

const momentOf = (view: View | undefined) => view?.revision?.liveAt ?? "";

interface Shown {
  /** The newsroom's own last answer. */
  view: View | undefined;
  /** True if that answer is too old to be shown whole. */
  isTooOld: boolean;
  /** The copy that is shown instead. */
  copy?: SignedView | undefined;
}

/**
 * True if a copy may be shown: it hasn't expired, never goes back to an older
 * revision, and of the same one the newest copy wins.
 */
export function mayReplace(
  next: SignedView,
  { view, isTooOld, copy }: Shown,
): boolean {
  if (isExpired(next)) return false;
  const moment = momentOf(next.view);
  if (copy && moment === momentOf(copy.view)) return next.made > copy.made;
  if (view && moment === momentOf(view)) return isTooOld;
  return moment > momentOf(view) && moment > momentOf(copy?.view);
}
