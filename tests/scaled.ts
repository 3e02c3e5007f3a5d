import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    everyRun: boolean;
  }
}

/** The runs of a property, or its timeout. @param whole what it is in `npm run test:properties` */
export const scaled = (usual: number, whole = 20 * usual): number => (inject("everyRun") ? whole : usual);
