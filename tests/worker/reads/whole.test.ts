import { describe, expect, it } from "vitest";
import type { Revision } from "../../../shared/revision.ts";
import { pageOfWhole } from "../../../worker/reads/whole.ts";

const revision = (number: number) =>
  ({ number, liveAt: `2000-01-0${number}T00:00:00.000Z`, kind: "update" }) as Revision;
const older = new Error('The RPC receiver does not implement the method "readHistoryPage".');
const read = (numbers: number[]) => async () => ({ value: numbers.map(revision), validFor: 5 });

describe("A page of the history that a Ledger of the deployment before answers whole", () => {
  it("is the same as that of a current Ledger", async () => {
    const { value, validFor } = await pageOfWhole(older, read([6, 5, 3, 2, 1]), 4, 2);
    expect(validFor).toBe(5);
    expect(value?.revisions.map(({ number }) => number)).toEqual([3, 2]);
    expect(value).toMatchObject({
      older: { number: 1 },
      newer: { number: 5 },
      first: { number: 1 },
      newest: { number: 6 },
    });
    expect((await pageOfWhole(older, read([2, 1]), null, 5)).value).toMatchObject({ older: null, newer: null });
    expect((await pageOfWhole(older, read([2, 1]), 1, 5)).value).toMatchObject({ revisions: [], older: null });
  });

  it("is not asked for after another error", async () => {
    await expect(pageOfWhole(new Error("overloaded"), read([1]), null, 5)).rejects.toThrow("overloaded");
  });
});
