/** The widget's size: script, view and TLS must share one connection that freezes after about 16 KB. */
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, it } from "vitest";
import { root } from "../root.ts";

const brotli = (text: string) =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;

it("The widget's script is at most 9,540 bytes with brotli, and the second at most 6 KB", async () => {
  const built = await build({
    root,
    configFile: join(root, "widget/vite.config.ts"),
    logLevel: "error",
    build: { write: false },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  // The second script, loaded when a reader opens the place to act, by timelines, and by elements that name mirrors.
  const [more] = output.slice(1);
  expect(output).toHaveLength(2);
  expect(more?.type === "asset" && brotli(String(more.source))).toBeLessThanOrEqual(6 * 1024);
  const [{ code, modules }] = output;
  expect(brotli(code)).toBeLessThanOrEqual(9_540);
  // Chromium reads its hint to compile ahead only at the very beginning.
  expect(code).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
  // Strict policies forbid turning strings into code or markup.
  expect(code).not.toMatch(/eval\(|new Function|document\.write|localStorage|sessionStorage|cookie/);
  // Preact can set markup and styles on request, but the widget never asks for it.
  const ours = Object.entries(modules).filter(([id]) => !id.includes("/node_modules/preact/"));
  expect(ours.map(([id]) => id)).toContain(join(root, "widget/case-card.tsx"));
  for (const [id, module] of ours) expect(module.code ?? "", id).not.toMatch(/innerHTML|\bstyle: [`"{]/i);
});
