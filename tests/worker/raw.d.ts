/** Files imported as text. */
declare module "*?raw" {
  const text: string;
  export default text;
}

/** A file as a data URL. */
declare module "*?inline" {
  const address: string;
  export default address;
}
