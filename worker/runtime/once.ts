/**
 * Computes a value at the first call, and keeps it. For hashes and headers that
 * would otherwise delay the start of every isolate.
 */
export function once<T>(compute: () => T): () => T {
  let kept: { value: T } | undefined;
  return () => {
    kept ??= { value: compute() };
    return kept.value;
  };
}

/**
 * Computes a value for each object at the first call, and keeps it as long as
 * the object lives.
 */
export function onceFor<K extends WeakKey, T>(
  compute: (key: K) => T,
): (key: K) => T {
  const kept = new WeakMap<K, { value: T }>();
  return (key) => {
    const known = kept.get(key) ?? { value: compute(key) };
    kept.set(key, known);
    return known.value;
  };
}
