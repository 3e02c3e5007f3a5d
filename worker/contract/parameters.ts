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

/** How a case looks on a partner's page. */
export const look = {
  variant: v.pipe(v.optional(v.string()), v.description("card, compact or timeline; card for anything else")),
  theme: v.pipe(v.optional(v.string()), v.description("auto, light or dark; auto for anything else")),
};

export const revisionNumber = wholeNumber("must be the number of a revision", 0);

export const DEFAULT_LIMIT = 50;
const limit = v.optional(wholeNumber("must be a number from 1 to 100", 1, 100), String(DEFAULT_LIMIT));
const CURSOR = "must be a cursor from a Link header";
const FROM_LINK = "From the `Link` header of the previous page";

/** The cursor of a history: the number of a revision. The page holds those before it. */
export const historyCursor = v.pipe(v.optional(wholeNumber(CURSOR)), v.description(FROM_LINK));

/** Paging of a case's history. */
export const historyQuery = { limit, cursor: historyCursor };

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

/** The list's parameters on the front page, whose form also sends an empty place. */
export const pageQuery = {
  ...listQuery,
  place: v.pipe(
    v.optional(v.pipe(v.string(), v.regex(/^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$/, "must be an ISO 3166 code such as RU"))),
    v.description("ISO 3166 code of a responsible authority or of a place"),
  ),
};
export type PageQuery = { [K in keyof typeof pageQuery]: v.InferOutput<(typeof pageQuery)[K]> };
