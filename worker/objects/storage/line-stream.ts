/** The size of a stream's chunk. */
export const CHUNK_CHARS = 256 * 1024;

/**
 * Streams lines as bytes, made as the reader takes them.
 * @param lines returns the last lines, or a promise of them
 * @param check called before each chunk; it throws to end the stream before its
 * last line
 */
export function streamOf(
  lines: Generator<string, string | Promise<string> | undefined>,
  chunk = CHUNK_CHARS,
  check = () => {},
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      check();
      let text = "";
      for (;;) {
        const { done, value } = lines.next();
        if (value) text += typeof value === "string" ? value : await value;
        if (!done && text.length < chunk) continue;
        if (text) controller.enqueue(new TextEncoder().encode(text));
        if (!done) return;
        controller.close();
        // A pending read of a byte stream ends only with an answer.
        if (!text) controller.byobRequest?.respond(0);
        return;
      }
    },
  });
}
