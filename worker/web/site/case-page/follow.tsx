/**
 * What keeps an open page of a case from passing for current: a bar that offers
 * the newest revision, and the script that fills it.
 */
import script from "../../../../dist/follow.js";
import { addresses } from "../../../../shared/addresses.ts";
import { message } from "../../../../shared/messages.ts";
import type { PresentView } from "../../../../shared/view/schema.ts";
import type { Published } from "../../../reads/state.ts";
import { Newer } from "../newer/newer.tsx";

export const followScript = script;

interface FollowProps {
  view: PresentView;
  /** The case's newest revision, which may be another than the page's. */
  newest: Published;
}

export const Follow = ({
  view: { id, lang, revision, action },
  newest,
}: FollowProps) => (
  <>
    <Newer
      locale={lang}
      data-view={addresses.view(id, lang)}
      data-shown={addresses.revision(id, revision.number)}
      data-action={action.state}
      data-newest={`${newest.number} ${newest.liveAt}`}
    />
    <template>
      <p>
        <span class="said">
          <b /> · <bdi />
        </span>{" "}
        <a href={addresses.page(id, lang)}>
          {message(lang, "page.superseded.newest")}
        </a>
      </p>
      <button type="button" aria-label={message(lang, "page.close")}>
        ×
      </button>
    </template>
    <script type="module" dangerouslySetInnerHTML={{ __html: script }} />
  </>
);
