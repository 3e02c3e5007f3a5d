import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig, type UserConfig } from "vite";

/** What the package brings beside its script and what stands in widget/package. */
const packed = [
  "LICENSE",
  "widget/case-status.d.ts",
  "widget/react.d.ts",
  "widget/preact.d.ts",
  "widget/custom-elements.json",
];

/** The widget: one classic script, so that it knows its own address; every byte of it is paid for by slow lines. */
const classic: UserConfig = {
  // The same script whatever NODE_ENV says.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  build: {
    lib: { entry: "widget/index.ts", name: "casewire", formats: ["iife"], fileName: () => "widget.js" },
    // Other files may be there already.
    emptyOutDir: false,
    reportCompressedSize: false,
  },
};

/** The same as a module, in a folder for `npm pack`: for pages that bundle what they use. */
const packaged: UserConfig = {
  ...classic,
  publicDir: "widget/package",
  plugins: [
    {
      name: "packed-files",
      generateBundle() {
        for (const path of packed) {
          // The element's manifest names the module that holds it.
          const source = readFileSync(new URL(path, import.meta.url), "utf8").replaceAll(
            "widget/element.tsx",
            "case-status.js",
          );
          this.emitFile({ type: "asset", fileName: basename(path), source });
        }
      },
    },
  ],
  build: {
    lib: { entry: "widget/index.ts", formats: ["es"], fileName: () => "case-status.js" },
    outDir: "dist/package",
    reportCompressedSize: false,
  },
};

export default defineConfig(({ mode }) => (mode === "package" ? packaged : classic));
