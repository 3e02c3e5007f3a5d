import { Fragment, render } from "preact";
import { pageAddress } from "../shared/addresses.ts";
import type { PresentView, View } from "../shared/view/schema.ts";
import { CaseCard, type CaseCardProps, type Variant } from "./case-card.tsx";
import { subscribe, unsubscribe } from "./live.ts";
import type { LiveView } from "./load.ts";
import { loadMore, type More } from "./load-more.ts";
import widgetStyle from "./widget.css?inline";

/**
 * Returns the origin of an http(s) URL, or an empty string for anything else.
 */
function originIn(address: string): string {
  try {
    const { origin } = new URL(address);
    return /^http/.test(origin) ? origin : "";
  } catch {
    return "";
  }
}

/**
 * Returns the language inherited by an element, across shadow roots; empty when
 * none is set.
 */
function langAround(element: Element): string {
  const near = element.closest<HTMLElement>("[lang]");
  if (near) return near.lang;
  const { host } = element.getRootNode() as ShadowRoot;
  return host ? langAround(host) : "";
}

/** Anything else can't be a case's id and is never requested. */
const CASE_ID = /^[\w-]{1,40}$/;
/** "UA 126/19" is ua-126-19. */
const BETWEEN_PARTS = /[\s:./]+/g;

/** What an attribute may say, the default first. */
const choices: Record<string, string[]> = {
  variant: ["card", "compact", "timeline"],
  theme: ["auto", "light", "dark"],
  loading: ["eager", "lazy"],
};

/**
 * Shows the status of a case and keeps it current while the page is open. Shows
 * its light children until the case has loaded. Never changes its own
 * attributes or light children. docs/widget.md describes its attributes,
 * events, parts, states and custom properties.
 */
export class CaseStatus extends HTMLElement {
  static observedAttributes = [
    "case",
    "lang",
    "heading-level",
    "endpoint",
    "sources",
    "log-key",
    ...Object.keys(choices),
  ];
  /**
   * Origin that the script was loaded from; empty when imported as a module.
   */
  static origin = "";
  /** The second script renders with the first one's Preact. */
  static preact: object;

  readonly #internals = this.attachInternals();
  /**
   * A server may have rendered the card already, as declarative shadow DOM. Its
   * nodes stay until the view has come, and then too.
   */
  readonly #root =
    this.#internals.shadowRoot ?? this.attachShadow({ mode: "open" });
  /** The server's card is shown. */
  #adopted = this.#root.hasChildNodes();
  /**
   * Nobody has reserved a height: neither the page, nor a server with its card.
   */
  readonly #isBare = !this.#adopted;
  #updateQueued = false;
  #live: LiveView | undefined;
  /** Empty without a case's id. */
  #page = "";
  /** False while a lazy element hasn't been near what the reader sees. */
  #wanted = false;
  /** Holds the light children while there is no view. */
  #slot: HTMLElement | undefined;
  /**
   * The view of the last render. Null before the first render of a live view.
   */
  #shown: View | undefined | null = null;
  /** The change that screen readers announce. */
  #announced: View | undefined;
  /** The root's text after the last render, to notice changes by others. */
  #text = "";
  /** Counts fresh starts of the rendered tree. */
  #generation = 0;
  /** True from an `error` event until the newsroom is reached again. */
  #failed = false;
  /** The second script, once it has come. */
  #more: More | undefined;

  constructor() {
    super();
    // The state `open` lets the element grow beyond the height that its page
    // gives it.
    this.#root.addEventListener(
      "toggle",
      ({ target }) => {
        const details = target as HTMLDetailsElement;
        this.#render();
        if (details.open)
          loadMore(new URL(this.#page).origin, (more) =>
            more.showAppeal(details),
          );
      },
      true,
    );
  }

  #read(attribute: string): string {
    return this.getAttribute(attribute)?.trim() ?? "";
  }

  #choice(attribute: string): string {
    const allowed = choices[attribute] as string[];
    const given = this.#read(attribute).toLowerCase();
    return allowed.includes(given) ? given : (allowed[0] as string);
  }

  /**
   * Queues one update. An upgrade calls back once per attribute and once more,
   * a move twice.
   */
  connectedCallback(): void {
    if (this.#updateQueued) return;
    this.#updateQueued = true;
    queueMicrotask(() => {
      this.#updateQueued = false;
      this.#update();
    });
  }

  disconnectedCallback(): void {
    this.connectedCallback();
  }

  /**
   * A document makes no elements for the registry of another, which Preact
   * would ask for, so the card is drawn afresh.
   */
  adoptedCallback(): void {
    Object.defineProperty(this.#root, "customElementRegistry", {
      value: undefined,
    });
    this.#generation++;
  }

  attributeChangedCallback(name: string): void {
    if (
      choices[name] &&
      this.#read(name) &&
      this.#choice(name) !== this.#read(name).toLowerCase()
    )
      console.warn(`<case-status> knows no ${name} but`, choices[name], this);
    this.connectedCallback();
  }

  #update(): void {
    const endpoint = originIn(this.#read("endpoint")) || CaseStatus.origin;
    const { defaultView } = this.ownerDocument;
    const before = this.#live;
    this.#live = undefined;
    this.#page = "";
    if (this.isConnected && defaultView) {
      // Documents don't share style sheets, and an element can move to another
      // one.
      const sheet = new (
        defaultView as typeof globalThis & Window
      ).CSSStyleSheet();
      sheet.replaceSync(widgetStyle + (this.#more?.timelineStyle ?? ""));
      this.#root.adoptedStyleSheets = [sheet];
      const id = this.#read("case").toLowerCase().replace(BETWEEN_PARTS, "-");
      if (!this.#more && this.#choice("variant") === "timeline")
        loadMore(endpoint, (more) => {
          this.#more = more;
          this.#update();
        });
      if (endpoint && CASE_ID.test(id)) {
        const lang = langAround(this) || "en";
        this.#page = endpoint + pageAddress(id, lang);
        this.#wanted ||= this.#choice("loading") === "eager";
        if (this.#wanted)
          this.#live = subscribe(
            {
              endpoint,
              id,
              lang,
              sources: this.#read("sources"),
              logKey: this.#read("log-key"),
            },
            this.#render,
          );
        else {
          new IntersectionObserver(
            (entries, near) => {
              if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
              near.disconnect();
              this.#wanted = true;
              this.#update();
            },
            { rootMargin: "100%" },
          ).observe(this);
        }
      } else console.warn("<case-status> needs a case and an endpoint", this);
    }
    if (this.#live !== before) {
      if (before) {
        unsubscribe(before, this.#render);
        this.#adopted = false;
      }
      this.#shown = null;
      this.#announced = undefined;
      this.#failed = false;
    }
    this.#render();
  }

  readonly #render = (): void => {
    const view =
      this.#more || this.#choice("variant") !== "timeline"
        ? this.#live?.view()
        : undefined;
    if (view) this.#adopted = false;
    const freshness = this.#live?.freshness() ?? "fresh";
    const before = this.#shown;
    const changed =
      before && view?.revision?.liveAt !== before.revision?.liveAt;
    // Hidden elements don't announce changes.
    if (changed)
      this.#announced =
        this.getClientRects()[0] && this.#live?.mayAnnounce(view)
          ? view
          : undefined;
    this.#shown = view;
    // A page translator replaces text nodes, and Preact would go on updating
    // the ones that were taken out.
    if (this.#root.textContent !== this.#text) this.#generation++;
    if (view) this.#draw(view, freshness);
    else if (before !== undefined && !this.#adopted) this.#drawLink();
    this.#text = this.#root.textContent;
    try {
      const { states } = this.#internals;
      states.clear();
      if (this.#root.querySelector("[open]")) states.add("open");
      // Where a page unsets every style, the card would leave the element and
      // cover the page.
      else if (this.#isBare && getComputedStyle(this).position !== "static")
        states.add("bare");
      states.add(
        !this.#page
          ? "unknown"
          : view && view.state !== "present"
            ? view.state
            : freshness !== "fresh"
              ? freshness
              : view
                ? "ready"
                : "loading",
      );
    } catch {
      // Browsers before 2024 don't support plain state names. Only a partner's
      // styling of the states is lost.
    }
    if (view && !before) this.#dispatch("ready", view);
    else if (changed) this.#dispatch("change", view);
    const failed = freshness !== "fresh";
    if (failed !== this.#failed)
      this.#dispatch(failed ? "error" : "recovered", view);
    this.#failed = failed;
  };

  /**
   * Shows the light children, or else a link, in the place of the card. Preact
   * would take longer for it, and the card soon replaces it.
   */
  #drawLink(): void {
    this.#slot = document.createElement("slot");
    this.#slot.className = "case";
    this.#slot.part = "card";
    if (this.#page && !this.firstChild) {
      const link = this.#slot.appendChild(document.createElement("a"));
      link.href = link.textContent = this.#page;
    }
    this.#root.replaceChildren(this.#slot);
    this.#generation++;
  }

  /**
   * Starts afresh without a view that can't be rendered, however it got past
   * the checks.
   */
  #draw(view: View, freshness: NonNullable<CaseCardProps["freshness"]>): void {
    const variant = this.#choice("variant") as Variant;
    try {
      this.#slot?.remove();
      render(
        <Fragment key={this.#generation}>
          <CaseCard
            view={view}
            page={this.#page}
            freshness={freshness}
            variant={variant}
            face={this.#isBare}
            level={Number(this.#read("heading-level").match(/^[1-6]$/)) || 2}
            events={
              view.state === "present" && variant === "timeline"
                ? this.#more?.events(view)
                : null
            }
          />
          <p role="status" lang={view.lang} dir={view.dir}>
            {this.#announced &&
              `${view.number} · ${view.revision?.label}: ${((view as PresentView).news?.[0]?.text ?? view.title).text}`}
          </p>
        </Fragment>,
        this.#root,
      );
    } catch {
      this.#drawLink();
      queueMicrotask(() => this.#live?.discard(view));
    }
  }

  #dispatch(
    type: "ready" | "change" | "error" | "recovered",
    view: View | undefined,
  ): void {
    const { number: revision, liveAt } = view?.revision ?? {};
    const detail = { revision, liveAt };
    this.dispatchEvent(
      new CustomEvent(`casestatus:${type}`, {
        bubbles: true,
        composed: true,
        detail,
      }),
    );
  }
}
