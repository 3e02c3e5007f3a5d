/** The address of the script, which is known only while it first runs; undefined in a module and on a server. */
export const scriptUrl = (globalThis.document?.currentScript as HTMLScriptElement | null | undefined)?.src;
