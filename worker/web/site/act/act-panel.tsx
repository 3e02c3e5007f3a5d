/** The place to act on a case's page and in a frame, while an action is open. */
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import type { AppealView } from "../../../../shared/view/schema.ts";
import { Appeal } from "../../../../widget/appeal.tsx";
import { Words } from "../../../../widget/case-card.tsx";

interface ActPanelProps {
  appeal: AppealView;
  locale: LocaleTag;
  /** When the view changes by time alone, ISO 8601: the deadline may have passed then. */
  until?: string | undefined;
}

export const ActPanel = ({ appeal, locale, until }: ActPanelProps) => (
  <section class="appeal" id="act" aria-labelledby="act-title" data-until={until}>
    <h2 id="act-title">{message(locale, "bot.act")}</h2>
    <p class="deadline">
      <b>{appeal.label}</b>
    </p>
    <Words as="p" run={appeal.request} />
    <Appeal appeal={appeal} as="h3" />
  </section>
);
