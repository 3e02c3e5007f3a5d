import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig, type UserConfig } from "vite";

/** Files that the npm package contains in addition to its script and to widget/package. */
const packageFiles = [
  "LICENSE",
  "widget/case-status.d.ts",
  "widget/react.d.ts",
  "widget/preact.d.ts",
  "widget/custom-elements.json",
];

/** The widget as one classic script, which unlike a module can read its own URL. */
const script: UserConfig = {
  // Builds the same script whatever NODE_ENV is.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  build: {
    lib: { entry: "widget/index.ts", name: "casewire", formats: ["iife"], fileName: () => "widget.js" },
    // dist/ also contains the output of other builds.
    emptyOutDir: false,
    reportCompressedSize: false,
  },
};

/** The widget as a module, in a folder for `npm pack`. */
const npmPackage: UserConfig = {
  ...script,
  publicDir: "widget/package",
  plugins: [
    {
      name: "package-files",
      generateBundle() {
        for (const path of packageFiles) {
          // custom-elements.json must name the module in the package.
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

export default defineConfig(({ mode }) => (mode === "package" ? npmPackage : script));
