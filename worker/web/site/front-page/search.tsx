import style from "../../../../dist/search-style.css";
import { paths } from "../../../../shared/addresses.ts";
import { regionName } from "../../../../shared/intl.ts";
import { type LocaleTag, locales } from "../../../../shared/locale.ts";
import { message, sayIn } from "../../../../shared/messages.ts";
import { dateIn } from "../../../../shared/view/date.ts";
import type { ListPageQuery } from "../../../editing/contract/parameters.ts";

export const searchStyle = style;

interface SelectProps {
  name: string;
  label: string;
  /** The words for leaving the choice open; absent where one must be made. */
  all?: string;
  options: { value: string; text: string }[];
  chosen: string | undefined;
}

/** A field of a form that sends one of several values. */
export const Select = ({ name, label, all, options, chosen }: SelectProps) => (
  <label>
    {label}
    <select name={name}>
      {all !== undefined && <option value="">{all}</option>}
      {options.map(({ value, text }) => (
        <option value={value} selected={value === chosen}>
          {text}
        </option>
      ))}
    </select>
  </label>
);

const DAY_MS = 86_400_000;
/** The spans of time to choose from. */
const SPANS_DAYS = [7, 30, 365];

/** The code of no country, which invented cases have. */
const NOWHERE = "ZZ";

/**
 * Countries by name, with the chosen one also when no case has it. There is no
 * choice with fewer than two.
 */
function countryOptions(
  codes: string[],
  chosen: string | undefined,
  locale: LocaleTag,
): SelectProps["options"] {
  const known = [...codes, ...(chosen ? [chosen] : [])].filter(
    (code) => code !== NOWHERE,
  );
  if (known.length < 2 && !chosen) return [];
  return (
    [...new Set(known)]
      // Intl would throw for a region of a country, such as UA-43.
      .map((value) => ({
        value,
        text: (value.length === 2 && regionName(locale, value)) || value,
      }))
      .toSorted((a, b) => a.text.localeCompare(b.text, locales[locale].intl))
  );
}

/**
 * Spans of time up to `now`, with the chosen day also when it ends none of
 * them.
 */
function spanOptions(
  now: number,
  chosen: string | undefined,
  locale: LocaleTag,
): SelectProps["options"] {
  const spans = SPANS_DAYS.map((count) => ({
    value: new Date(now - count * DAY_MS).toISOString().slice(0, 10),
    text: message(locale, "page.search.since.days", { count }),
  }));
  const isOther = chosen && !spans.some(({ value }) => value === chosen);
  return isOther
    ? [
        ...spans,
        { value: chosen, text: dateIn(locale, `${chosen.slice(0, 10)}/..`) },
      ]
    : spans;
}

interface SearchProps {
  locale: LocaleTag;
  query?: Partial<ListPageQuery>;
  /**
   * What the filters offer, and the time in milliseconds since the epoch.
   * Without it, there are no filters.
   */
  choices?: { countries: string[]; authorities: string[]; now: number };
}

/** The search form, which opens the front page with the matching cases. */
export function Search({ locale, query = {}, choices }: SearchProps) {
  const say = sayIn(locale);
  const { place, authority, changedSince } = query;
  const { countries = [], authorities = [], now = 0 } = choices ?? {};
  const filters = [
    {
      name: "place",
      options: countryOptions(countries, place, locale),
      chosen: place,
      all: "place",
    },
    {
      name: "authority",
      options: countryOptions(authorities, authority, locale),
      chosen: authority,
      all: "place",
    },
    {
      name: "changedSince",
      options: spanOptions(now, changedSince, locale),
      chosen: changedSince,
      all: "since",
    },
  ] as const;
  return (
    <search>
      <form
        class="search"
        action={paths.front}
        method="get"
        aria-label={say("page.search")}
      >
        <input type="hidden" name="lang" value={locale} />
        <label class="query">
          {say("page.search.label")}
          <input
            type="search"
            name="q"
            value={query.q ?? ""}
            maxLength={200}
            dir="auto"
            autocomplete="off"
          />
        </label>
        <button type="submit">{say("page.search.button")}</button>
        {choices && (
          <details
            open={Boolean(place || authority || changedSince || query.action)}
          >
            <summary>{say("page.embed.choose")}</summary>
            <div>
              {filters.map(
                ({ all, ...filter }) =>
                  filter.options[0] && (
                    <Select
                      {...filter}
                      label={say(
                        `page.search.${filter.name === "changedSince" ? "since" : filter.name}`,
                      )}
                      all={say(`page.search.${all}.all`)}
                    />
                  ),
              )}
              <label class="open">
                <input
                  type="checkbox"
                  name="action"
                  value="active"
                  checked={query.action === "active"}
                />{" "}
                {say("page.search.open")}
              </label>
            </div>
          </details>
        )}
      </form>
    </search>
  );
}
