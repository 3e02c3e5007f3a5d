/** What the widget costs a reader on a line that is cut after some 16 KB: script and view share one connection with TLS. */
import { brotliCompressSync, constants } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import { root } from "../root.ts";
import { present } from "./newsroom.ts";

const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

it("The widget's script is at most 6.5 KB with brotli", async () => {
  const built = await build({ root, logLevel: "error", build: { write: false } });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  expect(output).toHaveLength(1);
  expect(brotli(output[0].code)).toBeLessThanOrEqual(6.5 * 1024);
  // Strict policies allow no string to become code or markup.
  expect(output[0].code).not.toMatch(
    /innerHTML|eval\(|new Function|document\.write|localStorage|sessionStorage|cookie/,
  );
});

it("The view of the demo case is at most 2 KB compressed and 8 KB as a socket message", () => {
  for (const lang of localeTags) {
    const view = JSON.stringify(present(1)(lang));
    expect(brotli(view)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(view)).toBeLessThanOrEqual(8192);
  }
});
