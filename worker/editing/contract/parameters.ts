/** Parameters that several routes share. */
import * as v from "valibot";
import { parseEdtf } from "../../../shared/case/partial-date.ts";
import { actionStates } from "../../../shared/case/schema.ts";
import { described } from "../../../shared/described.ts";

/** A whole number in a URL. The OpenAPI document describes it as an integer. */
export const wholeNumber = (
  message: string,
  minimum = 1,
  maximum = 999_999_999,
) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.metadata({ inUrl: { type: "integer", minimum, maximum } }),
    v.transform(Number),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
  );

export const lang = described(
  v.optional(v.string()),
  "A BCP 47 tag; an unsupported language falls back to English, and the answer names the language used",
);

/** How a case looks on a partner's page. */
export const look = {
  variant: described(
    v.optional(v.string()),
    "card, compact or timeline; card for anything else",
  ),
  theme: described(
    v.optional(v.string()),
    "auto, light or dark; auto for anything else",
  ),
};

export const frameTheme = described(
  v.optional(v.string()),
  "light, dark or auto; light for anything else",
);

export const revisionNumber = wholeNumber(
  "must be the number of a revision",
  0,
);

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 100;
const limit = v.optional(
  wholeNumber(`must be a number from 1 to ${MAX_LIMIT}`, 1, MAX_LIMIT),
  String(DEFAULT_LIMIT),
);
const CURSOR = "must be a cursor from a Link header";
const FROM_LINK = "From the `Link` header of the previous page";

/**
 * The cursor of a history: the number of a revision. The page holds those
 * before it.
 */
export const historyCursor = described(
  v.optional(wholeNumber(CURSOR)),
  FROM_LINK,
);

/** Paging of a case's history. */
export const historyQuery = { limit, cursor: historyCursor };

const CHANGES_CURSOR = "must be the `next` of an earlier answer";

/** Paging of the log of changes. */
export const changesQuery = {
  since: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(/^\d{1,15}-\d{1,4}-[0-9a-f]{32}$/, CHANGES_CURSOR),
        v.transform((cursor) => {
          const [position = "", ...log] = cursor.split("-");
          return { position: Number(position), log: log.join("-") };
        }),
      ),
    ),
    "`next` of the previous answer; everything from the start when absent",
  ),
  limit,
};

/** Filters and paging of the list of cases. */
export const listQuery = {
  q: described(
    v.optional(
      v.pipe(v.string(), v.maxLength(200, "must be at most 200 characters")),
    ),
    "Names of people and places, and numbers, in any spelling or script: Aliev finds Aliyev",
  ),
  action: v.optional(
    v.picklist(actionStates, "must be active, closed or suspended"),
  ),
  lang,
  limit,
  cursor: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^\d{1,15}\.[a-z0-9-]{0,40}(~\d{1,15}\.[a-z0-9-]{0,40}){1,2}$/,
          CURSOR,
        ),
      ),
    ),
    FROM_LINK,
  ),
};
type Outputs<S extends Record<string, v.GenericSchema>> = {
  [K in keyof S]: v.InferOutput<S[K]>;
};
export type ListQuery = Outputs<typeof listQuery> &
  Partial<Outputs<typeof listFilters>>;

const name = v.optional(
  v.pipe(v.string(), v.maxLength(200, "must be at most 200 characters")),
);
const DAY_OR_MOMENT =
  /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
const MOMENT =
  "must be a day or a moment, such as 2026-11-25 or 2026-11-25T12:00:00Z";
const isDayOrMoment = (text: string) =>
  DAY_OR_MOMENT.test(text) &&
  parseEdtf(text.slice(0, 10)) !== null &&
  !Number.isNaN(Date.parse(text));
const CHANGED_SINCE =
  "Cases whose newest revision went live then or later; a day begins at midnight UTC";

/**
 * Further filters of the JSON and CSV lists. The handler checks codes against
 * the profile.
 */
export const listFilters = {
  place: described(
    name,
    "The ISO 3166 code of a place or its country, such as UA-43, or a name of the place",
  ),
  authority: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^[A-Za-z]{2}$/,
          "must be the ISO 3166 code of a country, such as RU",
        ),
        v.toUpperCase(),
      ),
    ),
    "The ISO 3166 code of a responsible authority's country",
  ),
  custody: described(
    v.optional(v.string()),
    "A state of custody: cases with a person in that state",
  ),
  person: described(name, "A person's name, in any spelling or script"),
  series: described(
    v.optional(v.pipe(v.string(), v.toUpperCase())),
    "The code of a series of case numbers",
  ),
  changedSince: described(
    v.optional(
      v.pipe(
        v.string(),
        v.check(isDayOrMoment, MOMENT),
        v.transform((text) => Date.parse(text)),
      ),
    ),
    CHANGED_SINCE,
  ),
};

/**
 * The list's parameters on the front page, whose form also sends what a reader
 * leaves open, empty.
 */
export const pageQuery = {
  ...listQuery,
  authority: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^([A-Z]{2})?$/,
          "must be the ISO 3166 code of a country, such as RU",
        ),
      ),
    ),
    "ISO 3166 code of a responsible authority's country",
  ),
  changedSince: described(
    v.optional(
      v.pipe(
        v.string(),
        v.check((text) => text === "" || isDayOrMoment(text), MOMENT),
      ),
    ),
    CHANGED_SINCE,
  ),
  place: described(
    v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$/,
          "must be an ISO 3166 code such as RU",
        ),
      ),
    ),
    "ISO 3166 code of a responsible authority or of a place",
  ),
};
export type ListPageQuery = {
  [K in keyof typeof pageQuery]: v.InferOutput<(typeof pageQuery)[K]>;
};
