/** Kept samples, imported as text. */
declare module "*.ndjson?raw" {
  const text: string;
  export default text;
}
