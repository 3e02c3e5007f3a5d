import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    propertyFactor: number;
  }
}

/** Multiplies the runs of a property, or its timeout, for `npm run test:properties`. */
export const scaled = (usual: number): number => usual * inject("propertyFactor");
