/** What worker, widget and bot say to each other: addresses and wire types. */
import type { Case, PartialDate, Text } from "./case/schema.ts";
import type { RevisionKind } from "./revision.ts";

const enc = encodeURIComponent;

// By themselves, so that the widget need not carry the others.
export const viewRoute = (id: string, lang: string) => `/v1/cases/${enc(id)}/view?lang=${enc(lang)}`;
export const liveRoute = (id: string, lang: string, revision: number) =>
  `/v1/live?case=${enc(id)}&lang=${enc(lang)}&revision=${revision}`;
export const pageRoute = (id: string, lang?: string) => `/cases/${enc(id)}${lang ? `?lang=${enc(lang)}` : ""}`;

function queryOf(parameters: Record<string, string | undefined>): string {
  const query = Object.entries(parameters).flatMap(([name, value]) => (value ? [`${name}=${enc(value)}`] : []));
  return query.length > 0 ? `?${query.join("&")}` : "";
}

const inLanguage = (lang: string | undefined) => queryOf({ lang });

export const routes = {
  front: (lang?: string) => `/${inLanguage(lang)}`,
  cases: "/v1/cases",
  case: (id: string) => `/v1/cases/${enc(id)}`,
  view: viewRoute,
  revisions: (id: string) => `/v1/cases/${enc(id)}/revisions`,
  revision: (id: string, number: number) => `/v1/cases/${enc(id)}/revisions/${number}`,
  drafts: "/v1/drafts",
  deskKeys: "/v1/desk/keys",
  /** The editors' page, and its script and style at addresses of their own. */
  desk: "/desk",
  deskFile: (hash: string, kind: string) => `/desk@${hash}.${kind}`,
  deskMe: "/v1/desk/me",
  deskCases: "/v1/desk/cases",
  deskDrafts: "/v1/desk/drafts",
  deskDraft: (id: string) => `/v1/desk/drafts/${enc(id)}`,
  deskPreview: "/v1/desk/preview",
  deskProposals: "/v1/desk/proposals",
  deskProposal: (id: string) => `/v1/desk/proposals/${enc(id)}`,
  deskApproval: (id: string) => `/v1/desk/proposals/${enc(id)}/approve`,
  deskRejection: (id: string) => `/v1/desk/proposals/${enc(id)}/reject`,
  deskAudit: "/v1/desk/audit",
  deskAuditLog: "/v1/desk/audit.ndjson",
  deskExport: "/v1/desk/export",
  deskRestore: "/v1/desk/restore",
  deskErasures: "/v1/desk/erasures",
  deskFollowers: "/v1/desk/followers",
  deskDeliveries: "/v1/desk/deliveries",
  deskCase: (id: string) => `/v1/desk/cases/${enc(id)}`,
  deskTrace: (id: string, lang: string) => `/v1/desk/cases/${enc(id)}/trace?lang=${enc(lang)}`,
  live: liveRoute,
  page: pageRoute,
  revisionPage: (id: string, number: number, lang?: string) =>
    `/cases/${enc(id)}/revisions/${number}${inLanguage(lang)}`,
  /** @param look more of the query: `variant`, `theme` */
  embed: (id: string, lang?: string, look: Record<string, string> = {}) =>
    `/embed/${enc(id)}${queryOf({ lang, ...look })}`,
  /** The page for webmasters, with that case chosen; `ui` is its own language, `lang` that of what it shows. */
  embedGuide: (id?: string, lang?: string) => `/embed${queryOf({ case: id, lang, ui: lang })}`,
  embedGuideScript: "/embed.js",
  badge: (id: string, lang?: string) => `/badge/${enc(id)}.svg${inLanguage(lang)}`,
  oembed: "/oembed",
  /** Of one case, or of all. */
  feed: (format: "atom" | "json", id?: string, lang?: string) =>
    `${id ? `/cases/${enc(id)}` : ""}/feed.${format}${inLanguage(lang)}`,
  preview: "/preview.png",
  widget: "/widget.js",
  pinnedWidget: (hash: string) => `/widget@${hash}.js`,
  widgetRelease: "/widget.json",
  telegram: "/telegram",
  health: "/healthz",
  openapi: "/v1/openapi.json",
  caseSchema: "/v1/schemas/case.json",
} as const;

/** An entry of `GET /v1/cases`. */
export interface CaseSummary {
  id: string;
  number: string;
  demo: boolean;
  title: Text;
  language: string;
  issuer: string;
  action: Case["action"]["state"];
  until?: string;
  asOf: string;
  /** What of that date its source does not say itself; absent in summaries of before November 2026. */
  inferred?: PartialDate["inferred"];
  /** ISO 3166 codes of the authorities responsible and of the places, each place's country too. */
  places: string[];
  /** Preferred names. */
  people: string[];
  /** Every spelling of every name, for search. */
  spellings: string[];
  revision: { number: number; sequence: number; kind: RevisionKind; liveAt: string };
}

/** Messages of one revision that Telegram refused for one reason, which nobody foresaw; of `GET /v1/desk/deliveries`. */
export interface Parked {
  id: string;
  revision: number;
  /** Telegram's words, without the chat. */
  trouble: string;
  count: number;
}

/** The answer to a publish. */
export interface Published {
  revision: number;
  /** ISO 8601, UTC, milliseconds; until then the revision can be undone. */
  liveAt: string;
}

/** How many people a card, a message or an embed names; the rest are counted, except on the case's own page. */
export const PEOPLE_NAMED = 12;
