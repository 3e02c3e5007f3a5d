/**
 * The address of the script, which is known only while it first runs; undefined
 * in a module.
 */
export const scriptUrl = (document.currentScript as HTMLScriptElement | null)
  ?.src;
