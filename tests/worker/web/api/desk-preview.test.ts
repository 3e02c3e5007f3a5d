import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFields } from "../../../../shared/fields.ts";
import type { Preview, Trace } from "../../../../worker/editing/rules/desk.ts";
import { damaged } from "../../../fuzz/values.ts";
import { inventedCase, stated } from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import { call, json, publish } from "./people.ts";

const token = "test-token";
const send = (body: unknown) =>
  call("POST", "/v1/desk/preview", { token, body });
const preview = (body: unknown) => json<Preview>(200, send(body));

describe("A preview at the desk", () => {
  const base = { number: 3, case: inventedCase(7) };
  const released = inventedCase(7, {
    people: [
      { ...base.case.people[0], custody: stated("released", "2000-02-03") },
    ],
  });

  it("shows the card and the message that a publish would make", async () => {
    const shown = await preview({
      base,
      case: released,
      note: { en: "Freed." },
      lang: "uk",
    });
    expect(shown.view).toMatchObject({
      state: "present",
      lang: "uk",
      title: { text: "Вигадана справа 7" },
    });
    expect(shown.telegram?.text).toContain("Freed.");
    expect(shown.telegram?.entities.length).toBeGreaterThan(0);
    expect(shown.telegram?.buttons.flat()).toContainEqual(
      expect.objectContaining({
        url: "https://casewire.test/cases/ua-7-00?lang=uk",
      }),
    );
  });

  it("has the number that the revision will get, and does not reuse an undone one", async () => {
    await json(201, publish(token, 8));
    await call("DELETE", "/v1/cases/ua-8-00/revisions/1", { token });
    const { view } = await preview({
      case: inventedCase(8),
      note: { en: "First" },
    });
    expect(view).toMatchObject({ revision: { number: 2 } });
  });

  it("shows nothing that has no date", async () => {
    const fields = inventedCase(7) as any;
    delete fields.people[0].custody.asOf;
    delete fields.events[0].date;
    const { view } = await preview({ case: fields, note: { en: "First" } });
    expect(view).toMatchObject({
      people: { list: [{ lines: [] }] },
      timeline: { list: [] },
    });
  });

  it("has ready sentences for a changed status, and none for another change", async () => {
    const { ready } = await preview({ base, case: released });
    expect(ready?.note.uk).toContain("Invented Person One: ");
    expect(
      (
        await preview({
          base,
          case: { ...base.case, title: { en: "Another title" } },
        })
      ).ready,
    ).toBeNull();
  });

  it("shows what there is of a case that was just begun", async () => {
    const { id, number, language, asOf, action, people } = inventedCase(7);
    const shown = await preview({
      case: { id, number, language, asOf, action, people, demo: true },
    });
    expect(shown.view).toMatchObject({
      number: "UA 7/00",
      title: { text: "…" },
      people: { list: [{}] },
    });
    for (const fields of [
      {},
      { people: "x" },
      { people: [null, 1, { names: [[]] }], documents: {} },
    ])
      expect(await preview({ case: fields })).toMatchObject({
        view: null,
        telegram: null,
      });
  });

  it("is answered whatever the fields of a case contain", async () => {
    const one = damaged(fc.constant(inventedCase(7) as never)).filter(isFields);
    const based = fc.option(one.map((fields) => ({ number: 1, case: fields })));
    await fc.assert(
      fc.asyncProperty(one, based, async (fields, base) => {
        const { status } = await send({
          case: fields,
          base,
          note: { en: "Note" },
        });
        // A body may be nested too deeply to be read.
        expect([200, 400]).toContain(status);
      }),
      {
        numRuns: scaled(50, 3_000),
        examples: [
          [{ ...inventedCase(7), translations: null } as any, null],
          [{ ...inventedCase(7), id: [{ toString: null }] } as any, null],
        ],
      },
    );
  });

  it("leaves out a note whose language is none", async () => {
    for (const tag of ["", "x", "Invented text", "__proto__"]) {
      const { view } = await preview({
        case: inventedCase(7),
        note: JSON.parse(`{"${tag}": "First"}`),
      });
      expect(view, tag).toMatchObject({
        state: "present",
        revision: { note: { text: "…" } },
      });
    }
  });

  it("is refused with the field's pointer when the body has the wrong shape", async () => {
    const response = await send({ case: [], kind: "withdrawal" });
    expect(response.status).toBe(422);
    expect(
      ((await response.json()) as any).issues.map(
        ({ pointer }: any) => pointer,
      ),
    ).toEqual(["/case", "/kind"]);
  });
});

it("The preview of a withdrawal shows what readers would find, before anything is erased", async () => {
  const read = (path: string) =>
    call("GET", `/v1/desk/cases/ua-17-00${path}`, { token });
  expect((await read("/trace?lang=uk")).status).toBe(404);
  await json(201, publish(token, 17));
  const trace = await json<Trace>(200, read("/trace?lang=uk"));
  expect(trace.view).toMatchObject({
    state: "withdrawn",
    lang: "uk",
    revision: { number: 2 },
  });
  expect(trace.telegram?.text).not.toMatch(/Invented|Вигадана/);
  expect(await json(200, read(""))).toMatchObject({
    case: { id: "ua-17-00" },
    next: 2,
  });
});
