/**
 * Pictures of people: shown by the current revision only, and erased with what
 * names them.
 */

import { describe, expect, test } from "vitest";
import { findMentions } from "../../../../worker/objects/ledger/mentions.ts";
import { MAX_UNSEEN_PORTRAITS } from "../../../../worker/objects/ledger/portraits.ts";
import { bytesDigest } from "../../../../worker/runtime/digest.ts";
import { png } from "../../../support/drawn-pictures.ts";
import { inventedCase } from "../../../support/invented.ts";
import {
  A,
  B,
  changed,
  done,
  it,
  type Newsroom,
  refused,
  resealed,
  withNewsroom,
} from "./newsroom.ts";

const consent = {
  givenBy: "Invented Relative",
  givenOn: "2025-12-01",
  note: "By letter",
};

/** Stores a picture. @returns its SHA-256 */
const add = (room: Newsroom, id: string, shade = 90): string => {
  const stored = done(room.journal.portraits.add(portrait(id, shade)));
  expect(stored).toMatchObject({
    image: bytesDigest(png(shade)),
    consent,
    editor: "anna",
    shown: false,
  });
  return stored.image;
};

/** An author's picture. */
const portrait = (id: string, shade = 90, more = {}) => ({
  ...{
    id,
    person: "invented-person-one",
    consent,
    editor: "anna",
    publishes: false,
  },
  picture: { type: "image/png" as const, bytes: png(shade) },
  ...more,
});

const seenBy = (room: Newsroom, editor: string, publishes = false) =>
  room.journal.portraits
    .listFor(A, editor, publishes)
    .map(({ image }) => image);

const withPortrait = (image: string, until = "2026-06-30", number = 1) => {
  const [person] = inventedCase(number).people;
  const portrait = {
    image,
    alt: { en: "A grey square" },
    credit: "Invented Studio",
    licence: "CC BY 4.0",
    until,
  };
  return inventedCase(number, { people: [{ ...person, portrait }] });
};

/** Stores a picture of case A that readers see. @returns its SHA-256 */
const addShown = (room: Newsroom): string => {
  const image = add(room, A);
  room.goLive(A, { case: withPortrait(image) });
  return image;
};

const propose = (room: Newsroom, image: string, basedOn: number) =>
  room.journal.proposals.add(
    room.clock,
    { ...room.command(basedOn), case: withPortrait(image), editor: "anna" },
    null,
  );

const stored = (room: Newsroom) =>
  room.journal.portraits.list(A).map(({ image }) => image);

describe("A person's picture", () => {
  it("is shown with its case only, and is erased at the moment of the next revision without it", (room) => {
    const image = addShown(room);
    const { portraits } = room.journal;
    expect(portraits.shown(A, image)).toEqual({
      type: "image/png",
      bytes: png(90),
    });
    expect(portraits.shown(B, image)).toBeNull();
    const next = add(room, A, 30);
    room.publish(A, { case: withPortrait(next) });
    expect(stored(room)).toHaveLength(2);
    room.pass();
    expect(stored(room)).toEqual([next]);
    expect(JSON.stringify(room.journal.audit.all())).not.toContain(image);
  });

  it("that the case hides is neither in its record nor at its address, and stays stored", (room) => {
    const image = addShown(room);
    room.goLive(A, { case: { ...withPortrait(image), hidePortraits: true } });
    expect(room.journal.portraits.shown(A, image)).toBeNull();
    expect(
      JSON.stringify([room.state(), room.journal.readings.revision(A, 2)]),
    ).not.toContain(image);
    expect(stored(room)).toEqual([image]);
  });

  it("that is only in a draft is seen by its editor alone, and one in a proposal by publishers too", async (room) => {
    const [drafted, proposed, pending] = [
      add(room, A),
      add(room, A, 30),
      add(room, A, 200),
    ];
    propose(room, proposed, 0);
    room.publish(A, { case: withPortrait(pending) });
    expect(new Set(seenBy(room, "anna"))).toEqual(
      new Set([drafted, proposed, pending]),
    );
    expect(seenBy(room, "omar")).toEqual([pending]);
    expect(new Set(seenBy(room, "paul", true))).toEqual(
      new Set([proposed, pending]),
    );
    // The drafts of an editor who is removed are erased, and so are the
    // pictures that only they name.
    room.journal.portraits.eraseDraftsOf("anna");
    expect(new Set(stored(room))).toEqual(new Set([proposed, pending]));
  });

  it("keeps its record of the consent from authors once another editor or readers rely on it", async (room) => {
    const image = add(room, A);
    const { portraits } = room.journal;
    const forged = { consent: { givenBy: "Nobody", givenOn: "2025-12-02" } };
    const forbidden = { tag: "forbidden", role: "publisher" };
    done(
      portraits.add(
        portrait(A, 90, {
          consent: { ...consent, note: "By letter and by phone" },
        }),
      ),
    );
    expect(
      refused(portraits.add(portrait(A, 90, { ...forged, editor: "omar" }))),
    ).toEqual(forbidden);
    room.goLive(A, { case: withPortrait(image) });
    expect(refused(portraits.add(portrait(A, 90, forged)))).toEqual(forbidden);
    expect(portraits.list(A)).toMatchObject([
      { consent: { note: "By letter and by phone" } },
    ]);
    done(
      portraits.add(
        portrait(A, 90, { ...forged, editor: "paul", publishes: true }),
      ),
    );
    expect(portraits.list(A)).toMatchObject([
      { ...forged, shown: true, editor: "paul" },
    ]);
  });

  it("is refused to an editor who has fifty that readers haven't seen, whatever their cases", async (room) => {
    for (let shade = 0; shade < MAX_UNSEEN_PORTRAITS; shade++)
      add(room, shade % 2 ? A : B, shade);
    const failure = {
      tag: "too-many-portraits",
      most: MAX_UNSEEN_PORTRAITS,
      unseen: true,
    };
    expect(refused(room.journal.portraits.add(portrait(A, 99)))).toEqual(
      failure,
    );
    add(room, A, 1);
    done(room.journal.portraits.add(portrait(A, 99, { editor: "omar" })));
  });

  it("that only drafts name is erased by the editor who stored it, and by nobody else", async (room) => {
    const [drafted, proposed, pending, shown] = [
      add(room, A),
      add(room, A, 30),
      add(room, A, 200),
      add(room, A, 60),
    ];
    const { portraits } = room.journal;
    room.goLive(A, { case: withPortrait(shown) });
    propose(room, proposed, 1);
    room.publish(A, { case: withPortrait(pending) });
    for (const image of [proposed, pending, shown])
      expect(portraits.eraseDrafted(A, image, "anna")).toBe("named");
    expect(portraits.eraseDrafted(A, drafted, "omar")).toBe("unknown");
    expect(portraits.eraseDrafted(B, drafted, "anna")).toBe("unknown");
    expect(portraits.eraseDrafted(A, drafted, "anna")).toBe("erased");
    expect(portraits.eraseDrafted(A, drafted, "anna")).toBe("unknown");
    expect(new Set(stored(room))).toEqual(new Set([proposed, pending, shown]));
  });

  it("must be stored before a revision may name it", (room) => {
    expect(
      refused(room.offer(0, { case: withPortrait("0".repeat(64)) })),
    ).toMatchObject({
      ...{
        tag: "invalid-case",
        issues: [{ pointer: "/case/people/0/portrait/image" }],
      },
    });
  });

  test.each(["redaction", "withdrawal", "withdrawal before the first moment"])(
    "is erased with its case: %s",
    (how) =>
      withNewsroom(async (room) => {
        const image = add(room, A);
        add(room, A, 200);
        room.publish(A, { case: withPortrait(image) });
        if (how === "withdrawal before the first moment") {
          done(room.journal.withdraw(A, "consent", "anna"));
          expect(stored(room)).toEqual([]);
          return;
        }
        room.pass();
        if (how === "redaction")
          room.erase(A, [{ what: "picture", person: "invented-person-one" }]);
        else done(room.journal.withdraw(A, "consent", "anna"));
        expect(room.journal.portraits.shown(A, image)).not.toBeNull();
        room.pass();
        expect(room.sql("SELECT * FROM portraits")).toEqual([]);
      }),
  );

  it("stays when a redaction leaves it to the person", (room) => {
    const image = addShown(room);
    room.erase(A, [{ what: "entry", at: "/events/0" }]);
    room.pass();
    expect(room.journal.portraits.shown(A, image)).not.toBeNull();
  });

  it("forgets the id that was made of a name which a redaction removed", (room) => {
    const image = addShown(room);
    room.erase(A, [{ what: "name", name: "Invented Person One" }]);
    room.pass();
    expect(room.journal.liveCase(A)?.people).toMatchObject([
      { id: "person", portrait: { image } },
    ]);
    expect(room.journal.portraits.list(A)).toMatchObject([
      { person: "person", image },
    ]);
  });

  it("has a record in which the search for a redaction finds a name, and counts those that it may not show", async (room) => {
    const image = add(room, A);
    const found = (editor: string) =>
      findMentions(room.journal, editor, ["Invented Relative"]);
    expect(found("paul")).toMatchObject({ mentions: [], hidden: 1 });
    room.publish(A, { case: withPortrait(image) });
    const { mentions, hidden } = found("paul");
    const record = {
      place: "consent",
      id: A,
      case: A,
      pointer: "/consent/givenBy",
    };
    expect(mentions).toEqual(
      expect.arrayContaining([expect.objectContaining(record)]),
    );
    expect(hidden).toBe(0);
  });

  it("of a case without a revision or a draft is erased by a withdrawal, which the erasures file then lists", async (room) => {
    add(room, A);
    const backup = await room.export();
    done(room.journal.withdraw(A, "consent", "anna"));
    expect(stored(room)).toEqual([]);
    expect(refused(room.journal.withdraw(A, "consent", "anna"))).toMatchObject({
      tag: "unknown-case",
    });
    await room.restored(room.erasures() + backup);
    expect(stored(room)).toEqual([]);
  });

  it("ends with its last day, and one that nobody published is erased after 30 days", async (room) => {
    const image = add(room, A);
    const spare = add(room, A, 200);
    room.publish(A, { case: withPortrait(image, "2026-01-01") });
    room.pass();
    room.clock = Date.parse("2026-01-01T23:59:59.999Z");
    expect(room.journal.portraits.shown(A, image)).not.toBeNull();
    room.clock++;
    expect(room.journal.portraits.shown(A, image)).toBeNull();
    room.journal.portraits.eraseLapsed();
    expect(stored(room)).toEqual([spare]);
    room.clock = Date.parse("2026-02-01T00:00:00Z");
    room.journal.portraits.eraseLapsed();
    expect(stored(room)).toEqual([]);
  });

  it("is in a backup, and a restore brings back none that was erased since", async (room) => {
    const image = addShown(room);
    const backup = await room.export();
    const rows = room.dump("portraits");
    done(room.journal.withdraw(A, "consent", "anna"));
    room.pass();
    const erasures = room.erasures();
    expect(await room.restored(backup)).toMatchObject({ portraits: 1 });
    expect(room.dump("portraits")).toEqual(rows);
    expect(room.journal.portraits.shown(A, image)).not.toBeNull();
    await room.restored(erasures + backup);
    expect(stored(room)).toEqual([]);
    await room.wipe();
    const forge = changed(
      "portrait",
      ({ columns }) => (columns.type = "image/svg+xml"),
    );
    expect(refused(await room.restore(resealed(backup, forge)))).toMatchObject({
      tag: "damaged-backup",
    });
  });
});
