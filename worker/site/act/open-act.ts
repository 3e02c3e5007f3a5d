import type { LocaleTag } from "../../../shared/locale.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { type OpenAct, viewAct } from "../../../shared/view/act.ts";
import type { CaseState } from "../../reads/state.ts";

/** What readers are asked to do now; null when nothing is asked. @param now milliseconds since the epoch */
export function openActOf(state: CaseState, locale: LocaleTag, now: number, profile: Profile): OpenAct | null {
  if (state.state !== "present") return null;
  const { case: fields, revision } = state.record;
  const act = viewAct(fields, revision, locale, now, undefined, profile);
  return act.act === "open" ? act : null;
}
