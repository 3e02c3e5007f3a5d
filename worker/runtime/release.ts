import { sha384 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import script from "../../dist/widget.js";
import more from "../../dist/widget-more.js";
import { addresses } from "../../shared/addresses.ts";
import { base64Of } from "../../shared/base64.ts";
import { once } from "./once.ts";

const VERSION_LENGTH = 16;

const versionOf = (digest: Uint8Array) => bytesToHex(digest).slice(0, VERSION_LENGTH);

/** The widget's script of this deployment, its pinned path, its Subresource Integrity hash, and its ETag. */
export const widgetRelease = once(() => {
  const digest = sha384(utf8ToBytes(script));
  const version = versionOf(digest);
  const moreVersion = versionOf(sha384(utf8ToBytes(more)));
  return {
    script,
    version,
    path: addresses.pinnedWidget(version),
    integrity: `sha384-${base64Of(digest)}`,
    etag: `"${version}"`,
    /** The path of the second script, which the first one loads. It contains its hash. */
    morePath: addresses.pinnedWidget(moreVersion),
    /** Both scripts, by their versions. */
    files: new Map([
      [version, script],
      [moreVersion, more],
    ]),
  };
});
