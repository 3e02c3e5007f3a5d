import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The widget: one classic script, so that it knows its own address; every byte of it is paid for by slow lines. */
export default defineConfig({
  resolve: {
    alias: { "preact/jsx-runtime": fileURLToPath(new URL("widget/render.ts", import.meta.url)) },
  },
  // The same script whatever NODE_ENV says.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  plugins: [
    {
      name: "style-on-one-line",
      transform: (code, id) => (id.endsWith("/widget/style.ts") ? code.replace(/\n\s*/g, "") : null),
    },
  ],
  build: {
    lib: { entry: "widget/index.ts", name: "casewire", formats: ["iife"], fileName: () => "widget.js" },
    // Other files may be there already.
    emptyOutDir: false,
    reportCompressedSize: false,
  },
});
