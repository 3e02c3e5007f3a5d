/** Parameters that several routes take. */
import * as v from "valibot";
import { actionStates } from "../../shared/case/schema.ts";

const LIMIT = "must be a number from 1 to 100";

export const lang = v.pipe(
  v.optional(v.string()),
  v.description("BCP 47; a language that is not spoken here falls back to English, and the answer says so"),
);

export const revisionNumber = v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number));

/** Which cases a list shows. */
export const listQuery = {
  q: v.pipe(
    v.optional(v.pipe(v.string(), v.maxLength(200, "must be at most 200 characters"))),
    v.description("Names and numbers, whatever their spelling: Aliev finds Aliyev"),
  ),
  action: v.optional(v.picklist(actionStates, "must be active, closed or suspended")),
  lang,
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^\d+$/, LIMIT), v.transform(Number), v.minValue(1, LIMIT), v.maxValue(100, LIMIT)),
    "50",
  ),
  cursor: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^\d+\.\d+$/, "must be a cursor out of a Link header"))),
    v.description("Out of the `Link` header of the page before"),
  ),
};
export type ListQuery = { [K in keyof typeof listQuery]: v.InferOutput<(typeof listQuery)[K]> };
