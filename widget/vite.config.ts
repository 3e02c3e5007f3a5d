import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, defineConfig, type Plugin, type Rolldown, type UserConfig } from "vite";

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

// Preact's core has `createElement` in any case; the automatic runtime would be a second one.
const oxc: UserConfig["oxc"] = {
  jsx: { runtime: "classic", pragma: "createElement", pragmaFrag: "fragment", development: false },
  jsxInject: `import { createElement, Fragment as fragment } from "preact"`,
};

const inBrowser = { "globalThis.IN_BROWSER": "true" };

/** Builds the widget's second script, which renders with the first one's Preact. */
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
      lib: { entry: "widget/more.tsx", formats: ["es"], fileName: () => "more.js" },
      // A library of this format keeps its white space by default.
      minify: "oxc",
      cssTarget,
      rolldownOptions: { output: { minify: true } },
    },
  });
  const [{ output }] = built as [Rolldown.RolldownOutput];
  return output[0].code;
}

/** What Preact reads from class components, and for contexts, refs, portals and suspense. */
const UNUSED_PROPERTIES =
  "component(?:Will|Did)\\w+|getDerivedState\\w+|getSnapshotBeforeUpdate|shouldComponentUpdate|getChildContext|contextType|ref|then|is|_excess|_parentDom";
/** Attributes and elements that Preact treats in ways of their own. */
const UNUSED_NAMES =
  "ref|style|value|checked|defaultValue|defaultChecked|dangerouslySetInnerHTML|template|textarea|progress|math|foreignObject|list|form|tabIndex|download|rowSpan|colSpan|popover";
/**
 * The widget has function components without hooks, and nothing else of the above. The build answers what Preact's source asks about
 * the rest, so that the minifier drops the code behind each no.
 */
const ANSWERS: [RegExp, string][] = [
  // No add-on.
  [/\(\w+ = options\.\w+\)|\boptions\.\w+/g, "undefined"],
  // No component with a state, and nothing to call after a render.
  [/\bBaseComponent\.prototype\.(?=setState|forceUpdate)/g, "const "],
  [/\b(provider|componentContext) = tmp\b/g, "$1 = undefined"],
  [/(?<!function )\bcommitRoot\(.*\)/g, "0"],
  [/\b\w+ == (?:MATH|SVG)_NAMESPACE/g, "false"],
  [new RegExp(`\\(\\w+ = [\\w.]+\\.(?:${UNUSED_PROPERTIES})\\)`, "g"), "undefined"],
  [new RegExp(`\\b(?:\\w+\\.)+(?:${UNUSED_PROPERTIES})\\b(?! =)`, "g"), "undefined"],
  [new RegExp(`\\b\\w+ == '(?:${UNUSED_NAMES})'`, "g"), "false"],
];

const withoutUnused: Rolldown.Plugin = {
  name: "without-unused",
  transform: (code, id) =>
    id.includes("/node_modules/preact/")
      ? ANSWERS.reduce((text, [question, answer]) => text.replace(question, answer), code)
      : null,
  // Of all names, only those of Preact's own properties begin like this. A text may.
  renderChunk(code) {
    const names: string[] = [];
    return code.replace(/(?<!["'`\w])_[a-z]\w+/gi, (name) => {
      if (!names.includes(name)) names.push(name);
      return `_${names.indexOf(name).toString(36)}`;
    });
  },
};

/** Preact's source has the names that the answers need; its exports name only a file with shorter ones. */
const preactSource = fileURLToPath(new URL("../node_modules/preact/src/index.js", import.meta.url));

/** Vite writes `& a` where a nested rule may say `a`, in every browser that the styles are for. */
export const shortNesting: Plugin = {
  name: "short-nesting",
  enforce: "post",
  transform: (code, id) =>
    id.endsWith(".css?inline") ? code.replace(/& (?=[.:a-z])|&(?=[+>~])|(?<=,) (?=#)/g, "") : null,
};

/**
 * Lets Chromium compile every function on another thread while the script loads, instead of each on the main thread at its first call,
 * which took a third of the script's time. The card's first render calls nearly all of them. Must be the file's first line.
 */
const COMPILE_HINT = "//# allFunctionsCalledOnLoad";

const hash = (algorithm: string, script: string) => createHash(algorithm).update(script);
const versionOf = (script: string) => hash("sha384", script).digest("hex").slice(0, 16);
const integrityOf = (script: string, algorithm: string) => `${algorithm}-${hash(algorithm, script).digest("base64")}`;

/** The first script contains the name and the hash of the second, whose address follows the rule of all pinned scripts. */
async function script(): Promise<UserConfig> {
  const more = await buildMore();
  const moreVersion = versionOf(more);
  return {
    ...shared,
    build: {
      ...shared.build,
      rolldownOptions: { output: { postBanner: COMPILE_HINT } },
      // 90 bytes smaller, after brotli, than what Vite's own minifier makes.
      minify: "terser",
      terserOptions: {
        ecma: 2020,
        compress: {
          passes: 3,
          inline: 1,
          unsafe_arrows: true,
          unsafe_methods: true,
          pure_getters: true,
          keep_fargs: false,
          comparisons: false,
          arrows: false,
          if_return: false,
        },
        format: { quote_style: 1 },
      },
    },
    resolve: { alias: { preact: preactSource } },
    define: {
      ...inBrowser,
      MORE_FILE: JSON.stringify(`widget@${moreVersion}.js`),
      MORE_INTEGRITY: JSON.stringify(integrityOf(more, "sha256")),
    },
    plugins: [
      withoutUnused,
      shortNesting,
      {
        name: "second-script",
        generateBundle() {
          this.emitFile({ type: "asset", fileName: "widget-more.js", source: more });
        },
        // A Worker would need 7 ms for the hash, in each isolate that serves the script.
        writeBundle(_, bundle) {
          const { code } = bundle["widget.js"] as Rolldown.OutputChunk;
          const release = { version: versionOf(code), integrity: integrityOf(code, "sha384"), moreVersion };
          writeFileSync(new URL("../dist/widget-release.json", import.meta.url), JSON.stringify(release));
        },
      },
    ],
  };
}

/** The widget as one classic script, which unlike a module can read its own URL. */
const shared: UserConfig = {
  define: inBrowser,
  oxc,
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
  ...shared,
  publicDir: "widget/package",
  resolve: { alias: { "./load-more.ts": fileURLToPath(new URL("load-more-package.ts", import.meta.url)) } },
  plugins: [
    {
      name: "package-files",
      generateBundle() {
        for (const path of packageFiles) {
          // custom-elements.json must name the module in the package.
          const source = readFileSync(new URL(`../${path}`, import.meta.url), "utf8").replaceAll(
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

export default defineConfig(({ mode }) => (mode === "package" ? npmPackage : script()));
