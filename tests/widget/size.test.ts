/** What the widget costs a reader on a line that is cut after some 16 KB: script and view share one connection with TLS. */
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import { root } from "../root.ts";
import { present } from "./newsroom.ts";

const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

it("The widget's script is at most 10 KB with brotli", async () => {
  const built = await build({ root, logLevel: "error", build: { write: false } });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  expect(output).toHaveLength(1);
  const [{ code, modules }] = output;
  expect(brotli(code)).toBeLessThanOrEqual(10 * 1024);
  // Strict policies allow no string to become code or markup.
  expect(code).not.toMatch(/eval\(|new Function|document\.write|localStorage|sessionStorage|cookie/);
  // Preact can set markup and styles, when it is asked to; nothing of ours asks.
  const ours = Object.entries(modules).filter(([id]) => !id.includes("/node_modules/preact/"));
  expect(ours.map(([id]) => id)).toContain(join(root, "widget/case-card.tsx"));
  for (const [id, module] of ours) expect(module.code, id).not.toMatch(/innerHTML|\bstyle: [`"{]/i);
});

it("The view of the demo case is at most 2 KB compressed and 8 KB as a socket message", () => {
  for (const lang of localeTags) {
    const view = JSON.stringify(present(1)(lang));
    expect(brotli(view)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(view)).toBeLessThanOrEqual(8192);
  }
});
