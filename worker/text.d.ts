/** Modules that the Wrangler file's rules bundle as text. */
declare module "*/dist/widget.js" {
  const text: string;
  export default text;
}
