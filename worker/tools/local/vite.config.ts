import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { localeTags } from "../../../shared/locale.ts";
import { shortNesting } from "../../../widget/vite.config.ts";
import { deskWords } from "../../desk/locales/desk-words.ts";
import { withoutSchemas } from "../../editing/contract/without-schemas.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Each script is served alone. */
const noImports: Plugin = {
  name: "no-imports",
  generateBundle(_, bundle) {
    for (const one of Object.values(bundle))
      if (one.type === "chunk" && one.imports.length > 0)
        this.error(
          `${one.fileName} is served alone, and must not import ${one.imports}.`,
        );
  },
};

/**
 * A page's script is inline and can import nothing, so each gets its own copy
 * of a module that several import.
 */
const ownCopies: Plugin = {
  name: "own-copies",
  resolveId: {
    order: "pre",
    async handler(source, importer) {
      const isShared =
        /\/(every-minute\.browser|copy-button|kept\.browser|zone)\.ts$/.test(
          source,
        );
      const copied =
        importer && isShared && (await this.resolve(source, importer));
      return copied ? `${copied.id}?in=${basename(importer)}` : null;
    },
  },
};

/**
 * Builds the browser code that the Worker imports as text, except the widget:
 * the desk, and the styles and scripts of the pages.
 */
export default defineConfig({
  root: at("../.."),
  oxc: {
    jsx: { runtime: "automatic", importSource: "preact", development: false },
  },
  // The desk's messages are parsed at build time, so it doesn't need the
  // parser.
  resolve: {
    alias: {
      "@formatjs/icu-messageformat-parser":
        "@formatjs/icu-messageformat-parser/no-parser.js",
    },
  },
  plugins: [
    withoutSchemas,
    shortNesting,
    noImports,
    ownCopies,
    {
      name: "desk-words",
      generateBundle() {
        const source = localeTags
          .map((tag) => JSON.stringify(deskWords(tag)))
          .join("\n");
        this.emitFile({ type: "asset", fileName: "desk-words.txt", source });
      },
    },
  ],
  build: {
    target: "es2023",
    // As for the widget: a stand-in for `light-dark()` couldn't follow the
    // color scheme around an element.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    outDir: "../dist",
    // dist/ already contains the widget.
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: {
        desk: at("../../desk/index.tsx"),
        // For the fragments. The widget's script has its own copy.
        "widget-style": at("../../../widget/fragment.css"),
        page: at("../../web/site/document/page.css"),
        "case-card-style": at("../../web/site/case-page/case-card.css"),
        "case-page-style": at("../../web/site/case-page/case-page.css"),
        "front-page-style": at("../../web/site/front-page/front-page.css"),
        "search-style": at("../../web/site/front-page/search.css"),
        badge: at("../../web/site/badge/badge.css"),
        "embed-style": at("../../web/site/embed/embed.css"),
        embed: at("../../web/site/embed/embed.browser.ts"),
        follow: at("../../web/site/case-page/follow.browser.ts"),
        "follow-page": at("../../web/site/follow/page.browser.ts"),
        "follow-page-style": at("../../web/site/follow/page.css"),
        "follow-worker": at("../../web/site/follow/worker.browser.ts"),
        "front-page": at("../../web/site/front-page/front-page.browser.ts"),
        "embed-guide-style": at("../../web/site/embed-guide/embed-guide.css"),
        "docs-style": at("../../web/site/docs/docs.css"),
        "status-style": at("../../web/site/status/status.css"),
        "embed-guide": at("../../web/site/embed-guide/embed-guide.browser.ts"),
      },
      output: {
        // The workshop imports the desk's script as bytes.
        entryFileNames: ({ name }) =>
          name === "desk" ? "desk.txt" : "[name].js",
        assetFileNames: "[name].[ext]",
      },
    },
  },
});
