/** What a correction denies, in words and in the history. */
import { describe, expect, it } from "vitest";
import type { Change } from "../../shared/change.ts";
import { localeTags } from "../../shared/locale.ts";
import { correctionsIn, deniedBy } from "../../shared/view/corrected.ts";
import { changesIn } from "../../shared/view/revision.ts";
import { profile } from "../support/profile.ts";

const custody = (from: string | null, to: string | null): Change => ({
  what: "custody",
  person: "Demo Person",
  pronouns: "she/her",
  from,
  to,
  ...(to ? { asOf: "2000-01-02" } : {}),
});

const plain = (text: string) => text.replace(/\s/g, " ");

describe("A correction", () => {
  it("says what is so, and denies what never was, in every language", () => {
    expect(
      changesIn(
        "en",
        [custody("released", "pre-trial-detention")],
        profile,
        "correction",
      ).map(plain),
    ).toEqual([
      "Demo Person: in pre-trial detention, as of 2 January 2000. Not released, as wrongly stated here before.",
    ]);
    expect(
      changesIn(
        "en",
        [custody("released", null), custody("not-detained", null)],
        profile,
        "correction",
      ),
    ).toEqual([
      "Demo Person: not released, as wrongly stated here before.",
      "Demo Person: not “not detained”, as wrongly stated here before.",
    ]);
    expect(
      changesIn("en", [custody(null, "released")], profile, "correction").map(
        plain,
      ),
    ).toEqual(["Demo Person: released, as of 2 January 2000"]);
    for (const tag of localeTags) {
      const [denied] = changesIn(
        tag,
        [custody("released", "imprisoned")],
        profile,
        "correction",
      );
      // The brackets of a true change would assert the release.
      expect(denied, tag).not.toMatch(/[()]|\.\./);
      expect(denied, tag).not.toBe(
        changesIn(tag, [custody("released", "imprisoned")], profile)[0],
      );
    }
  });

  const revision = (
    number: number,
    changes: Change[],
    kind: "update" | "correction" = "update",
  ) => ({
    number,
    kind,
    changes,
  });

  it("marks the update that said it first, and no other", () => {
    const moved: Change = {
      what: "as-of",
      from: "2000-01-02",
      to: "2000-01-03",
    };
    const history = [
      revision(
        6,
        [custody("released", "pre-trial-detention"), moved],
        "correction",
      ),
      revision(5, [{ what: "text", part: "title" }]),
      revision(4, [custody("imprisoned", "released")]),
      revision(3, [custody("released", "imprisoned")]),
      revision(2, [custody("pre-trial-detention", "released")]),
      revision(1, []),
    ];
    expect(
      [...correctionsIn(history)].map(([number, by]) => [number, by.number]),
    ).toEqual([[4, 6]]);
    // What was wrong from the start.
    expect(
      deniedBy(revision(3, [custody("charged", "released")], "correction"), [
        revision(2, []),
        revision(1, []),
      ]),
    ).toEqual([1]);
    // Wording denies nothing; a day alone does.
    expect(
      deniedBy(
        revision(3, [{ what: "text", part: "summary" }], "correction"),
        [],
      ),
    ).toEqual([]);
    expect(
      deniedBy(
        revision(
          3,
          [{ ...moved, from: "2000-01-03", to: "2000-01-04" }],
          "correction",
        ),
        [revision(2, [moved])],
      ),
    ).toEqual([2]);
    const closed: Change = { what: "action", from: "active", to: "closed" };
    expect(
      deniedBy(revision(7, [closed, moved], "correction"), history),
    ).toEqual([1]);
    expect(
      deniedBy(
        revision(
          7,
          [custody("pre-trial-detention", "released"), closed],
          "correction",
        ),
        history,
      ),
    ).toEqual([6]);
    expect(deniedBy(history[2]!, history.slice(3))).toEqual([]);
  });
});
