/** TypeScript types of `<case-status>`. Copy this file, and `react.d.ts` or `preact.d.ts` if you use either. */

export interface CaseStatusAttributes {
  /** The case's number as printed, such as `UA 126/19`, or its id, `ua-126-19`. */
  case: string;
  /** A BCP 47 language tag. Default: the language of the surrounding page. */
  lang?: string;
  variant?: "card" | "compact" | "timeline";
  theme?: "auto" | "light" | "dark";
  /** `lazy` asks for the case when a reader is less than a screen away. Default: `eager`. */
  loading?: "eager" | "lazy";
  /** Level of the title's heading, 1 to 6. Default: 2. */
  "heading-level"?: number | string;
  /** Origin of the deployment. Default: the origin that the script was loaded from. */
  endpoint?: string;
  /** Addresses of mirrors, separated by spaces, which are asked when the deployment doesn't answer. */
  sources?: string;
  /** The public key of the deployment's signed log. Only what it signed is shown from a mirror. */
  "log-key"?: string;
}

export interface CaseStatusDetail {
  /** Number of the revision shown; undefined when the case is unknown or couldn't be loaded. */
  revision?: number | undefined;
  /** When that revision went live: ISO 8601, UTC. */
  liveAt?: string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "case-status": HTMLElement;
  }
  interface HTMLElementEventMap {
    "casestatus:ready": CustomEvent<CaseStatusDetail>;
    "casestatus:change": CustomEvent<CaseStatusDetail>;
    "casestatus:error": CustomEvent<CaseStatusDetail>;
    "casestatus:recovered": CustomEvent<CaseStatusDetail>;
  }
}
