import { wires } from "./wire.ts";

/**
 * For Vite: puts the values of wire.ts in place of its code, so that a browser
 * which only calls the API loads no schemas.
 */
export const withoutSchemas = {
  name: "without-schemas",
  load: (id: string) =>
    id.endsWith("/editing/contract/wire.ts")
      ? `export const wires = ${JSON.stringify(wires)};`
      : null,
};
