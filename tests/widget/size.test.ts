/**
 * The widget's size: script, view and TLS must share one connection that
 * freezes after about 16 KB.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, it } from "vitest";
import { root } from "../support/root.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

it("The widget's script is at most 9,540 bytes with brotli, and the second at most 6 KB", () => {
  const [code, more] = [read("dist/widget.js"), read("dist/widget-more.js")];
  expect(brotliCompressSync(code).length).toBeLessThanOrEqual(9_540);
  // The second script, loaded when a reader opens the place to act, by
  // timelines, and by elements that name mirrors.
  expect(brotliCompressSync(more).length).toBeLessThanOrEqual(6 * 1024);
  // Chromium reads its hint to compile ahead only at the very beginning.
  expect(code).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
  // Strict policies forbid turning strings into code or markup.
  expect(code + more).not.toMatch(
    /eval\(|new Function|document\.write|localStorage|sessionStorage|cookie/,
  );
  // Preact can set markup and styles on request, but the widget never asks for
  // it.
  const ours = ["widget", "shared"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  expect(ours).toContain("widget/case-card.tsx");
  for (const path of ours.filter((name) => /\.tsx?$/.test(name)))
    expect(read(path), path).not.toMatch(/innerHTML|\sstyle=/i);
});
