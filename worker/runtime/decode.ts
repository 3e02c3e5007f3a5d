const decoder = new TextDecoder();

/**
 * The text of a file that is bundled as bytes, which unlike text cost nothing
 * until they are used.
 */
export const decode = (bytes: ArrayBuffer | Uint8Array): string =>
  decoder.decode(bytes);
