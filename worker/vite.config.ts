import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { localeTags } from "../shared/locale.ts";
import { withoutSchemas } from "./contract/without-schemas.ts";
import { deskWords } from "./desk/locales/desk-words.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What browsers run besides the widget and the Worker carries as text: the desk, and the style and the scripts of the site's pages. */
export default defineConfig({
  root: at("."),
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  // The desk's words come parsed.
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
    outDir: "../dist",
    // The widget is there already.
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: {
        desk: at("desk/index.tsx"),
        // For the gallery of a local run; the widget carries its own.
        "widget-style": at("../widget/widget.css"),
        page: at("site/document/page.css"),
        badge: at("site/badge/badge.css"),
        "embed-style": at("site/embed/embed.css"),
        embed: at("site/embed/embed.browser.ts"),
        "embed-guide-style": at("site/embed-guide/embed-guide.css"),
        "embed-guide": at("site/embed-guide/embed-guide.browser.ts"),
      },
      output: { entryFileNames: "[name].js", assetFileNames: "[name].[ext]" },
    },
  },
});
