/** Modules that the Wrangler file's rules bundle as text or as bytes. */
declare module "*/dist/widget.js" {
  const text: string;
  export default text;
}

declare module "*/dist/desk.js" {
  const text: string;
  export default text;
}

declare module "*/dist/embed.js" {
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

declare module "*/preview.png" {
  const bytes: ArrayBuffer;
  export default bytes;
}
