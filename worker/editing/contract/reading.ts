/**
 * Routes for programs that read: JSON, the signed log, feeds, calendars, and
 * devices that follow.
 */
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
  historyQuery,
  lang,
  listFilters,
  listQuery,
  revisionNumber,
  wholeNumber,
} from "./parameters.ts";
import { answers, object, type RouteAnswer, route, routes } from "./route.ts";

const contact = described(
  v.string(),
  "Where to report a mistake or ask for removal",
);
const record = object("The record", {
  case: Case,
  revision: Revision,
  contact,
});
const anyJson = v.record(v.string(), v.unknown());

/** Pages of any origin may read these. */
const data = routes({ keep: "lease", anyOrigin: true });
const open = routes({ keep: "lease", anyOrigin: true, onlyJson: true });
const document = routes({
  keep: "deployment",
  anyOrigin: true,
  ignoresUnknownParameters: true,
});
// Links to feeds are shared, tracked and made unique against caches.
const feed = routes({
  keep: "lease",
  anyOrigin: true,
  ignoresUnknownParameters: true,
  query: { lang },
});

const LIVE_ID = "must be the id of a case";
const plainText = answers("text/plain");
const atom = answers("application/atom+xml")("The newest revisions");
const calendar = answers("text/calendar")("Events of a whole day");
const authors = v.array(v.object({ name: v.string(), url: v.string() }));
const jsonFeed = {
  type: "application/feed+json",
  ...object("The newest revisions", {
    version: v.string(),
    title: v.string(),
    home_page_url: v.string(),
    feed_url: v.string(),
    description: v.string(),
    language: v.string(),
    authors,
    items: v.array(
      v.object({
        id: v.string(),
        url: v.string(),
        title: v.string(),
        content_html: v.string(),
        date_published: v.string(),
        date_modified: v.string(),
        language: v.string(),
        authors,
      }),
    ),
  }),
};
const ofWithdrawn = <A extends RouteAnswer>(answer: A): A => ({
  ...answer,
  description: "The case was withdrawn; its feed says so",
});

export const readingRoutes = {
  listCases: open("GET", paths.cases, {
    summary: "Summaries of cases, newest change first",
    query: { ...listQuery, ...listFilters },
    answers: {
      200: object(
        "The cases. The pages of the `Link` headers miss no case, even if cases change meanwhile; such a case comes again",
        {
          cases: v.array(PublicSummary),
          unshowable: v.exactOptional(
            described(
              v.array(Unshowable),
              "Cases whose content can't be shown; absent when there is none",
            ),
          ),
          didYouMean: v.exactOptional(
            described(
              v.array(
                v.object({
                  name: v.string(),
                  id: v.string(),
                  number: v.string(),
                }),
              ),
              "When `q` finds nothing: people with names near to it, the nearest first, and their cases; at most five",
            ),
          ),
          contact,
        },
      ),
    },
  }),
  listCasesCsv: data("GET", paths.casesCsv, {
    summary: "The same list as a table",
    query: { ...listQuery, ...listFilters },
    answers: {
      200: {
        description: `A column for each field, which ${paths.dataPackage} describes`,
        type: "text/csv",
      },
    },
  }),
  readCase: open("GET", paths.case, {
    summary: "The current record of a case",
    answers: { 200: record },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  readView: open("GET", paths.view, {
    summary:
      "The finished, localized text of a case, without markup, as every surface shows it",
    query: { lang },
    answers: { 200: { description: "The view", schema: PresentView } },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
    refusals: "view",
  }),
  readSignedView: data("GET", paths.signedView, {
    summary:
      "The view with a signature and an end, for mirrors to pass on (C2SP signed-note)",
    query: { lang },
    answers: {
      200: plainText("A signed note"),
      410: plainText("The case was withdrawn; the signed note says so"),
    },
    refuses: ["unknown-case", "unshowable", "no-log"],
  }),
  readAct: open("GET", paths.act, {
    summary:
      "Whom to write to, the letter and what to know before, while readers are asked to write",
    query: { lang },
    answers: { 200: { description: "The appeal, or null", schema: ActAnswer } },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  listRevisions: open("GET", paths.revisions, {
    summary: "Live revisions, newest first",
    query: historyQuery,
    answers: {
      200: object("A page of the history", {
        revisions: v.array(Revision),
        contact,
      }),
    },
    refuses: ["unknown-case", "withdrawn", "unshowable"],
  }),
  readRevision: open("GET", paths.revision, {
    summary: "One live revision",
    params: { number: revisionNumber },
    answers: { 200: record },
    refuses: [
      "unknown-case",
      "unknown-revision",
      "withdrawn",
      "erased",
      "unshowable",
    ],
  }),
  listChanges: open("GET", paths.changes, {
    summary:
      "Every revision that went live, in the order of moments, for mirrors that keep a copy of everything",
    query: changesQuery,
    answers: {
      200: object(
        "The changes after `since`. Apply them in order: a later entry for the same revision replaces an earlier one",
        {
          changes: v.array(ChangeEntry),
          next: described(v.string(), "The `since` of the next request"),
          more: described(
            v.boolean(),
            "True when more changes follow; false when the copy is complete",
          ),
          contact,
        },
      ),
    },
    refuses: ["unknown-cursor"],
  }),
  readLogCheckpoint: data("GET", paths.logCheckpoint, {
    summary:
      "The signed head of the log of all revisions that went live (C2SP tlog-checkpoint)",
    answers: { 200: plainText("A signed note") },
    refuses: ["no-log"],
  }),
  readLogTile: route("GET", paths.logTile, {
    keep: "forever",
    anyOrigin: true,
    summary: "Hashes or entries of the signed log (C2SP tlog-tiles)",
    answers: {
      200: {
        description: "A tile or a bundle of entries",
        type: "application/octet-stream",
      },
    },
    refuses: ["no-log", "no-such-address", "unavailable"],
  }),
  readLogKey: document("GET", paths.logKey, {
    summary:
      "The public key of the signed log, in the form of verifiers of signed notes: its name, a hash and the key",
    answers: { 200: plainText("One line") },
    refuses: ["no-log"],
  }),
  live: route("GET", paths.live, {
    keep: "lease",
    summary:
      "A WebSocket that sends the view whenever it changes; it answers ping with pong",
    query: {
      case: v.pipe(
        v.string(LIVE_ID),
        v.nonEmpty(LIVE_ID),
        v.maxLength(40, LIVE_ID),
      ),
      lang: v.optional(
        v.pipe(v.string(), v.maxLength(40, "must be a BCP 47 tag")),
        "en",
      ),
      revision: described(
        v.optional(
          wholeNumber("must be the number of a revision, or 0", 0),
          "0",
        ),
        "The number of the revision that the client has; another one is sent at once. A code in place of the number also tells revisions apart after a restore: 100000000 plus the moment, in milliseconds since 1970, modulo 899999000",
      ),
    },
    answers: { 101: { description: "The socket" } },
    refuses: ["unknown-case", "not-an-upgrade", "too-many-sockets"],
  }),
  openapi: document("GET", paths.openapi, {
    summary: "This document",
    answers: { 200: { description: "OpenAPI 3.1", schema: anyJson } },
    refuses: ["workshop-unavailable"],
  }),
  dataPackage: document("GET", paths.dataPackage, {
    summary:
      "What the columns of the CSV list mean, as a Frictionless Data Package",
    answers: { 200: { description: "The description", schema: anyJson } },
  }),
  caseSchema: document("GET", paths.caseSchema, {
    summary: "The schema of a case",
    answers: {
      200: {
        description: "JSON Schema 2020-12",
        type: "application/schema+json",
        schema: anyJson,
      },
    },
    refuses: ["workshop-unavailable"],
  }),
  atomFeed: feed("GET", paths.atomFeed, {
    summary: "Changes to all cases, as Atom",
    answers: { 200: atom },
  }),
  jsonFeed: feed("GET", paths.jsonFeed, {
    summary: "Changes to all cases, as JSON Feed",
    answers: { 200: jsonFeed },
  }),
  caseAtomFeed: feed("GET", paths.caseAtomFeed, {
    summary: "Changes to one case, as Atom",
    answers: { 200: atom, 410: ofWithdrawn(atom) },
    refuses: ["unknown-case"],
  }),
  caseJsonFeed: feed("GET", paths.caseJsonFeed, {
    summary: "Changes to one case, as JSON Feed",
    answers: { 200: jsonFeed, 410: ofWithdrawn(jsonFeed) },
    refuses: ["unknown-case"],
  }),
  calendar: feed("GET", paths.calendar, {
    summary: "Deadlines and announced hearings of all cases, as iCalendar",
    answers: { 200: calendar },
  }),
  caseCalendar: feed("GET", paths.caseCalendar, {
    summary: "The deadline and announced hearings of one case, as iCalendar",
    answers: {
      200: calendar,
      410: {
        ...calendar,
        description: "The case was withdrawn; its calendar is empty",
      },
    },
    refuses: ["unknown-case"],
  }),
  followDevice: route("PUT", paths.follow, {
    keep: "never",
    summary:
      "Say what a device follows by Web Push: all that it follows from now on",
    body: { schema: DeviceWish, limitBytes: 32_768 },
    answers: { 200: { description: "Stored", schema: DeviceFollows } },
    refuses: ["no-push", "invalid-case", "too-many-attempts"],
  }),
  forgetDevice: route("POST", paths.forget, {
    keep: "never",
    summary: "Delete everything stored about a device that follows",
    body: { schema: DeviceAddress, limitBytes: 4_096 },
    answers: {
      204: { description: "Nothing about the device is stored any more" },
    },
    refuses: ["no-push", "unavailable", "too-many-attempts"],
  }),
} as const;
