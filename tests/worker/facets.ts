/**
 * Vitest's stand-in for an object knows only methods, and no facets. Here a
 * question to a facet reaches the object as it does in the runtime:
 * `ledger.desk.cases()` is one call, which reads the facet and then asks it.
 */
import { DurableObject, RpcTarget } from "cloudflare:workers";

type Ensured = {
  instance: Record<string, Record<string, (...given: unknown[]) => unknown>>;
};
type StandIn = Record<symbol, () => Promise<Ensured>>;

/** Every property is a method that asks. */
function facetOf(
  ask: (method: string, given: unknown[]) => Promise<unknown>,
): RpcTarget {
  class Facet extends RpcTarget {}
  const proto = new Proxy(Facet.prototype, {
    get: (target, name, receiver) =>
      typeof name === "symbol" || name in target
        ? Reflect.get(target, name, receiver)
        : (...given: unknown[]) => ask(name, given),
  });
  return Object.setPrototypeOf(new Facet(), proto);
}

/**
 * The stand-in's own method that gives the object; undefined for the object
 * itself.
 */
const giverOf = (object: object) =>
  Object.getOwnPropertySymbols(Object.getPrototypeOf(object)).find(
    ({ description }) => description === "kEnsureInstance",
  );

/**
 * Both the stand-ins and the objects inherit from `DurableObject`. The objects
 * have getters of their own.
 * @param names no object may have a method of that name
 */
export function letFacetsThrough(names: readonly string[]): void {
  for (const facet of names)
    Object.defineProperty(DurableObject.prototype, facet, {
      configurable: true,
      get(this: StandIn) {
        const giver = giverOf(this);
        if (!giver) return undefined;
        return facetOf(async (method, given) => {
          const { instance } = await this[giver]!();
          const asked = instance[facet]?.[method];
          if (!asked)
            throw new TypeError(
              `The RPC receiver does not implement the method "${method}".`,
            );
          return asked.apply(instance[facet], given);
        });
      },
    });
}
