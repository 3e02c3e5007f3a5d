import { paths } from "../../../shared/addresses.ts";
import { regionName } from "../../../shared/intl.ts";
import { type LocaleTag, locales } from "../../../shared/locale.ts";
import { type MessageKey, message } from "../../../shared/messages.ts";
import type { PageQuery } from "../../contract/parameters.ts";

function Places({ locale, countries, chosen }: { locale: LocaleTag; countries: string[]; chosen: string | undefined }) {
  const named = [...new Set([...countries, ...(chosen ? [chosen] : [])])]
    // Intl would throw for a region of a country, such as UA-43.
    .map((code) => ({ code, name: (code.length === 2 && regionName(locale, code)) || code }))
    .toSorted((a, b) => a.name.localeCompare(b.name, locales[locale].intl));
  return (
    <label>
      {message(locale, "page.search.place")}
      <select name="place">
        <option value="">{message(locale, "page.search.place.all")}</option>
        {named.map(({ code, name }) => (
          <option value={code} selected={code === chosen}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SearchProps {
  locale: LocaleTag;
  query?: Partial<PageQuery>;
  /** The countries to choose from; there is no choice with fewer than two. */
  countries?: string[];
}

/** The search form, which opens the front page with the matching cases. */
export function Search({ locale, query = {}, countries = [] }: SearchProps) {
  const say = (key: MessageKey) => message(locale, key);
  return (
    <search>
      <form class="search" action={paths.front} method="get" aria-label={say("page.search")}>
        <input type="hidden" name="lang" value={locale} />
        <label class="query">
          {say("page.search.label")}
          <input type="search" name="q" value={query.q ?? ""} maxLength={200} dir="auto" autocomplete="off" />
        </label>
        <button type="submit">{say("page.search.button")}</button>
        {(countries.length > 1 || query.place) && <Places locale={locale} countries={countries} chosen={query.place} />}
        <label class="open">
          <input type="checkbox" name="action" value="active" checked={query.action === "active"} />{" "}
          {say("page.search.open")}
        </label>
      </form>
    </search>
  );
}
