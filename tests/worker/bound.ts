/**
 * Gives an object other bindings beside its own.
 * @returns a function that takes them away again
 */
export function bind(object: object, others: object): () => void {
  const { env: own } = object as { env: object };
  const set = (value: object) =>
    void Object.defineProperty(object, "env", { value, configurable: true });
  set({ ...own, ...others });
  return () => set(own);
}
