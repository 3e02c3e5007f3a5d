import type { Context } from "hono";
import { etagOf, notModified, type Public } from "../../reads/freshness.ts";
import { shortDigest } from "../../runtime/digest.ts";

interface FileHeaders extends Record<string, string> {
  "Content-Type": string;
  ETag: string;
}

/** Sends what is made of no leased copy, or 304 to a caller who has it. */
export const sendFile = (
  c: Context<Public>,
  body: string | ArrayBuffer,
  headers: FileHeaders,
): Response =>
  notModified(c, headers.ETag)
    ? c.body(null, 304, { ETag: headers.ETag })
    : c.body(body, 200, headers);

export const sendTextFile = (c: Context<Public>, text: string): Response =>
  sendFile(c, text, {
    "Content-Type": "text/plain; charset=UTF-8",
    ETag: etagOf(c.env, shortDigest(text)),
  });
