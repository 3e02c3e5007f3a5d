/**
 * What the deployment signs: the log, with its key, checkpoint and tiles, and
 * views for mirrors to pass on.
 */
import { Refusal } from "../../../shared/failure.ts";
import { negotiate } from "../../../shared/locale.ts";
import { isComplete, tileAt } from "../../editing/contract/log-entry.ts";
import { etagOf, etagOfView } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { halfDay, startOfHalfDay } from "../../reads/list.ts";
import { sendBody, untilOf } from "../../reads/send-body.ts";
import { signedViewText } from "../../reads/signed-text.ts";
import { viewOf } from "../../reads/state.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import {
  keyLine,
  type LogHead,
  type Signer,
} from "../../runtime/checkpoint.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { signerFor } from "../../runtime/log-signer.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { refusalOf } from "./cases.ts";
import type { Handlers } from "./router.ts";
import { sendFile } from "./send-file.ts";

const text = { "Content-Type": "text/plain; charset=utf-8" };

const notes = new WeakMap<LogHead, Promise<string>>();

/** Signs a head once, however often it is read. */
function noteOf(signer: Signer, head: LogHead): Promise<string> {
  const note = notes.get(head) ?? signer.sign(head);
  notes.set(head, note);
  return note;
}

export const logHandlers = {
  async readLogKey(c) {
    const line = `${keyLine((await signerFor(c.env)).public)}\n`;
    return sendFile(c, line, {
      ...text,
      ETag: etagOf(c.env, shortDigest(line)),
    });
  },

  async readLogCheckpoint(c) {
    const signer = await signerFor(c.env);
    const head = await leased(c, (reads) => reads.leasedLogHead());
    const body = await noteOf(signer, head.value);
    const etag = etagOf(c.env, shortDigest(body));
    return sendBody(c, { key: "log checkpoint", copies: [head] }, () => ({
      body,
      etag,
      headers: text,
    }));
  },

  async readLogTile(c, { params: { tilePath } }) {
    await signerFor(c.env);
    const tile = tileAt(tilePath);
    const { value: head } = await leased(c, (reads) => reads.leasedLogHead());
    const bytes =
      tile && isComplete(tile, head.size)
        ? await ledgerFor(c.env).readings.logTile(tile)
        : null;
    if (bytes === null)
      throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(bytes, 200, { "Content-Type": "application/octet-stream" });
  },

  async readSignedView(c, { params: { id }, query }) {
    const signer = await signerFor(c.env);
    const profile = profileOf(c.env);
    const locale = negotiate(query.lang, profile);
    const head = await leased(c, (reads) => reads.leasedCase(id));
    const { value: state } = head;
    // Mirrors must also pass on that a case was withdrawn.
    if (state.state !== "present" && state.state !== "withdrawn")
      throw new Refusal(refusalOf(id, state));
    return sendBody(
      c,
      { key: `signed view ${id} ${locale}`, copies: [head] },
      async (now) => {
        const view = viewOf(id, state, locale, now, profile);
        // The same bytes for half a day, from every isolate.
        const since = Math.max(
          startOfHalfDay(now),
          Date.parse(view.revision?.liveAt ?? ""),
        );
        return {
          body: await signer.signText(signedViewText(view, locale, since)),
          status: view.state === "present" ? 200 : 410,
          etag: etagOfView(c.env, view, "signed", halfDay(now)),
          headers: {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Language": locale,
          },
          until: untilOf(view),
        };
      },
    );
  },
} satisfies Partial<Handlers>;
