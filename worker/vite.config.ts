import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { localeTags } from "../shared/locale.ts";
import { withoutSchemas } from "./contract/without-schemas.ts";
import { deskWords } from "./desk/locales/desk-words.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the browser code that the Worker imports as text, except the widget: the desk, and the styles and scripts of the pages. */
export default defineConfig({
  root: at("."),
  define: { "globalThis.IN_BROWSER": "true" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  // The desk's messages are parsed at build time, so it doesn't need the parser.
  resolve: { alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" } },
  plugins: [
    withoutSchemas,
    {
      name: "desk-words",
      generateBundle() {
        const source = localeTags.map((tag) => JSON.stringify(deskWords(tag))).join("\n");
        this.emitFile({ type: "asset", fileName: "desk-words.txt", source });
      },
    },
  ],
  build: {
    target: "es2023",
    // As for the widget: a stand-in for `light-dark()` couldn't follow the color scheme around an element.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: "../dist",
    // dist/ already contains the widget.
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: {
        desk: at("desk/index.tsx"),
        // For the gallery of a local run. The widget's script has its own copy.
        "widget-style": at("../widget/widget.css"),
        page: at("site/document/page.css"),
        badge: at("site/badge/badge.css"),
        "embed-style": at("site/embed/embed.css"),
        embed: at("site/embed/embed.browser.ts"),
        "front-page": at("site/front-page/front-page.browser.ts"),
        "embed-guide-style": at("site/embed-guide/embed-guide.css"),
        "docs-style": at("site/docs/docs.css"),
        "embed-guide": at("site/embed-guide/embed-guide.browser.ts"),
      },
      output: { entryFileNames: "[name].js", assetFileNames: "[name].[ext]" },
    },
  },
});
