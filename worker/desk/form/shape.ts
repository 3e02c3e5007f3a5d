/**
 * The shapes of the form's fields, derived from the case's schema, so that the
 * form follows every change of the schema.
 */
import type * as v from "valibot";
import { Case, PartialDate, Text } from "../../../shared/case/schema.ts";
import { type CodeList, codeListOf } from "../../../shared/profile/codes.ts";
import type { FieldPath } from "./path.ts";

export type Shape = { optional: boolean } & (
  | { kind: "text" }
  | { kind: "date" }
  | { kind: "stated"; fields: Record<string, Shape> }
  | { kind: "group"; fields: Record<string, Shape> }
  | { kind: "list"; item: Shape }
  | { kind: "choice"; options: readonly string[] }
  /** A code of one of the profile's lists. */
  | { kind: "code"; list: CodeList }
  | { kind: "flag" }
  | { kind: "number" }
  | { kind: "language" }
  | { kind: "source" }
  | { kind: "duration" }
  | { kind: "country" }
  | { kind: "line"; input: "text" | "url" | "email" | "date"; long: boolean }
  /** A map by language or code, which has its own part of the form. */
  | { kind: "record" }
);

/** The members of a Valibot schema that are used here. */
interface Schema {
  type: string;
  entries?: Record<string, Schema>;
  wrapped?: Schema;
  item?: Schema;
  options?: readonly unknown[];
  pipe?: readonly { type: string; requirement?: unknown }[];
}

/** A text that can be longer gets a control with several lines. */
const MAX_SINGLE_LINE_LENGTH = 300;

const wrapperTypes = new Set([
  "optional",
  "nullable",
  "nullish",
  "exact_optional",
]);

/**
 * String fields whose kind follows from their name, or from the name of their
 * list.
 */
const kindsByName: Record<
  string,
  "language" | "source" | "duration" | "country"
> = {
  lang: "language",
  language: "language",
  languages: "language",
  source: "source",
  duration: "duration",
  authorities: "country",
};

/** @param parent the name of the object or list that the field is in */
function shapeOf(schema: Schema, name: string, parent = ""): Shape {
  if (wrapperTypes.has(schema.type) && schema.wrapped) {
    // The schema can't say that a source is required once the case has
    // documents.
    const optional = name !== "source" || parent === "action";
    return { ...shapeOf(schema.wrapped, name, parent), optional };
  }
  const optional = false;
  if (schema === (Text as unknown)) return { kind: "text", optional };
  if (schema === (PartialDate as unknown)) return { kind: "date", optional };
  const list = schema.type === "string" ? codeListOf(parent, name) : undefined;
  if (list) return { kind: "code", list, optional };
  const known =
    schema.type === "string" || schema.type === "union"
      ? kindsByName[name]
      : undefined;
  if (known) return { kind: known, optional };
  switch (schema.type) {
    case "strict_object": {
      const fields = Object.fromEntries(
        Object.entries(schema.entries ?? {}).map(([key, entry]) => [
          key,
          shapeOf(entry, key, name),
        ]),
      );
      return {
        kind: "statedBy" in fields ? "stated" : "group",
        fields,
        optional,
      };
    }
    case "array":
      return {
        kind: "list",
        item: shapeOf(schema.item as Schema, name, parent),
        optional,
      };
    case "picklist":
      return {
        kind: "choice",
        options: (schema.options ?? []) as string[],
        optional,
      };
    case "boolean":
      return { kind: "flag", optional };
    case "number":
      return { kind: "number", optional };
    case "record":
      return { kind: "record", optional };
    default: {
      const rules = schema.pipe ?? [];
      const input =
        name === "until"
          ? "date"
          : (["url", "email"] as const).find((rule) =>
              rules.some(({ type }) => type === rule),
            );
      const most = rules.find(({ type }) => type === "max_length")?.requirement;
      return {
        kind: "line",
        input: input ?? "text",
        long:
          !input && typeof most === "number" && most > MAX_SINGLE_LINE_LENGTH,
        optional,
      };
    }
  }
}

const whole = shapeOf(Case as unknown as Schema, "");

export type FieldName = keyof v.InferOutput<typeof Case>;

/** The shape of the field at a path of the case. */
export const shapeAt = (path: FieldPath): Shape =>
  path.reduce((shape, key) => {
    const next =
      "item" in shape
        ? shape.item
        : "fields" in shape
          ? shape.fields[key]
          : undefined;
    if (!next) throw new Error(`No field at ${path.join("/")}`);
    return next;
  }, whole);

/** The shapes of an object's fields. */
export function fieldsAt(path: FieldPath): Record<string, Shape> {
  const shape = shapeAt(path);
  return "fields" in shape ? shape.fields : {};
}
