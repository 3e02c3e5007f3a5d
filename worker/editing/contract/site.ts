/** Routes of the site beside the pages of cases: legal pages, files for crawlers, icons, and what other sites include. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { described } from "../../../shared/described.ts";
import { lang, look, wholeNumber } from "./parameters.ts";
import { type RouteAnswer, refusedAs, route } from "./route.ts";

const html = (description: string): RouteAnswer => ({ description, type: "text/html" });
const text = (description: string): RouteAnswer => ({ description, type: "text/plain" });
const xml = (description: string): RouteAnswer => ({ description, type: "application/xml" });
const file = { method: "GET", keep: "deployment", ignoresUnknownParameters: true } as const;
const leased = { method: "GET", keep: "lease", ignoresUnknownParameters: true } as const;
const legal = { ...file, refusals: "page", query: { lang } } as const;

export const siteRoutes = {
  allCases: route({
    ...file,
    path: paths.allCases,
    summary: "Redirects to the page that lists cases",
    answers: { 301: { description: "The front page, with the same parameters" } },
  }),
  imprint: route({
    ...legal,
    path: paths.imprint,
    summary: "Who is responsible for the content",
    answers: { 200: html("The page") },
  }),
  privacy: route({
    ...legal,
    path: paths.privacy,
    summary: "The data that readers leave",
    answers: { 200: html("The page") },
  }),
  terms: route({
    ...legal,
    path: paths.terms,
    summary: "The newsroom's terms of use",
    answers: { 200: html("The page") },
    refuses: ["no-such-address"],
  }),
  fragment: route({
    ...leased,
    anyOrigin: true,
    path: paths.fragment,
    summary: "A case as HTML for a server-side include: no script needed; the widget's script takes it over",
    query: { lang, ...look },
    answers: { 200: html("The element, with a declarative shadow root"), ...refusedAs("text/html") },
  }),
  shareImage: route({
    ...leased,
    anyOrigin: true,
    path: paths.shareImage,
    summary: "The image of a case's link previews: number, names and the day of the facts, 1200 by 630 pixels",
    query: {
      lang,
      revision: described(v.optional(v.string()), "Ignored; makes the address differ for each revision"),
    },
    answers: { 200: { description: "The image", type: "image/png" } },
    refuses: ["unknown-case", "withdrawn", "unshowable", "workshop-unavailable"],
  }),
  robots: route({
    ...file,
    path: paths.robots,
    summary: "Rules for crawlers (RFC 9309)",
    answers: { 200: text("The rules, and the sitemap's address") },
  }),
  sitemap: route({
    ...leased,
    path: paths.sitemap,
    summary: "The index of sitemaps (sitemaps.org)",
    answers: { 200: xml("The index") },
  }),
  sitemapPart: route({
    ...leased,
    path: paths.sitemapPart,
    params: { part: wholeNumber("must be the number of a sitemap") },
    summary: "The pages of up to 1,000 cases, each in the languages of its title; withdrawn cases are left out",
    answers: { 200: xml("The sitemap") },
  }),
  securityTxt: route({
    ...file,
    path: paths.securityTxt,
    summary: "Where to report a vulnerability (RFC 9116)",
    answers: { 200: text("The contact") },
  }),
  relatedOrigins: route({
    ...file,
    path: paths.relatedOrigins,
    summary: "The addresses at which editors may use their passkeys (WebAuthn, related origins)",
    answers: {
      200: { description: "All addresses of this deployment", schema: v.object({ origins: v.array(v.string()) }) },
    },
  }),
  indexNowKey: route({
    ...file,
    path: paths.indexNowKey,
    summary: "The key with which this deployment notifies search engines (IndexNow)",
    answers: { 200: text("The key") },
    refuses: ["no-such-address"],
  }),
  favicon: route({
    ...file,
    path: paths.favicon,
    summary: "The icon for browsers and search engines",
    answers: { 200: { description: "The icon, 48 by 48 pixels", type: "image/x-icon" } },
  }),
  icon: route({
    ...file,
    path: paths.icon,
    summary: "The icon for home screens",
    answers: { 200: { description: "The icon, 512 by 512 pixels", type: "image/png" } },
  }),
  manifest: route({
    ...file,
    path: paths.manifest,
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
          icons: v.array(v.object({ src: v.string(), sizes: v.string(), type: v.string() })),
        }),
      },
    },
  }),
} as const;
