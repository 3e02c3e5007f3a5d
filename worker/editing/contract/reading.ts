/** Routes for readers: JSON, pages, frames, feeds and scripts. */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import { Case } from "../../../shared/case/schema.ts";
import { described } from "../../../shared/described.ts";
import { Revision } from "../../../shared/revision.ts";
import { ActAnswer, PresentView } from "../../../shared/view/schema.ts";
import { PublicSummary, Unshowable } from "../../../shared/view/summary.ts";
import { ChangeEntry } from "./changes.ts";
import { DeviceAddress, DeviceFollows, DeviceWish } from "./devices.ts";
import {
  changesQuery,
  frameTheme,
  historyCursor,
  historyQuery,
  lang,
  listFilters,
  listQuery,
  look,
  pageQuery,
  revisionNumber,
  wholeNumber,
} from "./parameters.ts";
import { type RouteAnswer, refusedAs, route } from "./route.ts";

const contact = described(v.string(), "Where to report a mistake or ask for removal");
const CaseRecord = v.object({ case: Case, revision: Revision, contact });

const html = (description: string): RouteAnswer => ({ description, type: "text/html" });
/** Defaults of JSON routes that pages of any origin may read. */
const open = { method: "GET", keep: "lease", anyOrigin: true, onlyJson: true } as const;
const page = { method: "GET", keep: "lease", refusals: "page", ignoresUnknownParameters: true } as const;
const file = { method: "GET", keep: "deployment", ignoresUnknownParameters: true } as const;

const integer = v.pipe(v.number(), v.integer());
const pixels = v.optional(wholeNumber("must be a whole number of pixels, from 1"));
const ADDRESS = "must be the full address of a case's page, with https://";
const LIVE_ID = "must be the id of a case";

const atom: RouteAnswer = { description: "The newest revisions", type: "application/atom+xml" };
const calendar: RouteAnswer = { description: "Events of a whole day", type: "text/calendar" };
// Links to feeds and badges are shared, tracked and made unique against caches.
const feed = {
  method: "GET",
  keep: "lease",
  anyOrigin: true,
  ignoresUnknownParameters: true,
  query: { lang },
} as const;
const jsonFeed: RouteAnswer = {
  description: "The newest revisions",
  type: "application/feed+json",
  schema: v.object({
    version: v.string(),
    title: v.string(),
    home_page_url: v.string(),
    feed_url: v.string(),
    description: v.string(),
    language: v.string(),
    authors: v.array(v.object({ name: v.string(), url: v.string() })),
    items: v.array(
      v.object({
        id: v.string(),
        url: v.string(),
        title: v.string(),
        content_html: v.string(),
        date_published: v.string(),
        date_modified: v.string(),
        language: v.string(),
        authors: v.array(v.object({ name: v.string(), url: v.string() })),
      }),
    ),
  }),
};
const ofWithdrawn = <A extends RouteAnswer>(answer: A): A => ({
  ...answer,
  description: "The case was withdrawn; its feed says so",
});

export const readingRoutes = {
  listCases: route({
    ...open,
    path: paths.cases,
    summary: "Summaries of cases, newest change first",
    query: { ...listQuery, ...listFilters },
    answers: {
      200: {
        description:
          "The cases. The pages of the `Link` headers miss no case, even if cases change meanwhile; such a case comes again",
        schema: v.object({
          cases: v.array(PublicSummary),
          unshowable: v.exactOptional(
            described(v.array(Unshowable), "Cases whose content can't be shown; absent when there is none"),
          ),
          didYouMean: v.exactOptional(
            described(
              v.array(v.object({ name: v.string(), id: v.string(), number: v.string() })),
              "When `q` finds nothing: people with names near to it, the nearest first, and their cases; at most five",
            ),
          ),
          contact,
        }),
      },
    },
  }),
  listCasesCsv: route({
    method: "GET",
    keep: "lease",
    anyOrigin: true,
    path: paths.casesCsv,
    summary: "The same list as a table",
    query: { ...listQuery, ...listFilters },
    answers: {
      200: { description: `A column for each field, which ${paths.dataPackage} describes`, type: "text/csv" },
    },
  }),
  readCase: route({
    ...open,
    path: paths.case,
    summary: "The current record of a case",
    answers: { 200: { description: "The record", schema: CaseRecord } },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  readView: route({
    ...open,
    path: paths.view,
    summary: "The finished, localized text of a case, without markup, as every surface shows it",
    query: { lang },
    answers: { 200: { description: "The view", schema: PresentView } },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
    refusals: "view",
  }),
  readSignedView: route({
    method: "GET",
    keep: "lease",
    anyOrigin: true,
    path: paths.signedView,
    summary: "The view with a signature and an end, for mirrors to pass on (C2SP signed-note)",
    query: { lang },
    answers: {
      200: { description: "A signed note", type: "text/plain" },
      410: { description: "The case was withdrawn; the signed note says so", type: "text/plain" },
    },
    refuses: ["unknown-case", "unshowable", "no-log"],
  }),
  readAct: route({
    ...open,
    path: paths.act,
    summary: "Whom to write to, the letter and what to know before, while readers are asked to write",
    query: { lang },
    answers: { 200: { description: "The appeal, or null", schema: ActAnswer } },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  listRevisions: route({
    ...open,
    path: paths.revisions,
    summary: "Live revisions, newest first",
    query: historyQuery,
    answers: {
      200: { description: "A page of the history", schema: v.object({ revisions: v.array(Revision), contact }) },
    },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  readRevision: route({
    ...open,
    path: paths.revision,
    summary: "One live revision",
    params: { number: revisionNumber },
    answers: { 200: { description: "The record", schema: CaseRecord } },
    refuses: ["unknown-case", "unknown-revision", "withdrawn", "erased", "unshowable"],
  }),
  listChanges: route({
    ...open,
    path: paths.changes,
    summary: "Every revision that went live, in the order of moments, for mirrors that keep a copy of everything",
    query: changesQuery,
    answers: {
      200: {
        description:
          "The changes after `since`. Apply them in order: a later entry for the same revision replaces an earlier one",
        schema: v.object({
          changes: v.array(ChangeEntry),
          next: described(v.string(), "The `since` of the next request"),
          more: described(v.boolean(), "True when more changes follow; false when the copy is complete"),
          contact,
        }),
      },
    },
    refuses: ["unknown-cursor"],
  }),
  readLogCheckpoint: route({
    method: "GET",
    keep: "lease",
    anyOrigin: true,
    path: paths.logCheckpoint,
    summary: "The signed head of the log of all revisions that went live (C2SP tlog-checkpoint)",
    answers: { 200: { description: "A signed note", type: "text/plain" } },
    refuses: ["no-log"],
  }),
  readLogTile: route({
    method: "GET",
    keep: "forever",
    anyOrigin: true,
    path: paths.logTile,
    summary: "Hashes or entries of the signed log (C2SP tlog-tiles)",
    answers: { 200: { description: "A tile or a bundle of entries", type: "application/octet-stream" } },
    refuses: ["no-log", "no-such-address", "unavailable"],
  }),
  readLogKey: route({
    ...file,
    anyOrigin: true,
    path: paths.logKey,
    summary: "The public key of the signed log, in the form of verifiers of signed notes: its name, a hash and the key",
    answers: { 200: { description: "One line", type: "text/plain" } },
    refuses: ["no-log"],
  }),
  live: route({
    method: "GET",
    keep: "lease",
    path: paths.live,
    summary: "A WebSocket that sends the view whenever it changes; it answers ping with pong",
    query: {
      case: v.pipe(v.string(LIVE_ID), v.nonEmpty(LIVE_ID), v.maxLength(40, LIVE_ID)),
      lang: v.optional(v.pipe(v.string(), v.maxLength(40, "must be a BCP 47 tag")), "en"),
      revision: described(
        v.optional(wholeNumber("must be the number of a revision, or 0", 0), "0"),
        "The number of the revision that the client has; another one is sent at once. A code in place of the number also tells revisions apart after a restore: 100000000 plus the moment, in milliseconds since 1970, modulo 899999000",
      ),
    },
    answers: { 101: { description: "The socket" } },
    refuses: ["unknown-case", "not-an-upgrade", "too-many-sockets"],
  }),
  openapi: route({
    ...file,
    anyOrigin: true,
    path: paths.openapi,
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1", schema: v.record(v.string(), v.unknown()) } },
    refuses: ["workshop-unavailable"],
  }),
  dataPackage: route({
    ...file,
    anyOrigin: true,
    path: paths.dataPackage,
    summary: "What the columns of the CSV list mean, as a Frictionless Data Package",
    answers: { 200: { description: "The description", schema: v.record(v.string(), v.unknown()) } },
  }),
  caseSchema: route({
    ...file,
    anyOrigin: true,
    path: paths.caseSchema,
    summary: "The schema of a case",
    answers: {
      200: {
        description: "JSON Schema 2020-12",
        type: "application/schema+json",
        schema: v.record(v.string(), v.unknown()),
      },
    },
    refuses: ["workshop-unavailable"],
  }),

  frontPage: route({
    ...page,
    path: paths.front,
    summary: "The page that lists cases",
    query: pageQuery,
    answers: { 200: html("The page") },
  }),
  casePage: route({
    ...page,
    path: paths.page,
    summary: "The page of a case",
    query: { lang, cursor: historyCursor },
    answers: { 200: html("The page") },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  revisionPage: route({
    ...page,
    path: paths.revisionPage,
    summary: "The page of one live revision",
    params: { number: revisionNumber },
    query: { lang },
    answers: { 200: html("The page") },
    refuses: ["unknown-case", "unknown-revision", "withdrawn", "erased", "unshowable"],
  }),
  docs: route({
    ...file,
    refusals: "page",
    path: paths.docs,
    summary: "The API reference, for people",
    answers: { 200: html("The page") },
    refuses: ["workshop-unavailable"],
  }),
  embed: route({
    method: "GET",
    keep: "lease",
    // A frame in a sandbox has an opaque origin, and loads itself again when the case changes.
    anyOrigin: true,
    ignoresUnknownParameters: true,
    path: paths.embed,
    summary: "The card for a partner's frame",
    query: { lang, ...look, theme: frameTheme },
    answers: { 200: html("The frame"), ...refusedAs("text/html") },
  }),
  badge: route({
    method: "GET",
    keep: "lease",
    anyOrigin: true,
    ignoresUnknownParameters: true,
    path: paths.badge,
    summary: "The status of a case as an SVG image of a few lines",
    query: { lang, theme: frameTheme },
    answers: { 200: { description: "The image", type: "image/svg+xml" }, ...refusedAs("image/svg+xml") },
  }),
  embedGuide: route({
    method: "GET",
    keep: "lease",
    ignoresUnknownParameters: true,
    path: paths.embedGuide,
    summary: "The page for webmasters: the code to paste, and what it needs",
    query: {
      case: described(v.optional(v.string()), "An id, a number, a name or an address"),
      ui: described(v.optional(v.string()), "The page's own language, BCP 47"),
      lang,
      ...look,
    },
    answers: { 200: html("The page") },
  }),
  embedGuideScript: route({
    ...file,
    path: paths.embedGuideScript,
    summary: "The script of the page for webmasters",
    answers: { 200: { description: "The script", type: "text/javascript" } },
  }),
  oembed: route({
    method: "GET",
    keep: "lease",
    anyOrigin: true,
    ignoresUnknownParameters: true,
    path: paths.oembed,
    summary: "oEmbed 1.0 for the addresses of cases",
    query: {
      url: v.pipe(v.string(ADDRESS), v.trim(), v.url(ADDRESS)),
      format: v.optional(v.pipe(v.string(), v.toLowerCase()), "json"),
      maxwidth: pixels,
      maxheight: pixels,
      lang,
    },
    answers: {
      200: {
        description: "JSON; the same members as XML with `format=xml`",
        schema: v.object({
          version: v.literal("1.0"),
          type: v.literal("rich"),
          title: v.string(),
          author_name: described(v.string(), "The newsroom"),
          author_url: v.string(),
          provider_name: v.string(),
          provider_url: v.string(),
          cache_age: integer,
          html: v.pipe(v.string(), v.description("Names the case by its number only, because partners keep it")),
          width: integer,
          height: integer,
          thumbnail_url: v.string(),
          thumbnail_width: integer,
          thumbnail_height: integer,
        }),
      },
    },
    refuses: ["unknown-case", "withdrawn", "unshowable", "not-embeddable", "no-such-format"],
  }),
  atomFeed: route({ ...feed, path: paths.atomFeed, summary: "Changes to all cases, as Atom", answers: { 200: atom } }),
  jsonFeed: route({
    ...feed,
    path: paths.jsonFeed,
    summary: "Changes to all cases, as JSON Feed",
    answers: { 200: jsonFeed },
  }),
  caseAtomFeed: route({
    ...feed,
    path: paths.caseAtomFeed,
    summary: "Changes to one case, as Atom",
    answers: { 200: atom, 410: ofWithdrawn(atom) },
    refuses: ["unknown-case"],
  }),
  caseJsonFeed: route({
    ...feed,
    path: paths.caseJsonFeed,
    summary: "Changes to one case, as JSON Feed",
    answers: { 200: jsonFeed, 410: ofWithdrawn(jsonFeed) },
    refuses: ["unknown-case"],
  }),

  calendar: route({
    ...feed,
    path: paths.calendar,
    summary: "Deadlines and announced hearings of all cases, as iCalendar",
    answers: { 200: calendar },
  }),
  caseCalendar: route({
    ...feed,
    path: paths.caseCalendar,
    summary: "The deadline and announced hearings of one case, as iCalendar",
    answers: { 200: calendar, 410: { ...calendar, description: "The case was withdrawn; its calendar is empty" } },
    refuses: ["unknown-case"],
  }),

  linkPreview: route({
    ...file,
    anyOrigin: true,
    path: paths.preview,
    summary: "The image of link previews, the same for every case",
    answers: { 200: { description: "The image", type: "image/png" } },
  }),
  widget: route({
    ...file,
    anyOrigin: true,
    keep: "minutes",
    path: paths.widget,
    summary: "The newest version of the widget's script",
    answers: { 200: { description: "The script", type: "text/javascript" } },
  }),
  pinnedWidget: route({
    ...file,
    anyOrigin: true,
    keep: "forever",
    path: paths.pinnedWidget,
    summary: "The widget's script of this or an earlier release, by its hash",
    answers: { 200: { description: "The script", type: "text/javascript" } },
    refuses: ["no-such-address"],
  }),
  widgetRelease: route({
    ...file,
    anyOrigin: true,
    path: paths.widgetRelease,
    summary: "Both addresses of the widget's script, and its hash",
    answers: {
      200: {
        description: "The release",
        schema: v.object({
          evergreen: v.string(),
          pinned: v.string(),
          integrity: described(v.string(), "W3C Subresource Integrity"),
          more: described(
            v.string(),
            "The second script, which the first one loads and checks when a reader opens the place to act, or when the element names mirrors",
          ),
        }),
      },
    },
  }),
  desk: route({
    method: "GET",
    keep: "never",
    ignoresUnknownParameters: true,
    path: paths.desk,
    summary: "The editors' page",
    answers: { 200: html("The page, without any data") },
    refuses: ["workshop-unavailable"],
  }),
  deskFile: route({
    ...file,
    keep: "forever",
    path: paths.deskFile,
    summary: "A file of the editors' page",
    answers: { 200: { description: "A script, a style sheet or a catalogue of texts", type: "text/javascript" } },
    refuses: ["no-such-address", "workshop-unavailable"],
  }),
  statusPage: route({
    method: "GET",
    keep: "revalidate",
    refusals: "page",
    ignoresUnknownParameters: true,
    path: paths.status,
    summary: "The page that says how punctual this deployment is",
    query: { lang },
    answers: { 200: html("The page") },
    refuses: ["unavailable"],
  }),
  followPage: route({
    ...page,
    path: paths.followPage,
    summary: "The ways to follow a case, or all cases, and what each reveals",
    query: { lang, case: v.optional(v.pipe(v.string(), v.maxLength(40))) },
    answers: { 200: html("The page") },
    refuses: ["unknown-case", "withdrawn", "unshowable", "workshop-unavailable"],
  }),
  followWorker: route({
    ...file,
    path: paths.followWorker,
    summary: "The service worker of a device that follows",
    answers: { 200: { description: "A script", type: "text/javascript" } },
    refuses: ["workshop-unavailable"],
  }),
  followDevice: route({
    method: "PUT",
    keep: "never",
    path: paths.follow,
    summary: "Say what a device follows by Web Push: all that it follows from now on",
    body: { schema: DeviceWish, limitBytes: 32_768 },
    answers: { 200: { description: "Stored", schema: DeviceFollows } },
    refuses: ["no-push", "invalid-case", "too-many-attempts"],
  }),
  forgetDevice: route({
    method: "POST",
    keep: "never",
    path: paths.forget,
    summary: "Delete everything stored about a device that follows",
    body: { schema: DeviceAddress, limitBytes: 4_096 },
    answers: { 204: { description: "Nothing about the device is stored any more" } },
    refuses: ["no-push", "unavailable", "too-many-attempts"],
  }),
  telegramPage: route({
    ...file,
    path: paths.telegram,
    refusals: "page",
    summary: "The page about the bot: its username, and how to recognise a fake",
    query: { lang },
    answers: { 200: html("The page") },
    refuses: ["no-bot"],
  }),
} as const;
