/**
 * Routes of the site: pages, frames, scripts and pictures for people, and files
 * for crawlers.
 */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { described } from "../../../shared/described.ts";
import {
  frameTheme,
  historyCursor,
  lang,
  look,
  pageQuery,
  revisionNumber,
  wholeNumber,
} from "./parameters.ts";
import { answers, object, refusedAs, route, routes } from "./route.ts";

const html = answers("text/html");
const text = answers("text/plain");
const xml = answers("application/xml");
const png = answers("image/png");
const script = answers("text/javascript");

// Partners and other sites add parameters to these.
const file = routes({ keep: "deployment", ignoresUnknownParameters: true });
const leased = routes({ keep: "lease", ignoresUnknownParameters: true });
const embedded = routes({
  keep: "lease",
  ignoresUnknownParameters: true,
  anyOrigin: true,
});
const page = routes({
  keep: "lease",
  ignoresUnknownParameters: true,
  refusals: "page",
});
const legal = routes({
  keep: "deployment",
  ignoresUnknownParameters: true,
  refusals: "page",
  query: { lang },
});

const integer = v.pipe(v.number(), v.integer());
const pixels = v.optional(
  wholeNumber("must be a whole number of pixels, from 1"),
);
const ADDRESS = "must be the full address of a case's page, with https://";

export const siteRoutes = {
  frontPage: page("GET", paths.front, {
    summary: "The page that lists cases",
    query: pageQuery,
    answers: { 200: html("The page") },
  }),
  casePage: page("GET", paths.page, {
    summary: "The page of a case",
    query: { lang, cursor: historyCursor },
    answers: { 200: html("The page") },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  revisionPage: page("GET", paths.revisionPage, {
    summary: "The page of one live revision",
    params: { number: revisionNumber },
    query: { lang },
    answers: { 200: html("The page") },
    refuses: [
      "unknown-case",
      "unknown-revision",
      "withdrawn",
      "erased",
      "unshowable",
    ],
  }),
  docs: file("GET", paths.docs, {
    refusals: "page",
    summary: "The API reference, for people",
    answers: { 200: html("The page") },
    refuses: ["workshop-unavailable"],
  }),
  embed: embedded("GET", paths.embed, {
    // A frame in a sandbox has an opaque origin, and loads itself again when
    // the case changes.
    summary: "The card for a partner's frame",
    query: { lang, ...look, theme: frameTheme },
    answers: { 200: html("The frame"), ...refusedAs("text/html") },
  }),
  badge: embedded("GET", paths.badge, {
    summary: "The status of a case as an SVG image of a few lines",
    query: { lang, theme: frameTheme },
    answers: {
      200: { description: "The image", type: "image/svg+xml" },
      ...refusedAs("image/svg+xml"),
    },
  }),
  embedGuide: leased("GET", paths.embedGuide, {
    summary: "The page for webmasters: the code to paste, and what it needs",
    query: {
      case: described(
        v.optional(v.string()),
        "An id, a number, a name or an address",
      ),
      ui: described(v.optional(v.string()), "The page's own language, BCP 47"),
      lang,
      ...look,
    },
    answers: { 200: html("The page") },
  }),
  embedGuideScript: file("GET", paths.embedGuideScript, {
    summary: "The script of the page for webmasters",
    answers: { 200: script("The script") },
  }),
  oembed: embedded("GET", paths.oembed, {
    summary: "oEmbed 1.0 for the addresses of cases",
    query: {
      url: v.pipe(v.string(ADDRESS), v.trim(), v.url(ADDRESS)),
      format: v.optional(v.pipe(v.string(), v.toLowerCase()), "json"),
      maxwidth: pixels,
      maxheight: pixels,
      lang,
    },
    answers: {
      200: object("The quotation and the frame", {
        version: v.literal("1.0"),
        type: v.literal("rich"),
        title: v.string(),
        author_name: described(v.string(), "The newsroom"),
        author_url: v.string(),
        provider_name: v.string(),
        provider_url: v.string(),
        cache_age: integer,
        html: v.pipe(
          v.string(),
          v.description(
            "Names the case by its number only, because partners keep it",
          ),
        ),
        width: integer,
        height: integer,
        thumbnail_url: v.string(),
        thumbnail_width: integer,
        thumbnail_height: integer,
      }),
    },
    refuses: [
      "unknown-case",
      "withdrawn",
      "unshowable",
      "not-embeddable",
      "no-such-format",
    ],
  }),
  linkPreview: file("GET", paths.preview, {
    anyOrigin: true,
    summary: "The image of link previews, the same for every case",
    answers: { 200: png("The image") },
  }),
  widget: file("GET", paths.widget, {
    anyOrigin: true,
    keep: "minutes",
    summary: "The newest version of the widget's script",
    answers: { 200: script("The script") },
  }),
  pinnedWidget: file("GET", paths.pinnedWidget, {
    anyOrigin: true,
    keep: "forever",
    summary: "The widget's script of this or an earlier release, by its hash",
    answers: { 200: script("The script") },
    refuses: ["no-such-address"],
  }),
  widgetRelease: file("GET", paths.widgetRelease, {
    anyOrigin: true,
    summary: "Both addresses of the widget's script, and its hash",
    answers: {
      200: object("The release", {
        evergreen: v.string(),
        pinned: v.string(),
        integrity: described(v.string(), "W3C Subresource Integrity"),
        more: described(
          v.string(),
          "The second script, which the first one loads and checks for the place to act, timelines and mirrors",
        ),
      }),
    },
  }),
  desk: route("GET", paths.desk, {
    keep: "never",
    ignoresUnknownParameters: true,
    summary: "The editors' page",
    answers: { 200: html("The page, without any data") },
    refuses: ["workshop-unavailable"],
  }),
  deskFile: file("GET", paths.deskFile, {
    keep: "forever",
    summary: "A file of the editors' page",
    answers: { 200: script("A script, a style sheet or a catalogue of texts") },
    refuses: ["no-such-address", "workshop-unavailable"],
  }),
  statusPage: route("GET", paths.status, {
    keep: "revalidate",
    refusals: "page",
    ignoresUnknownParameters: true,
    summary: "The page that says how punctual this deployment is",
    query: { lang },
    answers: { 200: html("The page") },
    refuses: ["unavailable"],
  }),
  followPage: page("GET", paths.followPage, {
    summary: "The ways to follow a case, or all cases, and what each reveals",
    query: { lang, case: v.optional(v.pipe(v.string(), v.maxLength(40))) },
    answers: { 200: html("The page") },
    refuses: [
      "unknown-case",
      "withdrawn",
      "unshowable",
      "workshop-unavailable",
    ],
  }),
  followWorker: file("GET", paths.followWorker, {
    summary: "The service worker of a device that follows",
    answers: { 200: script("A script") },
    refuses: ["workshop-unavailable"],
  }),
  telegramPage: file("GET", paths.telegram, {
    refusals: "page",
    summary:
      "The page about the bot: its username, and how to recognise a fake",
    query: { lang },
    answers: { 200: html("The page") },
    refuses: ["no-bot"],
  }),
  allCases: file("GET", paths.allCases, {
    summary: "Redirects to the page that lists cases",
    answers: {
      301: { description: "The front page, with the same parameters" },
    },
  }),
  imprint: legal("GET", paths.imprint, {
    summary: "Who is responsible for the content",
    answers: { 200: html("The page") },
  }),
  privacy: legal("GET", paths.privacy, {
    summary: "The data that readers leave",
    answers: { 200: html("The page") },
  }),
  terms: legal("GET", paths.terms, {
    summary: "The newsroom's terms of use",
    answers: { 200: html("The page") },
    refuses: ["no-such-address"],
  }),
  fragment: embedded("GET", paths.fragment, {
    summary:
      "A case as HTML for a server-side include: no script needed; the widget's script takes it over",
    query: { lang, ...look },
    answers: {
      200: html("The element, with a declarative shadow root"),
      ...refusedAs("text/html"),
    },
  }),
  shareImage: embedded("GET", paths.shareImage, {
    summary:
      "The image of a case's link previews: number, names and the day of the facts, 1200 by 630 pixels",
    query: {
      lang,
      revision: described(
        v.optional(v.string()),
        "Ignored; makes the address differ for each revision",
      ),
    },
    answers: { 200: png("The image") },
    refuses: [
      "unknown-case",
      "withdrawn",
      "unshowable",
      "workshop-unavailable",
    ],
  }),
  robots: file("GET", paths.robots, {
    summary: "Rules for crawlers (RFC 9309)",
    answers: { 200: text("The rules, and the sitemap's address") },
  }),
  sitemap: leased("GET", paths.sitemap, {
    summary: "The index of sitemaps (sitemaps.org)",
    answers: { 200: xml("The index") },
  }),
  sitemapPart: leased("GET", paths.sitemapPart, {
    params: { part: wholeNumber("must be the number of a sitemap") },
    summary:
      "The pages of up to 200 cases, each in the languages of its title; withdrawn cases are left out",
    answers: { 200: xml("The sitemap") },
  }),
  securityTxt: file("GET", paths.securityTxt, {
    summary: "Where to report a vulnerability (RFC 9116)",
    answers: { 200: text("The contact") },
  }),
  relatedOrigins: file("GET", paths.relatedOrigins, {
    summary:
      "The addresses at which editors may use their passkeys (WebAuthn, related origins)",
    answers: {
      200: object("All addresses of this deployment", {
        origins: v.array(v.string()),
      }),
    },
  }),
  favicon: file("GET", paths.favicon, {
    summary: "The icon for browsers and search engines",
    answers: {
      200: { description: "The icon, 48 by 48 pixels", type: "image/x-icon" },
    },
  }),
  icon: file("GET", paths.icon, {
    summary: "The icon for home screens",
    answers: { 200: png("The icon, 512 by 512 pixels") },
  }),
  manifest: file("GET", paths.manifest, {
    summary: "The web application manifest",
    answers: {
      200: {
        description: "Name, language and icons",
        type: "application/manifest+json",
        schema: v.object({
          name: v.string(),
          lang: v.string(),
          dir: v.picklist(["ltr", "rtl"]),
          start_url: v.string(),
          display: v.literal("standalone"),
          icons: v.array(
            v.object({ src: v.string(), sizes: v.string(), type: v.string() }),
          ),
        }),
      },
    },
  }),
} as const;
