import { expect, it } from "vitest";
import type { LocaleTag } from "../../../../shared/locale.ts";
import type { Revision } from "../../../../shared/revision.ts";
import { viewCase } from "../../../../shared/view/view.ts";
import {
  descriptionOf,
  previewDescriptionOf,
  previewTitleOf,
} from "../../../../worker/web/site/caption.ts";
import { inventedCase, inventedRevision } from "../../../support/invented.ts";
import { profile } from "../../../support/profile.ts";

const DAY_MS = 86_400_000;
const liveAt = "2026-11-25T10:00:00.000Z";
const custody = {
  what: "custody",
  person: "Invented Person One",
  from: "imprisoned",
  to: "released",
} as const;
const release: Revision = {
  ...inventedRevision(),
  number: 2,
  liveAt,
  note: { en: "Invented Person One was released." },
  changes: [{ ...custody, asOf: "2026-11-24" }],
};
const lesser: Revision = {
  ...release,
  number: 3,
  note: { en: "A document was added." },
  changes: [],
};

const shown = (
  revision: Revision,
  locale: LocaleTag = "en",
  days = 0,
  earlier?: Revision,
) =>
  viewCase(
    inventedCase(1),
    revision,
    locale,
    Date.parse(liveAt) + days * DAY_MS,
    profile,
    undefined,
    earlier,
  );

it("A link preview begins with the news, dated, as long as it is news, and first says that a case is invented", () => {
  const title =
    "UA 1/00: Invented case 1 · Update 2 · Facts as of 2 January 2000";
  const news = "Invented Person One: released · as of 24 November 2026";
  expect(previewTitleOf(shown(release))).toBe(`DEMO · ${news} · ${title}`);
  expect(previewTitleOf(shown(release, "en", 8))).toBe(`DEMO · ${title}`);
  const [head, later] = [
    descriptionOf(shown(release)),
    descriptionOf(shown(release, "en", 8)),
  ];
  expect(head).toMatch(
    /^DEMO[^·]+ · Invented Person One: released · as of 24 .* 2026\. .* · as of 2 January 2000 · /,
  );
  expect(later).not.toContain(": released");
  // What the title has said, the text below it doesn't repeat.
  expect(previewDescriptionOf(shown(release))).not.toContain(": released");
});

it("A link preview begins with the greater news, and with its change in the reader's language", () => {
  expect(previewTitleOf(shown(lesser, "en", 0, release))).toMatch(
    /^DEMO · Invented Person One: released .* · Update 3/,
  );
  expect(previewTitleOf(shown(lesser, "fr", 0, release))).toMatch(
    /^DÉMO · Invented Person One\s: libér/,
  );
});

it("News leaves out nobody: the same change of several people is one, named or counted, and others follow in the order of their weight", () => {
  const changed =
    (...changes: Revision["changes"]) =>
    (locale: LocaleTag) =>
      shown(
        { ...release, note: { en: "A court ruled." }, changes },
        locale,
      ).news[0]?.text.text.replace(/\s/g, " ");
  const named = (person: string, change: object = {}) => ({
    ...custody,
    person,
    ...change,
  });
  const two = changed(custody, named("Person Two"));
  expect(two("en")).toBe("Invented Person One and Person Two: released");
  expect(two("ar")).toBe("⁨Invented Person One⁩ و⁨Person Two⁩: إفراج");
  const four = changed(custody, named("Two"), named("Three"), named("Four"));
  expect(four("uk")).toBe("Invented Person One та ще 3 особи: звільнені");
  const dropped = {
    what: "proceedings",
    person: "Person Two",
    from: null,
    to: "dropped",
  } as const;
  const further = { ...dropped, person: custody.person };
  expect(
    changed(
      dropped,
      further,
      custody,
      named("Person Three", { from: null, to: "missing" }),
    )("en"),
  ).toBe(
    "Invented Person One: released; Person Three: missing; Person Two and Invented Person One: charges dropped",
  );
  const each = ["detained", "missing", "house-arrest", "deported", "executed"];
  expect(
    changed(
      ...each.map((to, index) => named(`Person ${index}`, { from: null, to })),
    )("fr"),
  ).toMatch(
    /^Person 0 : .* ; Person 1 : .* ; Person 2 : .* ; 2 autres personnes$/,
  );
});

it("A link preview has long news in its description, and keeps the stop of an abbreviation", () => {
  const long = {
    ...release,
    changes: [],
    note: { en: `Invented Person One was released${" and so on".repeat(20)}.` },
  };
  expect(previewTitleOf(shown(long))).not.toContain("was released");
  expect(previewDescriptionOf(shown(long))).toContain("was released");
  const dated = { ...release, changes: [], note: { uk: "Звільнено 2026 р." } };
  expect(previewTitleOf(shown(dated, "uk"))).toContain(
    "Звільнено 2026 р. · Опубліковано тут 25 листопада 2026 р. · ",
  );
  expect(descriptionOf(shown(dated, "uk"))).not.toContain("..");
});
