import type { ComponentChildren } from "preact";
import { pageRoute } from "../shared/protocol.ts";
import type { View } from "../shared/view.ts";
import { CaseCard, run } from "./case-card.tsx";
import { follow, type Live, leave } from "./live.ts";
import { render } from "./render.ts";
import { widgetStyle } from "./style.ts";

const sheet = new CSSStyleSheet();
sheet.replaceSync(widgetStyle);

/**
 * `<case-status case="ua-126-19" lang="uk">`: the status of a case, kept true while the page is open. `endpoint` names another
 * deployment than the script's own. Light children show until there is a view. States for `:state()`: loading, ready, stale,
 * expired, withdrawn, unknown. Neither attributes nor light children are ever changed.
 */
export class CaseStatus extends HTMLElement {
  static observedAttributes = ["case", "lang", "endpoint"];
  static origin: string = location.origin;

  readonly #internals = this.attachInternals();
  readonly #root = this.attachShadow({ mode: "open" });
  #due = false;
  #live: Live | undefined;
  #page = "";
  #shown: View | undefined;
  /** What a screen reader is told about the last change. */
  #news: View | undefined;
  #rendered: ComponentChildren;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  /** An upgrade calls back for each attribute and once more, a move twice: what came of it is looked at once, afterwards. */
  connectedCallback(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#settle();
    });
  }

  disconnectedCallback(): void {
    this.connectedCallback();
  }

  attributeChangedCallback(): void {
    this.connectedCallback();
  }

  #settle(): void {
    const id = this.isConnected && this.getAttribute("case")?.trim().toLowerCase();
    const lang = this.closest<HTMLElement>("[lang]")?.lang || "en";
    const endpoint = (this.getAttribute("endpoint") || CaseStatus.origin).replace(/\/$/, "");
    const before = this.#live;
    this.#page = endpoint + pageRoute(id || "", lang);
    this.#live = id ? follow({ endpoint, id, lang }, this.#render) : undefined;
    if (this.#live === before) return;
    if (before) leave(before, this.#render);
    this.#shown = this.#news = undefined;
    this.#render();
  }

  readonly #render = (): void => {
    const view = this.#live?.view();
    const freshness = this.#live?.freshness() ?? "fresh";
    if (this.#shown && view?.revision?.number !== this.#shown.revision?.number) this.#news = view;
    this.#shown = view;
    const children = (
      <>
        {view ? (
          <CaseCard view={view} page={this.#page} freshness={freshness} />
        ) : (
          <slot>{this.#live && <a href={this.#page}>{this.#page}</a>}</slot>
        )}
        <p role="status" lang={view?.lang} dir={view?.dir}>
          {this.#news && <News view={this.#news} />}
        </p>
      </>
    );
    render(children, this.#root, this.#rendered);
    this.#rendered = children;
    try {
      const { states } = this.#internals;
      states.clear();
      states.add(
        !view ? "loading" : view.state !== "present" ? view.state : freshness === "fresh" ? "ready" : freshness,
      );
    } catch {
      // Browsers before 2024 know no plain names here; only a partner's own styling misses them.
    }
  };
}

const News = ({ view }: { view: View }) =>
  view.state === "present" ? (
    <>
      {view.words.changed}: <span {...run(view.revision.note)} />
    </>
  ) : (
    <span>{view.title}</span>
  );
