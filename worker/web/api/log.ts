/** The signed log: its key, checkpoint and tiles. */
import { Refusal } from "../../../shared/failure.ts";
import { isComplete, tileAt } from "../../editing/contract/log-entry.ts";
import { etagOf } from "../../reads/freshness.ts";
import { leased } from "../../reads/leased.ts";
import { sendBody } from "../../reads/send-body.ts";
import { ledgerFor } from "../../runtime/bindings.ts";
import { keyLine, type LogHead, type Signer } from "../../runtime/checkpoint.ts";
import { shortDigest } from "../../runtime/digest.ts";
import { signerFor } from "../../runtime/log-signer.ts";
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
    return sendFile(c, line, { ...text, ETag: etagOf(c.env, shortDigest(line)) });
  },

  async readLogCheckpoint(c) {
    const signer = await signerFor(c.env);
    const head = await leased(c, (reads) => reads.leasedLogHead());
    const body = await noteOf(signer, head.value);
    const etag = etagOf(c.env, shortDigest(body));
    return sendBody(c, { key: "log checkpoint", copies: [head] }, () => ({ body, etag, headers: text }));
  },

  async readLogTile(c, { params: { tilePath } }) {
    await signerFor(c.env);
    const tile = tileAt(tilePath);
    const { value: head } = await leased(c, (reads) => reads.leasedLogHead());
    const bytes = tile && isComplete(tile, head.size) ? await ledgerFor(c.env).readings.logTile(tile) : null;
    if (bytes === null) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    return c.body(bytes, 200, { "Content-Type": "application/octet-stream" });
  },
} satisfies Partial<Handlers>;
