/**
 * Copies from mirrors: only what the newsroom signed is shown, never an older
 * revision, and not for ever.
 */
import { expect, it } from "vitest";
import {
  SIGNED_VIEW_HEADER,
  type SignedView,
} from "../shared/view/signed-view.ts";
import { mayReplace, signedViewIn } from "../widget/signed-view.ts";
import { keyLine, signerOf } from "../worker/runtime/checkpoint.ts";
import { present, withdrawn } from "./widget/newsroom.ts";

const signer = await signerOf("casewire.test/v1/log", btoa("x".repeat(32)));
const key = keyLine(signer.public);
const DAY_MS = 86_400_000;
const daysFromNow = (days: number) =>
  new Date(Date.now() + days * DAY_MS).toISOString();

const copyOf = (
  number: number,
  change: Partial<SignedView> = {},
): SignedView => ({
  made: daysFromNow(-1),
  expires: daysFromNow(6),
  view: present(number)("uk"),
  ...change,
});
const noteOf = (copy: SignedView) =>
  signer.signText(`${SIGNED_VIEW_HEADER}\n${JSON.stringify(copy)}\n`);
const expected = { key, id: "ua-0-00", lang: "uk" };

it("A signed view is read with the newsroom's key, as the case and in the language that were asked for", async () => {
  const note = await noteOf(copyOf(1));
  expect(await signedViewIn(note, expected)).toEqual(
    JSON.parse(JSON.stringify(copyOf(1, JSON.parse(note.split("\n")[1]!)))),
  );
  const other = keyLine(
    (await signerOf("casewire.test/v1/log", btoa("y".repeat(32)))).public,
  );
  const checkpoint = await signer.sign({ size: 1, root: new Uint8Array(32) });
  const refused: [string, Partial<typeof expected>][] = [
    [note.replace("Note 1", "Note 7"), {}],
    [note.replace('"number":1', '"number":2'), {}],
    [note.replace(SIGNED_VIEW_HEADER, "casewire signed view 2"), {}],
    [note, { id: "ua-1-00" }],
    [note, { lang: "en" }],
    [note, { key: other }],
    [checkpoint, {}],
    ["", {}],
    ["<!doctype html>", {}],
    [note, { key: "" }],
  ];
  for (const [text, change] of refused)
    expect(
      await signedViewIn(text, { ...expected, ...change }).catch(() => null),
      text,
    ).toBeNull();
});

it("A copy never goes back to an older revision, and of the same one the newest copy wins, until it expires", () => {
  const [one, two] = [present(1)("uk"), present(2)("uk")];
  const shown = (more: Partial<Parameters<typeof mayReplace>[1]>) => ({
    view: undefined,
    isTooOld: false,
    ...more,
  });
  expect(mayReplace(copyOf(1), shown({}))).toBe(true);
  expect(mayReplace(copyOf(1, { expires: daysFromNow(0) }), shown({}))).toBe(
    false,
  );
  expect(mayReplace(copyOf(1, { expires: "never" }), shown({}))).toBe(false);
  expect(mayReplace(copyOf(1), shown({ view: two }))).toBe(false);
  expect(mayReplace(copyOf(2), shown({ view: one }))).toBe(true);
  expect(
    mayReplace(copyOf(1), shown({ view: withdrawn("ua-0-00", 2)("uk") })),
  ).toBe(false);
  expect(
    mayReplace(
      { ...copyOf(1), view: withdrawn("ua-0-00", 2)("uk") },
      shown({ view: one }),
    ),
  ).toBe(true);
  // The newsroom's own last answer says the same, until it is too old to be
  // shown whole.
  expect(mayReplace(copyOf(1), shown({ view: one }))).toBe(false);
  expect(mayReplace(copyOf(1), shown({ view: one, isTooOld: true }))).toBe(
    true,
  );
  expect(mayReplace(copyOf(1), shown({ copy: copyOf(2) }))).toBe(false);
  expect(mayReplace(copyOf(1), shown({ copy: copyOf(1) }))).toBe(false);
  expect(
    mayReplace(copyOf(1, { made: daysFromNow(0) }), shown({ copy: copyOf(1) })),
  ).toBe(true);
});
