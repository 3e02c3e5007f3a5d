import { widgetRelease } from "../../runtime/release.ts";
import { LedgerPart } from "./ledger-part.ts";

const PREFIX = "widget ";

/**
 * The widget's scripts of every deployment, by its version, so that a pinned
 * address answers the same bytes for ever.
 */
export class WidgetReleases extends LedgerPart {
  #isKept = false;

  /** Keeps the scripts of the running deployment. */
  async keep(): Promise<void> {
    if (this.#isKept) return;
    for (const [version, script] of widgetRelease.files)
      if ((await this.storage.get(PREFIX + version)) === undefined)
        await this.storage.put(PREFIX + version, script);
    this.#isKept = true;
  }

  async read(version: string): Promise<string | null> {
    return (await this.storage.get<string>(PREFIX + version)) ?? null;
  }

  async versions(): Promise<string[]> {
    return [...(await this.storage.list({ prefix: PREFIX })).keys()].map(
      (key) => key.slice(PREFIX.length),
    );
  }
}
