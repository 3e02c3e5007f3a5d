/** Random values that follow a Valibot schema, and damage to JSON values. */
import fc from "fast-check";
import type * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import { inventedCase } from "../support/invented.ts";

type Json = fc.JsonValue;

/** Random values of which some are likelier, by weight. */
export const mixed = <T>(
  ...parts: (readonly [weight: number, values: fc.Arbitrary<T>])[]
): fc.Arbitrary<T> =>
  fc.oneof(...parts.map(([weight, arbitrary]) => ({ weight, arbitrary })));

/**
 * Texts that break careless code. fast-check makes some of its own, such as
 * `__proto__`.
 */
const oddTexts = [
  "",
  " ",
  "..",
  "0",
  "-1",
  "1e9",
  "999999999",
  "NaN",
  "null",
  "%",
  "%00",
  "%ff",
  "\0",
  "\u202e",
  "\ud800",
  "\ufeff",
  "💥",
  "İ",
  "ﷺ",
  "e\u0301\u0316".repeat(40),
  "' OR 1=1 --",
  '"><script>alert(1)</script>',
  "http://127.0.0.1:9/",
  "https://[::1]/",
  "javascript:alert(1)",
  "2999-12-31",
  "2000-02-30",
  "9999-99-99T99:99:99Z",
  "+275760-09-13T00:00:00.001Z",
  "uk-UA-x-private",
  "a".repeat(5_000),
  "(".repeat(2_000),
];

export const text: fc.Arbitrary<string> = mixed(
  [3, fc.constantFrom(...oddTexts)],
  [1, fc.string({ maxLength: 60 })],
  [1, fc.string({ unit: "grapheme", maxLength: 30 })],
  [1, fc.string({ unit: "binary", maxLength: 10 })],
);

const deep: Json = JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`);
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    [],
    {},
    [null],
    { en: null },
    [{ toString: null }],
  ),
  fc.constant(deep),
  text,
  fc.jsonValue({ maxDepth: 3 }),
);

/** Some values have no string form: `[{"toString": null}]`. */
export const asText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

const moments = fc.oneof(
  fc.constantFrom(
    "2000-01-01T00:00:00Z",
    "2026-11-25T12:00:00.000Z",
    "2999-01-01T00:00:00+14:00",
  ),
  fc
    .integer({ min: -60_000, max: 60_000 })
    .map((ms) => new Date(Date.now() + ms).toISOString()),
);

/** Any schema, with the parts of each kind that are read here. */
interface Shape {
  type: string;
  pipe?: readonly (Shape & { requirement?: unknown })[];
  wrapped?: Shape;
  options?: readonly unknown[];
  literal?: Json;
  item?: Shape;
  key?: Shape;
  value?: Shape;
  entries?: Record<string, Shape>;
}

function textLike(rules: NonNullable<Shape["pipe"]>): fc.Arbitrary<string> {
  const has = (...types: string[]) =>
    rules.some(({ type }) => types.includes(type));
  if (has("iso_timestamp", "iso_date_time")) return moments;
  if (has("iso_date"))
    return fc.constantFrom("2000-01-01", "2099-12-31", "2000-02-29");
  if (has("url"))
    return fc.constantFrom(
      "https://hooks.invalid/c",
      "https://casewire.test/cases/ua-1-00",
    );
  const pattern = rules.find(({ type }) => type === "regex")?.requirement;
  try {
    // fast-check doesn't know every kind of pattern.
    if (pattern instanceof RegExp)
      return fc.stringMatching(pattern, { maxLength: 60 });
  } catch {}
  return fc.oneof(
    fc.constantFrom(
      "Invented text",
      "en",
      "first",
      "invented-person-one",
      "00000000-0000-4000-8000-000000000001",
    ),
    text,
  );
}

function objectOf(
  entries: Record<string, Shape>,
  depth: number,
): fc.Arbitrary<Json> {
  const required = Object.keys(entries).filter(
    (key) => !entries[key]!.type.endsWith("optional"),
  );
  const model = Object.fromEntries(
    Object.entries(entries).map(([key, child]) => [
      key,
      fromShape(child, depth - 1),
    ]),
  );
  return fc.record(model, { requiredKeys: required }) as fc.Arbitrary<Json>;
}

function fromShape(shape: Shape, depth: number): fc.Arbitrary<Json> {
  if ((shape as unknown) === Case) return cases;
  const [root = shape, ...rules] = shape.pipe ?? [];
  if (root !== shape && root.type !== "string") return fromShape(root, depth);
  if (depth <= 0) return odd;
  switch (root.type) {
    case "string":
      return textLike(rules);
    case "number":
      return fc.oneof(
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom(-1, 0.5, 1e9, 2 ** 53),
      );
    case "boolean":
      return fc.boolean();
    case "literal":
      return fc.constant(root.literal ?? null);
    case "picklist":
      return fc.constantFrom(...(root.options as Json[]));
    case "array":
      return fc.array(fromShape(root.item!, depth - 1), { maxLength: 3 });
    case "record": {
      const keys = fc
        .oneof(
          fc.constantFrom("en", "uk", "ar"),
          fromShape(root.key!, depth - 1),
        )
        .map(asText);
      return fc.dictionary(keys, fromShape(root.value!, depth - 1), {
        maxKeys: 3,
      });
    }
    case "strict_object":
      return objectOf(root.entries!, depth);
    case "optional":
    case "exact_optional":
      return fromShape(root.wrapped!, depth);
    case "nullable":
      return fc.oneof(fc.constant(null), fromShape(root.wrapped!, depth));
    case "union":
      return fc.oneof(
        ...(root.options as Shape[]).map((option) =>
          fromShape(option, depth - 1),
        ),
      );
    case "custom":
      return fc.oneof(cases, fc.jsonValue({ maxDepth: 2 }));
    default:
      return odd;
  }
}

/**
 * Values of a schema's input; some break rules that the schema checks in code.
 */
export const inputOf = (schema: v.GenericSchema): fc.Arbitrary<Json> =>
  fromShape(schema as unknown as Shape, 8);

const CASES = 6;
export const wholeCase: fc.Arbitrary<Json> = fc
  .record({
    number: fc.integer({ min: 1, max: CASES }),
    title: fc.constantFrom("Invented case", "Invented case, changed"),
    day: fc.integer({ min: 1, max: 28 }),
  })
  .map(({ number, title, day }) => {
    const asOf = { date: `2000-02-${String(day).padStart(2, "0")}` };
    return JSON.parse(
      JSON.stringify({
        ...inventedCase(number),
        title: { en: title, uk: "Вигадана справа" },
        asOf,
      }),
    );
  });
const anyCase = objectOf(
  (Case as unknown as { pipe: Shape[] }).pipe?.[0]?.entries ??
    (Case as unknown as Shape).entries!,
  6,
);
export const cases: fc.Arbitrary<Json> = mixed(
  [4, wholeCase],
  [3, damaged(wholeCase)],
  [1, anyCase],
);
export const caseIds = Array.from(
  { length: CASES },
  (_, index) => inventedCase(index + 1).id,
);

type Place = [parent: Record<string, unknown>, key: string];
const placesIn = (value: unknown): Place[] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, child]) => [
        [value, key] as Place,
        ...placesIn(child),
      ]);

/** Replaces, deletes, renames or repeats one to three parts of each value. */
export function damaged(values: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.nat({ max: 3 }),
    by: odd,
    key: text,
  });
  return fc
    .tuple(values, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]) => {
      const holder = { value: structuredClone(value) as unknown };
      for (const { at, how, by, key } of changes) {
        const places = placesIn(holder);
        const [parent, name] = places[at % places.length]!;
        const old = parent[name];
        if (how === 0 || parent === holder) parent[name] = structuredClone(by);
        else if (how === 1) delete parent[name];
        // A large index would make an array as large.
        else if (how === 2 && !Array.isArray(parent))
          Object.defineProperty(parent, key, {
            value: old,
            enumerable: true,
            configurable: true,
            writable: true,
          });
        else if (Array.isArray(old))
          old.push(...(structuredClone(old) as unknown[]));
        else parent[name] = [old, structuredClone(by)];
      }
      return (holder.value ?? null) as Json;
    });
}
