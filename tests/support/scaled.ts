/**
 * Random tests: few runs with a fixed seed in `npm test`, many with another
 * seed each time in `--mode properties`.
 */
import fc from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    everyRun: boolean;
    seed: number;
  }
}

/** `SEED=7` in the environment repeats a run. */
export const seed = inject("seed");
fc.configureGlobal({ seed });

/**
 * The runs of a test, or its timeout.
 * @param whole what it is in `--mode properties`
 */
export const scaled = (usual: number, whole = 20 * usual): number =>
  inject("everyRun") ? whole : usual;
