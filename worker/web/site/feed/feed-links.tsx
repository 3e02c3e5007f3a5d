import { addresses } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";

/** Links by which feed readers discover a page's feeds. */
export const FeedLinks = ({ locale, id, title }: { locale: LocaleTag; id?: string; title: string }) => (
  <>
    <link rel="alternate" type="application/atom+xml" title={title} href={addresses.feed("atom", id, locale)} />
    <link rel="alternate" type="application/feed+json" title={title} href={addresses.feed("json", id, locale)} />
  </>
);
