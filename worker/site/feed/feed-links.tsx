import { addresses } from "../../../shared/addresses.ts";
import type { LocaleTag } from "../../../shared/locale.ts";

/** Where a feed reader finds the feeds of a page. */
export const FeedLinks = ({ locale, id, title }: { locale: LocaleTag; id?: string; title: string }) => (
  <>
    <link rel="alternate" type="application/atom+xml" title={title} href={addresses.feed("atom", id, locale)} />
    <link rel="alternate" type="application/feed+json" title={title} href={addresses.feed("json", id, locale)} />
  </>
);
