/** Types of `<case-status>` for pages in TypeScript: copy this file, and the one for React or Preact beside it. */

export interface CaseStatusAttributes {
  /** The case's id: `ua-126-19`. */
  case: string;
  /** A BCP 47 tag; without it, the language of the page around the element. */
  lang?: string;
  variant?: "card" | "compact" | "timeline";
  theme?: "auto" | "light" | "dark";
  /** The level of the title's heading, 1 to 6; 2 by default. */
  "heading-level"?: number | string;
  /** The origin of another deployment than the script's own. */
  endpoint?: string;
}

export interface CaseStatusDetail {
  /** The revision shown; none for a case that is unknown or was never reached. */
  number?: number | undefined;
  /** Since when it is the newest one: ISO 8601, UTC. */
  liveAt?: string | undefined;
}

export interface CaseStatusElement extends HTMLElement {
  get case(): string;
  set case(id: string | null);
  get variant(): "card" | "compact" | "timeline";
  set variant(variant: "card" | "compact" | "timeline" | null);
  get theme(): "auto" | "light" | "dark";
  set theme(theme: "auto" | "light" | "dark" | null);
  get headingLevel(): number;
  set headingLevel(level: number | null);
  get endpoint(): string;
  set endpoint(origin: string | null);
}

declare global {
  interface HTMLElementTagNameMap {
    "case-status": CaseStatusElement;
  }
  interface HTMLElementEventMap {
    "casestatus:ready": CustomEvent<CaseStatusDetail>;
    "casestatus:change": CustomEvent<CaseStatusDetail>;
    "casestatus:error": CustomEvent<CaseStatusDetail>;
  }
}
