import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";

/**
 * The bar over an open page, filled by the page's script. Empty until there is
 * news, because screen readers announce only what is added to an element that
 * they know.
 */
export const Newer = ({
  locale,
  ...data
}: {
  locale: LocaleTag;
  [data: `data-${string}`]: string;
}) => (
  <div
    class="newer"
    role="status"
    data-lost={message(locale, "view.offline")}
    {...data}
  />
);
