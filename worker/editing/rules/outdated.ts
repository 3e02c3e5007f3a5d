/** Lists the translations of a case whose source has changed. */
import type { Case } from "../../../shared/case/schema.ts";
import { isOutdated, textsIn } from "../../../shared/case/text.ts";
import { printNumber } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { OutdatedText } from "./desk.ts";
import { pointerTo } from "./publication.ts";

export const outdatedIn = (fields: Case, profile: Profile): Omit<OutdatedText, "case" | "revision">[] =>
  textsIn(fields).flatMap(({ path, text }) =>
    Object.entries(text)
      .filter(([lang]) => isOutdated(text, lang, fields.language))
      .map(([lang, entry]) => ({
        number: printNumber(fields.number, profile),
        pointer: pointerTo(path),
        lang,
        reviewed: typeof entry === "object" && entry.reviewed === true,
      })),
  );
