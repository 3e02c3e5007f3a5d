/**
 * An object of which every method, its facets' too, does the same.
 * @param answer gets the method's path, as in `desk.cases`
 */
export const objectThat = (
  answer: (path: string, given: unknown[]) => unknown,
  path = "",
): object =>
  new Proxy(() => {}, {
    get: (_, name: string) =>
      objectThat(answer, path === "" ? name : `${path}.${name}`),
    apply: (_, __, given) => answer(path, given),
  });

type Asked = { [name: string]: Asked } & {
  [name: string]: (...given: unknown[]) => unknown;
};

/** Asks an object for the method at a path. */
export function askAt(object: object, path: string, given: unknown[]): unknown {
  const names = path.split(".");
  const method = names.pop() as string;
  const holder = names.reduce((at, name) => at[name] as Asked, object as Asked);
  return holder[method]!(...given);
}
