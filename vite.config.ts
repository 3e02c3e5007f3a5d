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

/** The first browsers with `light-dark()`. Its stand-in for older ones can't follow the color scheme of the page around an element. */
const cssTarget = ["chrome123", "firefox120", "safari17.5"];

/** The widget as one classic script, which unlike a module can read its own URL. */
const script: UserConfig = {
  define: { "globalThis.IN_BROWSER": "true" },
  // Preact's core has `createElement` in any case; the automatic runtime would be a second one.
  oxc: {
    jsx: { runtime: "classic", pragma: "createElement", pragmaFrag: "fragment", development: false },
    jsxInject: `import { createElement, Fragment as fragment } from "preact"`,
  },
  build: {
    lib: { entry: "widget/index.ts", name: "casewire", formats: ["iife"], fileName: () => "widget.js" },
    cssTarget,
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
    cssTarget,
    outDir: "dist/package",
    reportCompressedSize: false,
  },
};

export default defineConfig(({ mode }) => (mode === "package" ? npmPackage : script));
