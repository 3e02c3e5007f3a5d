import { render } from "preact";
import { pageAddress } from "../shared/addresses.ts";
import type { View } from "../shared/view/schema.ts";
import { CaseCard, type Variant, Words } from "./case-card.tsx";
import { follow, type Live, leave } from "./live.ts";
import widgetStyle from "./widget.css?inline";

const sheets = new WeakMap<Document, CSSStyleSheet>();

/** A style sheet serves the document alone that it was made in, and elements move from one to another. */
function sheetOf(owner: Document): CSSStyleSheet {
  const { CSSStyleSheet: Sheet } = owner.defaultView as Window & typeof globalThis;
  const sheet = sheets.get(owner) ?? new Sheet();
  if (!sheets.has(owner)) sheet.replaceSync(widgetStyle);
  sheets.set(owner, sheet);
  return sheet;
}

/** The origin in an address of the web; empty for any other text. */
function originIn(address: string): string {
  try {
    const { protocol, origin } = new URL(address);
    return /^https?:$/.test(protocol) ? origin : "";
  } catch {
    return "";
  }
}

/** The language around an element, shadow roots included. */
function langAround(element: Element): string {
  const near = element.closest<HTMLElement>("[lang]");
  if (near) return near.lang;
  const { host } = element.getRootNode() as ShadowRoot;
  return host ? langAround(host) : "";
}

/** What a case's id is made of; anything else is not even asked for. */
const ID = /^[\w-]{1,40}$/;

/** A server imports this too, and shows no element. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** What the events tell; a case that is unknown has neither number nor moment, nor has one that was never reached. */
export interface CaseStatusDetail {
  /** The revision shown. */
  number?: number | undefined;
  /** Since when it is the newest one: ISO 8601, UTC. */
  liveAt?: string | undefined;
}

/**
 * The status of a case, kept true while the page is open. Light children show until there is a view. Neither attributes nor light
 * children are changed but by the page itself.
 *
 * @tagname case-status
 * @attr {string} case - The case's id: `ua-126-19`.
 * @attr {string} lang - A BCP 47 tag; without it, the language of the page around the element.
 * @attr {"card" | "compact" | "timeline"} variant - How much is shown; `card` by default.
 * @attr {"auto" | "light" | "dark"} theme - The colours; `auto`, as the reader's system has them, by default.
 * @attr {number} heading-level - The level of the title's heading, 1 to 6 or the nearest of them; 2 by default.
 * @attr {string} endpoint - The http(s) origin of another deployment than the script's own; needed by a module, which cannot know its own.
 *
 * @slot - A link for readers without script, shown until there is a view.
 *
 * @fires {CustomEvent<CaseStatusDetail>} casestatus:ready - There is something to read, for the first time.
 * @fires {CustomEvent<CaseStatusDetail>} casestatus:change - Another revision is shown.
 * @fires {CustomEvent<CaseStatusDetail>} casestatus:error - The newsroom could not be reached; once until it is reached again.
 *
 * @cssstate loading - Nothing came yet.
 * @cssstate ready - The newest revision is shown.
 * @cssstate stale - The last known revision is shown, and marked as such.
 * @cssstate expired - Not reached for a day: only number and dates stand.
 * @cssstate withdrawn - The case was withdrawn.
 * @cssstate unshowable - The case can't be shown; its number, revision and moment are.
 * @cssstate unknown - There is no such case, or none was named.
 *
 * @csspart card - The whole.
 * @csspart number - The case's number.
 * @csspart title - The title's heading.
 * @csspart as-of - Of which day the facts are.
 * @csspart action - What is asked of readers.
 * @csspart people - The list of people.
 * @csspart changed - What changed last.
 * @csspart moment - Number and moment of the revision.
 * @csspart section - Each part that can be folded.
 * @csspart stale - Says that the newsroom could not be reached.
 * @csspart footer - Links, notes and rights.
 *
 * @cssprop --case-status-paper - Background.
 * @cssprop --case-status-ink - Text.
 * @cssprop --case-status-soft - Text of lesser weight.
 * @cssprop --case-status-rule - Lines.
 * @cssprop --case-status-tint - Background of what stands out.
 * @cssprop --case-status-link - Links.
 * @cssprop --case-status-mark - The number and marks.
 * @cssprop --case-status-open - The sign of an open action.
 * @cssprop --case-status-font - The text's typefaces.
 * @cssprop --case-status-title-font - The typefaces of the title and of quotations.
 * @cssprop --case-status-size - The text's size; the reader's own by default.
 */
export class CaseStatus extends Base {
  static observedAttributes = ["case", "lang", "variant", "heading-level", "endpoint"];
  /** Where the script came from; empty when it cannot know, as a module cannot. */
  static origin = "";

  readonly #internals = this.attachInternals();
  readonly #root = this.attachShadow({ mode: "open" });
  #due = false;
  #live: Live | undefined;
  #page = "";
  #shown: View | undefined;
  /** What a screen reader is told about the last change. */
  #news: View | undefined;
  /** Whether the page was told of a failure that still lasts. */
  #failed = false;

  get case(): string {
    return this.#read("case");
  }
  set case(id: string | null) {
    this.#write("case", id);
  }

  get variant(): Variant {
    const variant = this.#read("variant").toLowerCase();
    return variant === "compact" || variant === "timeline" ? variant : "card";
  }
  set variant(variant: Variant | null) {
    this.#write("variant", variant);
  }

  get theme(): "auto" | "light" | "dark" {
    const theme = this.#read("theme").toLowerCase();
    return theme === "light" || theme === "dark" ? theme : "auto";
  }
  set theme(theme: "auto" | "light" | "dark" | null) {
    this.#write("theme", theme);
  }

  get headingLevel(): number {
    return Math.min(Math.max(Number.parseInt(this.#read("heading-level"), 10), 1), 6) || 2;
  }
  set headingLevel(level: number | null) {
    this.#write("heading-level", level);
  }

  get endpoint(): string {
    return originIn(this.#read("endpoint")) || CaseStatus.origin;
  }
  set endpoint(origin: string | null) {
    this.#write("endpoint", origin);
  }

  #read(attribute: string): string {
    return this.getAttribute(attribute)?.trim() ?? "";
  }

  #write(attribute: string, value: string | number | null | undefined): void {
    if (value === null || value === undefined) this.removeAttribute(attribute);
    else this.setAttribute(attribute, String(value));
  }

  /** An upgrade calls back for each attribute and once more, a move twice: what came of it is looked at once, afterwards. */
  connectedCallback(): void {
    // What was set on the element before it had these properties hides them.
    for (const property of ["case", "variant", "theme", "headingLevel", "endpoint"] as const)
      if (Object.hasOwn(this, property)) {
        const { [property]: value } = this;
        delete (this as Partial<CaseStatus>)[property];
        Object.assign(this, { [property]: value });
      }
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

  /**
   * Preact makes a node with its parent's registry of custom elements. Chromium leaves a node that moved to another document the old
   * document's, and refuses to make any with it; without one, the new document's own is used.
   */
  adoptedCallback(): void {
    for (const parent of [this.#root, ...this.#root.querySelectorAll("*")])
      Object.defineProperty(parent, "customElementRegistry", { value: undefined });
  }

  #settle(): void {
    const { endpoint, isConnected } = this;
    const before = this.#live;
    this.#live = undefined;
    if (isConnected) {
      const sheet = sheetOf(this.ownerDocument);
      if (this.#root.adoptedStyleSheets[0] !== sheet) this.#root.adoptedStyleSheets = [sheet];
      const id = this.case.toLowerCase();
      const lang = langAround(this) || "en";
      this.#page = endpoint + pageAddress(id, lang);
      if (endpoint && ID.test(id)) this.#live = follow({ endpoint, id, lang }, this.#render);
      else console.warn("<case-status> shows nothing without", endpoint ? "a case's id" : "an endpoint", this);
    }
    if (this.#live !== before) {
      if (before) leave(before, this.#render);
      this.#shown = this.#news = undefined;
      this.#failed = false;
    }
    this.#render();
  }

  readonly #render = (): void => {
    const view = this.#live?.view();
    const freshness = this.#live?.freshness() ?? "fresh";
    const before = this.#shown;
    const changed = before && view?.revision?.number !== before.revision?.number;
    // What is not displayed is not heard.
    if (changed)
      this.#news = this.getClientRects()[0] && this.#live?.mayAnnounce(view?.revision?.number) ? view : undefined;
    this.#shown = view;
    render(
      <>
        {view ? (
          <CaseCard
            view={view}
            page={this.#page}
            freshness={freshness}
            variant={this.variant}
            level={this.headingLevel}
          />
        ) : (
          <slot>{this.#live && <a href={this.#page}>{this.#page}</a>}</slot>
        )}
        <p role="status" lang={view?.lang} dir={view?.dir}>
          {this.#news && <News view={this.#news} />}
        </p>
      </>,
      this.#root,
    );
    try {
      const { states } = this.#internals;
      states.clear();
      states.add(
        !this.#live
          ? "unknown"
          : !view
            ? "loading"
            : view.state !== "present"
              ? view.state
              : freshness === "fresh"
                ? "ready"
                : freshness,
      );
    } catch {
      // Browsers before 2024 know no plain names here; only a partner's own styling misses them.
    }
    if (view && !before) this.#tell("ready", view);
    else if (changed) this.#tell("change", view);
    const failed = freshness !== "fresh";
    if (failed && !this.#failed) this.#tell("error", view);
    this.#failed = failed;
  };

  #tell(type: "ready" | "change" | "error", view: View | undefined): void {
    const { number, liveAt } = view?.revision ?? {};
    const detail: CaseStatusDetail = { number, liveAt };
    this.dispatchEvent(new CustomEvent(`casestatus:${type}`, { bubbles: true, composed: true, detail }));
  }
}

const News = ({ view }: { view: View }) =>
  view.state === "present" ? (
    <>
      {view.words.changed}: {view.number} · {view.revision.label} · <Words as="span" run={view.revision.note} />
    </>
  ) : (
    <span>{view.number ? `${view.number}: ${view.title}` : view.title}</span>
  );
