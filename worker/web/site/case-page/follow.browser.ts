/**
 * Script of a case's pages, which also work without it. Once a minute, it asks
 * whether another revision is live. If one is, a bar says what changed and
 * offers it. A text that was withdrawn or redacted must not stay readable, and
 * nobody may be asked to act any more when the action has ended, so the page
 * then loads itself again.
 */
import type { PresentView, Run, View } from "../../../../shared/view/schema.ts";
import { ask, bar, everyMinute } from "../newer/every-minute.browser.ts";

const {
  view,
  shown,
  newest,
  action: shownAction,
} = bar.dataset as Record<"view" | "shown" | "newest" | "action", string>;
let known = newest;

everyMinute(async () => {
  const answer = await (await ask(view)).json();
  // A refusal of the API contains the view. An outage has none, and an address
  // that isn't the API's no state.
  const next: View = answer.view ?? answer;
  if (!next.state) return false;
  if (
    next.state !== "present" ||
    (shownAction === "active" && next.action.state !== "active")
  ) {
    location.reload();
    return true;
  }
  const { revision } = next;
  const live = `${revision.number} ${revision.liveAt}`;
  if (live === known) return true;
  // A redaction before the newest revision has erased what is shown.
  const { ok, status } = await ask(shown, "HEAD");
  if (status === 410) location.reload();
  else if (ok) {
    known = live;
    offer(revision);
  }
  return true;
});

/** Keeps a bar that is open, which may have the focus. */
function offer({ label, changes, note }: PresentView["revision"]): void {
  if (!bar.firstChild) {
    bar.append(
      (bar.nextElementSibling as HTMLTemplateElement).content.cloneNode(true),
    );
    bar
      .querySelector("button")
      ?.addEventListener("click", () => bar.replaceChildren());
  }
  // What the card says first.
  const [change] = changes.list;
  const {
    text,
    lang,
    dir = document.dir,
    outdated,
  } = change ? ({ text: change } as Run) : note;
  const words = document.createElement("bdi");
  if (lang) words.lang = lang;
  words.dir = dir;
  words.textContent = outdated ? `[${outdated}] ${text}` : text;
  const said = bar.querySelector(".said") as HTMLElement;
  said.firstElementChild?.replaceChildren(label);
  said.lastElementChild?.replaceWith(words);
}
