/** What the server draws into a card, and the widget doesn't. */
import type { Case } from "../../shared/case/schema.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import type { Pictures } from "../../widget/case-card.tsx";
import { locatorOf } from "./map/locator.tsx";

export const picturesOf = async (fields: Case, locale: LocaleTag): Promise<Pictures> => ({
  map: await locatorOf(fields, locale),
});
