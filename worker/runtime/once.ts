/** Computes a value at the first call, and keeps it. For hashes and headers that would otherwise delay the start of every isolate. */
export function once<T>(compute: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}
