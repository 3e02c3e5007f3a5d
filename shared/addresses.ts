/**
 * Every public path, declared once as a URI template. The `{names}` are those
 * of the route's parameters; one that ends in `Path` may hold slashes.
 */

// Separate constants, so that the widget's bundle contains only these paths.
const VIEW = "/v1/cases/{id}/view";
const ACT = "/v1/cases/{id}/act";
const LIVE = "/v1/live";
const CASE_PAGE = "/cases/{id}";

export const paths = {
  front: "/",
  allCases: "/cases",
  imprint: "/imprint",
  privacy: "/privacy",
  terms: "/terms",
  page: CASE_PAGE,
  revisionPage: "/cases/{id}/revisions/{number}",
  atomFeed: "/feed.atom",
  jsonFeed: "/feed.json",
  caseAtomFeed: "/cases/{id}/feed.atom",
  caseJsonFeed: "/cases/{id}/feed.json",
  docs: "/docs",
  calendar: "/calendar.ics",
  caseCalendar: "/cases/{id}/calendar.ics",
  embedGuide: "/embed",
  embedGuideScript: "/embed.js",
  embed: "/embed/{id}",
  fragment: "/embed/{id}.fragment",
  shareImage: "/share/{id}.png",
  portrait: "/portraits/{id}/{image}",
  badge: "/badge/{id}.svg",
  oembed: "/oembed",
  preview: "/preview.png",
  robots: "/robots.txt",
  sitemap: "/sitemap.xml",
  sitemapPart: "/sitemap-{part}.xml",
  securityTxt: "/.well-known/security.txt",
  relatedOrigins: "/.well-known/webauthn",
  favicon: "/favicon.ico",
  icon: "/icon.png",
  manifest: "/manifest.webmanifest",
  widget: "/widget.js",
  pinnedWidget: "/widget@{hash}.js",
  widgetRelease: "/widget.json",
  desk: "/desk",
  deskFile: "/desk@{hash}.{kind}",
  health: "/healthz",
  status: "/status",
  metrics: "/metrics",
  logKey: "/.well-known/casewire-log-key",
  telegram: "/telegram",
  followPage: "/follow",
  followWorker: "/follow-worker.js",

  cases: "/v1/cases",
  casesCsv: "/v1/cases.csv",
  case: "/v1/cases/{id}",
  questions: "/v1/cases/{id}/questions",
  view: VIEW,
  act: ACT,
  signedView: "/v1/cases/{id}/signed-view",
  revisions: "/v1/cases/{id}/revisions",
  revision: "/v1/cases/{id}/revisions/{number}",
  changes: "/v1/changes",
  places: "/v1/places",
  logCheckpoint: "/v1/log/checkpoint",
  logTile: "/v1/log/tile/{tilePath}",
  live: LIVE,
  follow: "/v1/follow",
  forget: "/v1/forget",
  openapi: "/v1/openapi.json",
  statusJson: "/v1/status",
  dataPackage: "/v1/datapackage.json",
  caseSchema: "/v1/schemas/case.json",

  drafts: "/v1/drafts",
  deskMe: "/v1/desk/me",
  deskCases: "/v1/desk/cases",
  deskCase: "/v1/desk/cases/{id}",
  deskPortraits: "/v1/desk/cases/{id}/portraits",
  deskPortrait: "/v1/desk/cases/{id}/portraits/{image}",
  deskTrace: "/v1/desk/cases/{id}/trace",
  deskErasure: "/v1/desk/cases/{id}/erasures",
  deskErasurePreview: "/v1/desk/cases/{id}/erasures/preview",
  deskDrafts: "/v1/desk/drafts",
  deskDraft: "/v1/desk/drafts/{id}",
  deskPreview: "/v1/desk/preview",
  deskPlaces: "/v1/desk/places",
  deskPlace: "/v1/desk/places/{id}",
  deskProposals: "/v1/desk/proposals",
  deskProposal: "/v1/desk/proposals/{id}",
  deskApproval: "/v1/desk/proposals/{id}/approve",
  deskRejection: "/v1/desk/proposals/{id}/reject",
  deskAudit: "/v1/desk/audit",
  deskAuditLog: "/v1/desk/audit.ndjson",
  deskExport: "/v1/desk/export",
  deskErasures: "/v1/desk/erasures",
  deskRestore: "/v1/desk/restore",
  deskBackups: "/v1/desk/backups",
  deskBackup: "/v1/desk/backups/{kind}/{file}",
  deskFollowers: "/v1/desk/followers",
  deskKeys: "/v1/desk/keys",
  deskDeliveries: "/v1/desk/deliveries",
  deskHooks: "/v1/desk/hooks",
  deskHook: "/v1/desk/hooks/{id}",
  deskReplay: "/v1/desk/hooks/{id}/replay",
  deskTakeOver: "/v1/desk/hooks/{id}/take-over",
  deskChats: "/v1/desk/chats",
  deskChat: "/v1/desk/chats/{id}",
  deskSession: "/v1/desk/session",
  deskSignIn: "/v1/desk/sign-in",
  deskSignInOptions: "/v1/desk/sign-in/options",
  deskRecovery: "/v1/desk/sign-in/recovery",
  deskEnrolment: "/v1/desk/enrolment",
  deskEnrolmentOptions: "/v1/desk/enrolment/options",
  deskAccess: "/v1/desk/me/access",
  deskPasskeys: "/v1/desk/me/passkeys",
  deskPasskeyOptions: "/v1/desk/me/passkey-options",
  deskPasskey: "/v1/desk/me/passkeys/{id}",
  deskRecoveryCodes: "/v1/desk/me/recovery-codes",
  deskTokens: "/v1/desk/tokens",
  deskToken: "/v1/desk/tokens/{id}",
  deskEditors: "/v1/desk/people",
  deskEditor: "/v1/desk/people/{name}",
  deskInvitations: "/v1/desk/invitations",
  deskInvitation: "/v1/desk/invitations/{id}",
} as const;

type Values = Record<string, string | number | undefined>;

/**
 * Fills in a path's `{names}`. The other values become its query; undefined and
 * empty ones are left out.
 * `addressOf(paths.page, { id: "ua-126-19", lang: "uk" })` is `/cases/ua-126-19?lang=uk`.
 */
export function addressOf(path: string, values: Values = {}): string {
  const query: string[] = [];
  let address = path;
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === "") continue;
    const text = encodeURIComponent(value);
    const filled = address.replace(`{${name}}`, text);
    if (filled === address) query.push(`${name}=${text}`);
    address = filled;
  }
  return query[0] ? `${address}?${query.join("&")}` : address;
}

// Shorter than `addressOf`, for the widget, whose ids need no encoding.
const inCase = (id: string, part: string, lang?: string) =>
  `/cases/${id}${part}${lang ? `?lang=${encodeURIComponent(lang)}` : ""}`;
export const viewAddress = (id: string, lang: string) =>
  `/v1${inCase(id, "/view", lang)}`;
export const actAddress = (id: string, lang: string) =>
  `/v1${inCase(id, "/act", lang)}`;
export const pageAddress = (id: string, lang?: string) => inCase(id, "", lang);
/**
 * @param revision that the client has: its number, its code (`revisionCode`),
 * or 0
 */
export const liveAddress = (id: string, lang: string, revision: number) =>
  `${LIVE}?case=${id}&lang=${encodeURIComponent(lang)}&revision=${revision}`;

/** The addresses that several places build. */
export const addresses = {
  front: (lang?: string) => addressOf(paths.front, { lang }),
  follow: (id?: string, lang?: string) =>
    addressOf(paths.followPage, { case: id, lang }),
  case: (id: string) => addressOf(paths.case, { id }),
  view: viewAddress,
  signedView: (id: string, lang: string) =>
    addressOf(paths.signedView, { id, lang }),
  revisions: (id: string) => addressOf(paths.revisions, { id }),
  revision: (id: string, number: number) =>
    addressOf(paths.revision, { id, number }),
  live: liveAddress,
  page: pageAddress,
  revisionPage: (id: string, number: number, lang?: string) =>
    addressOf(paths.revisionPage, { id, number, lang }),
  /** @param look further query parameters: `variant`, `theme` */
  embed: (id: string, lang?: string, look: Record<string, string> = {}) =>
    addressOf(paths.embed, { id, lang, ...look }),
  /**
   * HTML for a server-side include.
   * @param look further query parameters: `variant`, `theme`
   */
  fragment: (id: string, lang?: string, look: Record<string, string> = {}) =>
    addressOf(paths.fragment, { id, lang, ...look }),
  /**
   * The image of link previews. The number makes the address change with each
   * revision, because other sites keep images.
   */
  shareImage: (id: string, lang: string, revision: number) =>
    addressOf(paths.shareImage, { id, lang, revision }),
  legal: (page: "imprint" | "privacy" | "terms", lang?: string) =>
    addressOf(paths[page], { lang }),
  /**
   * The page for webmasters, with a case selected. `ui` is the page's language,
   * `lang` that of the preview.
   */
  embedGuide: (id?: string, lang?: string) =>
    addressOf(paths.embedGuide, { case: id, lang, ui: lang }),
  telegram: (lang?: string) => addressOf(paths.telegram, { lang }),
  badge: (id: string, lang?: string, look: Record<string, string> = {}) =>
    addressOf(paths.badge, { id, lang, ...look }),
  /** The feed of one case, or of all cases. */
  feed: (format: "atom" | "json", id?: string, lang?: string) =>
    addressOf(
      id === undefined
        ? { atom: paths.atomFeed, json: paths.jsonFeed }[format]
        : { atom: paths.caseAtomFeed, json: paths.caseJsonFeed }[format],
      { id, lang },
    ),
  pinnedWidget: (hash: string) => addressOf(paths.pinnedWidget, { hash }),
  /** In the part after the #, which browsers don't send. */
  invitation: (secret: string) => `${paths.desk}#/invitation/${secret}`,
  deskCase: (id: string) => addressOf(paths.deskCase, { id }),
  deskDraft: (id: string) => addressOf(paths.deskDraft, { id }),
  deskProposal: (id: string) => addressOf(paths.deskProposal, { id }),
};
