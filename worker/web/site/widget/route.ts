/**
 * Routes of the widget's script: one evergreen URL, and for each release one
 * pinned URL whose content never changes.
 */
import type { Context } from "hono";
import { paths } from "../../../../shared/addresses.ts";
import { Refusal } from "../../../../shared/failure.ts";
import type { Public } from "../../../reads/freshness.ts";
import { ledgerFor } from "../../../runtime/bindings.ts";
import { widgetRelease } from "../../../runtime/release.ts";
import type { Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";

const headersOf = (version: string) => ({
  "Content-Type": "text/javascript; charset=utf-8",
  ETag: `"${version}"`,
});

/** Made-up versions reach the Ledger at most this often. */
const VERSIONS_VALID_MS = 60_000;

interface Known {
  versions: Set<string>;
  until: number;
}

const knownByLedger = new WeakMap<object, Known>();

/** The versions that the Ledger keeps. */
async function keptVersions(c: Context<Public>): Promise<Set<string>> {
  const known = knownByLedger.get(c.env.LEDGER);
  if (known && Date.now() < known.until) return known.versions;
  const versions = new Set(await ledgerFor(c.env).widgetReleases.versions());
  knownByLedger.set(c.env.LEDGER, {
    versions,
    until: Date.now() + VERSIONS_VALID_MS,
  });
  return versions;
}

export const widgetHandlers = {
  widget(c) {
    const { script, version } = widgetRelease;
    return sendFile(c, script, headersOf(version));
  },
  async pinnedWidget(c, { params: { hash } }) {
    const own = widgetRelease.files.get(hash);
    if (own !== undefined) return c.body(own, 200, headersOf(hash));
    const earlier = (await keptVersions(c)).has(hash)
      ? await ledgerFor(c.env).widgetReleases.read(hash)
      : null;
    if (earlier === null)
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(earlier, 200, headersOf(hash));
  },
  /** The script's URLs and hash, as JSON. */
  widgetRelease(c) {
    const { path, integrity, morePath, version } = widgetRelease;
    const origin = c.env.PUBLIC_URL;
    const release = {
      evergreen: origin + paths.widget,
      pinned: origin + path,
      integrity,
      more: origin + morePath,
    };
    return sendFile(c, JSON.stringify(release), {
      "Content-Type": "application/json",
      ETag: `"${version}"`,
    });
  },
} satisfies Partial<Handlers>;
