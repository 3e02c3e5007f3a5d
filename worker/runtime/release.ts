import script from "../../dist/widget.js";
import more from "../../dist/widget-more.js";
import release from "../../dist/widget-release.json" with { type: "json" };
import { addresses } from "../../shared/addresses.ts";

const { version, moreVersion, integrity } = release;

/**
 * The widget's script of this deployment, its pinned path, and its Subresource
 * Integrity hash.
 */
export const widgetRelease = {
  script,
  version,
  path: addresses.pinnedWidget(version),
  integrity,
  /**
   * The path of the second script, which the first one loads. It contains its
   * hash.
   */
  morePath: addresses.pinnedWidget(moreVersion),
  /** Both scripts, by their versions. */
  files: new Map([
    [version, script],
    [moreVersion, more],
  ]),
};
