/** Parameters that several routes share. */
import * as v from "valibot";
import { actionStates } from "../../shared/case/schema.ts";

/** A whole number in a URL. The OpenAPI document describes it as an integer. */
export const wholeNumber = (message: string, minimum = 1, maximum = 999_999_999) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.transform(Number),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
    v.metadata({ inUrl: { type: "integer", minimum, maximum } }),
  );

export const lang = v.pipe(
  v.optional(v.string()),
  v.description("A BCP 47 tag; an unsupported language falls back to English, and the answer names the language used"),
);

export const revisionNumber = wholeNumber("must be the number of a revision", 0);

export const DEFAULT_LIMIT = 50;
const limit = v.optional(wholeNumber("must be a number from 1 to 100", 1, 100), String(DEFAULT_LIMIT));
const CURSOR = "must be a cursor from a Link header";
const FROM_LINK = "From the `Link` header of the previous page";

/** The cursor of a history: the number of a revision. The page holds those before it. */
export const historyCursor = v.pipe(v.optional(wholeNumber(CURSOR)), v.description(FROM_LINK));

/** Paging of a case's history. */
export const historyQuery = { limit, cursor: historyCursor };

const CHANGES_CURSOR = "must be the `next` of an earlier answer";

/** Paging of the log of changes. */
export const changesQuery = {
  since: v.pipe(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,15}-\d{1,4}-[0-9a-f]{32}$/, CHANGES_CURSOR),
        v.transform((cursor) => {
          const [position = "", ...log] = cursor.split("-");
          return { position: Number(position), log: log.join("-") };
        }),
        v.metadata({ inUrl: { type: "string" } }),
      ),
    ),
    v.description("`next` of the previous answer; everything from the start when absent"),
  ),
  limit,
};

/** Filters and paging of the list of cases. */
export const listQuery = {
  q: v.pipe(
    v.optional(v.pipe(v.string(), v.maxLength(200, "must be at most 200 characters"))),
    v.description("Names of people and places, and numbers, in any spelling or script: Aliev finds Aliyev"),
  ),
  action: v.optional(v.picklist(actionStates, "must be active, closed or suspended")),
  lang,
  limit,
  cursor: v.pipe(v.optional(v.pipe(v.string(), v.regex(/^\d+\.\d+$/, CURSOR))), v.description(FROM_LINK)),
};
export type ListQuery = { [K in keyof typeof listQuery]: v.InferOutput<(typeof listQuery)[K]> };
