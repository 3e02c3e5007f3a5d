import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { withoutSchemas } from "../contract/without-schemas.ts";

/** The desk: one module script and one style sheet, which the Worker carries as text. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  plugins: [withoutSchemas],
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
