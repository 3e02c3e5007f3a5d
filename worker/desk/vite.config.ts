import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { localeTags } from "../../shared/locale.ts";
import { withoutSchemas } from "../contract/without-schemas.ts";
import { deskWords } from "./locales/desk-words.ts";

/** The desk: one module script, one style sheet and the words of each language, which the Worker carries as text. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  // The words come parsed.
  resolve: { alias: { "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js" } },
  plugins: [
    withoutSchemas,
    {
      name: "words",
      generateBundle() {
        const source = localeTags.map((tag) => JSON.stringify(deskWords(tag))).join("\n");
        this.emitFile({ type: "asset", fileName: "desk-words.txt", source });
      },
    },
  ],
  build: {
    target: "es2023",
    outDir: "../../dist",
    // Other files are there already.
    emptyOutDir: false,
    reportCompressedSize: false,
    modulePreload: false,
    rolldownOptions: {
      input: fileURLToPath(new URL("index.tsx", import.meta.url)),
      output: { entryFileNames: "desk.js", assetFileNames: "desk.[ext]", codeSplitting: false },
    },
  },
});
