import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import script from "../../../dist/widget.js";
import { addresses } from "../../../shared/addresses.ts";
import { once } from "../../once.ts";

/** The widget's script of this deployment, its pinned path, its Subresource Integrity hash, and its ETag. */
export const widgetRelease = once(() => {
  const digest = sha384(utf8ToBytes(script));
  const version = bytesToHex(digest).slice(0, 16);
  return {
    script,
    version,
    path: addresses.pinnedWidget(version),
    integrity: `sha384-${btoa(String.fromCharCode(...digest))}`,
    etag: `"${version}"`,
  };
});
