import { expect, test, vi } from "vitest";
import { CaseIndex } from "../../../worker/reads/case-index.ts";
import { OwnClock } from "../../../worker/reads/own-clock.ts";
import { Renewals } from "../../../worker/reads/renewals.ts";
import type { Renewal } from "../../../worker/reads/state.ts";
import { profile } from "../../support/profile.ts";

const answer = (
  since: number,
  epoch: number,
  more: boolean,
  changed: [id: string, epoch: number][],
): Renewal => ({
  epoch: { history: "invented", number: epoch },
  since,
  more,
  text: JSON.stringify(changed.map(([id, epoch]) => ({ id, epoch }))),
  validFor: 5_000,
  terms: [],
});

test("A question that another one has overtaken in part ends only when it knows of every change", async () => {
  vi.useFakeTimers();
  try {
    const asked: { since: number; reply: (renewal: Renewal) => void }[] = [];
    const source = {
      changesSince: (since: { number: number } | null) =>
        new Promise<Renewal>((reply) =>
          asked.push({ since: since?.number ?? 0, reply }),
        ),
      casesBetween: () => Promise.reject(new Error("nobody needs all cases")),
    };
    const renewals = new Renewals(
      source,
      new OwnClock(Date.now),
      () => {},
      () => new CaseIndex(profile),
    );
    const stale = () => false;
    const first = renewals.join(stale);
    asked[0]!.reply(answer(0, 1, false, [["c", 1]]));
    await first;

    let isAnswered = false;
    const read = renewals.join(stale).then(() => {
      isAnswered = true;
    });
    // The second reader doesn't wait for the first one's question for ever. It
    // looks for an answer now and then, for two seconds.
    const impatient = renewals.join(stale);
    await vi.advanceTimersByTimeAsync(2_600);
    expect(asked.map(({ since }) => since)).toEqual([0, 1, 1]);

    // The later question begins to answer. Case "d" changed again, so its
    // former change is no longer listed.
    asked[2]!.reply(answer(1, 3, true, [["a", 3]]));
    await vi.advanceTimersByTimeAsync(0);
    asked[1]!.reply(answer(1, 2, false, [["d", 2]]));
    await vi.advanceTimersByTimeAsync(0);
    expect(isAnswered).toBe(false);

    expect(asked.slice(3).map(({ since }) => since)).toEqual([3, 3]);
    for (const { reply } of asked.slice(3))
      reply(answer(3, 4, false, [["d", 4]]));
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all([read, impatient]);
    expect(renewals.isCurrent("d", { history: "invented", number: 3 })).toBe(
      false,
    );
  } finally {
    vi.useRealTimers();
  }
});
