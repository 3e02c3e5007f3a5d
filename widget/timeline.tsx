/**
 * The dated events of a timeline, in the widget's second script and on the
 * server.
 */
import type { PresentView } from "../shared/view/schema.ts";
import { Words } from "./case-card.tsx";

/**
 * The kinds of events that the timeline marks: arrest, conviction, sentence,
 * appeal, release, death.
 */
const MILESTONE = /^(ar|co|se|ap|rel|de)/;

/**
 * The newest first, so that what has no room is the oldest.
 * @param isWhole in their own order, as on the case's page
 */
export const Events = ({
  view: { timeline },
  isWhole = false,
}: {
  view: PresentView;
  isWhole?: boolean;
}) => (
  <ul class="events" part="section" aria-label={timeline.label}>
    {(isWhole ? timeline.list : timeline.list.toReversed()).map(
      ({ when, date, kind, text }) => (
        // The length of an EDTF date tells a day, a month and a year apart from
        // what is less certain.
        <li
          class={`d${date.length}${MILESTONE.test(kind) ? " milestone" : ""}`}
        >
          <b>{when}</b>
          <Words as="p" run={text} />
        </li>
      ),
    )}
  </ul>
);
