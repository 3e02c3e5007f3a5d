/** Modules that the rules in wrangler.toml bundle as text or as bytes. */
declare module "*/dist/widget.js" {
  const text: string;
  export default text;
}

declare module "*/dist/widget-more.js" {
  const text: string;
  export default text;
}

declare module "*/dist/widget-release.json" {
  const release: { version: string; integrity: string; moreVersion: string };
  export default release;
}

declare module "*/outlines.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*/dist/embed.js" {
  const text: string;
  export default text;
}

declare module "*/dist/follow.js" {
  const text: string;
  export default text;
}

declare module "*/dist/front-page.js" {
  const text: string;
  export default text;
}

declare module "*/dist/embed-guide.js" {
  const text: string;
  export default text;
}

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*/dist/desk.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

/** The editors' words and readers' texts: one line of JSON for each language, in the order of `localeTags`. */
declare module "*/dist/desk-words.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*/dist/words.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*/dist/profiles.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.png" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.ico" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.ttf" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*/dist/openapi.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}

declare module "*/dist/case-schema.txt" {
  const bytes: ArrayBuffer;
  export default bytes;
}
