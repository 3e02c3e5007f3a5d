/** Lets Node import the widget's JSX: it runs TypeScript, but no JSX. */
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

registerHooks({
  load(url, context, next) {
    const { pathname, href } = new URL(url);
    if (!pathname.endsWith(".tsx")) return next(url, context);
    const source = readFileSync(fileURLToPath(href), "utf8");
    const options = {
      loader: "tsx",
      jsx: "automatic",
      jsxImportSource: "preact",
      sourcemap: "inline",
    };
    return {
      format: "module",
      source: require("esbuild").transformSync(source, options).code,
      shortCircuit: true,
    };
  },
});
