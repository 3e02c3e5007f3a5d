/**
 * In every runtime that this folder is for, whose libraries declare them
 * differently.
 */
declare const atob: (base64: string) => string;
declare const btoa: (bytes: string) => string;

/**
 * Letter by letter, because a picture has too many bytes for the arguments of
 * one call.
 */
export const base64Of = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** @throws DOMException when the text isn't base64 */
export const bytesIn = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
