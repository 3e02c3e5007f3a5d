import { paths } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { type MessageKey, message } from "../../../shared/messages.ts";
import type { ListQuery } from "../../contract/parameters.ts";

/** The search form, which opens the front page with the matching cases. */
export function Search({ locale, query = {} }: { locale: LocaleTag; query?: Partial<ListQuery> }) {
  const say = (key: MessageKey) => message(locale, key);
  return (
    <search>
      <form class="search" action={paths.front} method="get" aria-label={say("page.search")}>
        <input type="hidden" name="lang" value={locale} />
        <label class="query">
          {say("page.search.label")}
          <input type="search" name="q" value={query.q ?? ""} maxLength={200} dir="auto" />
        </label>
        <label class="open">
          <input type="checkbox" name="action" value="active" checked={query.action === "active"} />{" "}
          {say("page.search.open")}
        </label>
        <button type="submit">{say("page.search.button")}</button>
      </form>
    </search>
  );
}
