import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  build,
  defineConfig,
  type Plugin,
  type Rolldown,
  type UserConfig,
} from "vite";

/**
 * The first browsers with `light-dark()`. Its stand-in for older ones can't
 * follow the color scheme of the page around an element.
 */
const cssTarget = ["chrome123", "firefox120", "safari17.5"];

// Preact's core has `createElement` in any case; the automatic runtime would be
// a second one.
const oxc: UserConfig["oxc"] = {
  jsx: {
    runtime: "classic",
    pragma: "createElement",
    pragmaFrag: "fragment",
    development: false,
  },
  jsxInject: `import { createElement, Fragment as fragment } from "preact"`,
};

/**
 * Builds the widget's second script, which renders with the first one's Preact.
 */
async function buildMore(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    root: fileURLToPath(new URL("..", import.meta.url)),
    oxc,
    plugins: [
      {
        name: "preact-of-the-widget",
        enforce: "pre",
        resolveId: (id) => (id === "preact" ? "\0preact" : null),
        load: (id) =>
          id === "\0preact"
            ? `export const [createElement, Fragment, render] = customElements.get("case-status").preact`
            : null,
      },
    ],
    build: {
      write: false,
      lib: {
        entry: "widget/more.tsx",
        formats: ["es"],
        fileName: () => "more.js",
      },
      // A library of this format keeps its white space by default.
      minify: "oxc",
      cssTarget,
      rolldownOptions: { output: { minify: true } },
    },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  // Marks for bundlers. The space behind them stays: it may part two words.
  return output[0].code.replaceAll("/* @__PURE__ */", "");
}

/**
 * Vite writes `& a` where a nested rule may say `a`, in every browser that the
 * styles are for.
 */
export const shortNesting: Plugin = {
  name: "short-nesting",
  enforce: "post",
  transform: (code, id) =>
    id.endsWith(".css?inline")
      ? code.replace(/& (?=[.:a-z*[])|&(?=[+>~])|(?<=,) /g, "")
      : null,
};

/**
 * Lets Chromium compile every function on another thread while the script
 * loads, instead of each on the main thread at its first call, which took a
 * third of the script's time. The card's first render calls nearly all of them.
 * Must be the file's first line.
 */
const COMPILE_HINT = "//# allFunctionsCalledOnLoad";

const hash = (algorithm: string, script: string) =>
  createHash(algorithm).update(script);
const versionOf = (script: string) =>
  hash("sha384", script).digest("hex").slice(0, 16);
const integrityOf = (script: string, algorithm: string) =>
  `${algorithm}-${hash(algorithm, script).digest("base64")}`;

/**
 * The widget as one classic script, which unlike a module can read its own URL.
 * It contains the name and the hash of the second script, whose address follows
 * the rule of all pinned scripts.
 */
async function script(): Promise<UserConfig> {
  const more = await buildMore();
  const moreVersion = versionOf(more);
  return {
    oxc,
    build: {
      lib: {
        entry: "widget/index.ts",
        name: "casewire",
        formats: ["iife"],
        fileName: () => "widget.js",
      },
      cssTarget,
      // dist/ also contains the output of other builds.
      emptyOutDir: false,
      reportCompressedSize: false,
      rolldownOptions: { output: { postBanner: COMPILE_HINT } },
      // 90 bytes smaller, after brotli, than what Vite's own minifier makes.
      minify: "terser",
      terserOptions: {
        ecma: 2020,
        compress: {
          passes: 4,
          hoist_vars: true,
          inline: 1,
          unsafe_arrows: true,
          unsafe_methods: true,
          loops: false,
          switches: false,
          keep_fargs: false,
          computed_props: false,
          dead_code: false,
          unsafe_comps: true,
          negate_iife: false,
          lhs_constants: false,
          side_effects: false,
        },
        format: { quote_style: 1 },
      },
    },
    define: {
      MORE_FILE: JSON.stringify(`widget@${moreVersion}.js`),
      MORE_INTEGRITY: JSON.stringify(integrityOf(more, "sha256")),
    },
    plugins: [
      shortNesting,
      {
        name: "second-script",
        generateBundle() {
          this.emitFile({
            type: "asset",
            fileName: "widget-more.js",
            source: more,
          });
        },
        // A Worker would need 7 ms for the hash, in each isolate that serves
        // the script.
        writeBundle(_, bundle) {
          const { code } = bundle["widget.js"] as Rolldown.OutputChunk;
          const release = {
            version: versionOf(code),
            integrity: integrityOf(code, "sha384"),
            moreVersion,
          };
          writeFileSync(
            new URL("../dist/widget-release.json", import.meta.url),
            JSON.stringify(release),
          );
        },
      },
    ],
  };
}

export default defineConfig(script);
