import { render } from "preact";
import { actAddress } from "../shared/addresses.ts";
import type { ActAnswer } from "../shared/view/schema.ts";
import appealStyle from "./appeal.css?inline";
import { Appeal } from "./appeal.tsx";
import { request } from "./load.ts";
import { showTools, startWriting } from "./writing.ts";

/** A longer timer would end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Shows whom to write to in place of the link in the card, as long as readers
 * are asked. It has a shadow root of its own, which the card's renderer doesn't
 * touch.
 * @param details the place to act, opened
 */
export async function showAppeal(details: HTMLDetailsElement): Promise<void> {
  const place = details.lastElementChild as HTMLElement;
  const page = new URL((place.firstElementChild as HTMLAnchorElement).href);
  const [, , id = ""] = page.pathname.split("/");
  const answer: ActAnswer = await (
    await request(
      page.origin + actAddress(id, page.searchParams.get("lang") ?? ""),
    )
  ).json();
  const { appeal } = answer;
  const isNew = !place.shadowRoot;
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(appealStyle);
  root.adoptedStyleSheets = [sheet];
  const host = (details.getRootNode() as ShadowRoot).host;
  const [, level] =
    details.parentElement?.querySelector(".title")?.localName ?? "";
  const Part = `h${Math.min(Number(level) + 1, 6)}` as "h3";
  const show = (isAsked: boolean) => {
    render(
      appeal && isAsked ? (
        <div class="appeal" lang={answer.lang} dir={answer.dir}>
          <Appeal appeal={appeal} as={Part} />
        </div>
      ) : (
        <slot />
      ),
      root,
    );
    showTools(root);
  };
  const left = appeal?.ends
    ? Date.parse(appeal.ends) - Date.now()
    : Number.POSITIVE_INFINITY;
  show(left > 0);
  if (isNew) startWriting(root);
  if (left < MAX_TIMER_MS) setTimeout(show, left, false);
  // Another revision may ask for something else: the link is back until the
  // answer to that has come.
  host.addEventListener(
    "casestatus:change",
    () => {
      show(false);
      if (details.open && details.isConnected)
        showAppeal(details).catch(() => {});
    },
    { once: true },
  );
}
