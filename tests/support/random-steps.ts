/** Steps of random histories. */
import fc from "fast-check";

/** A step with its weight among the others. @param fields its values */
export const weighed = <What extends string, Fields extends object = object>(
  weight: number,
  what: What,
  fields?: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> },
): fc.WeightedArbitrary<{ what: What } & Fields> => ({
  weight,
  arbitrary: fc.record({ what: fc.constant(what), ...fields }) as never,
});

/** What each step does. */
export type Acts<Step extends { what: string }> = {
  [What in Step["what"]]: (step: Extract<Step, { what: What }>) => void;
};

/** Takes the steps in turn. */
export function takeAll<Step extends { what: string }>(
  steps: Step[],
  acts: Acts<Step>,
): void {
  for (const step of steps) acts[step.what as Step["what"]](step as never);
}
