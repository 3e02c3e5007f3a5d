/** What clients of the API may rely on, and what has changed in it. The API reference shows both. */

/** Each paragraph says one thing. */
export const stability: string[] = [
  "Addresses below /v1/, their parameters, the fields of their answers and the types of problems are stable, and so are the addresses of pages, feeds, calendars, frames, badges and scripts. Endpoints for editors (below /v1/desk/, and /v1/drafts) are stable for one release.",
  "New fields, parameters, addresses, problem types and values of open lists (such as states of custody) may be added at any time. Ignore fields that you don't know, and show a value that you don't know as it is.",
  "A stable field, parameter or address is removed, or gets another meaning, only in a new version of the API below another prefix. The old one then answers for at least twelve more months, with the headers Deprecation (RFC 9745) and Sunset (RFC 8594), and the list of changes below names it from the first of these days.",
  "Not promised: the order of fields, the form of ETags, cursors and hashes, texts for people (titles and details of problems, labels in views), HTML markup, and the number of entries in a page.",
  "An answer is current when it is sent. Revalidate with its ETag before each use; don't show it later as if it were current. After a 410, delete your copies.",
];

interface ApiChange {
  /** The release, or the month in which the change was made. */
  when: string;
  what: string[];
}

/** Newest first. */
export const apiChanges: ApiChange[] = [
  {
    when: "December 2026",
    what: [
      "New: GET /v1/changes, the log of changes for mirrors.",
      "New: a signed log of all revisions, at /v1/log/checkpoint, /v1/log/tile/ and /.well-known/casewire-log-key.",
      "New: GET /v1/cases/{id}/signed-view, the view with a signature, for mirrors.",
      "New: GET /v1/cases filters by place, authority, custody, person, series and changedSince. Summaries have authorities and custody.",
      "New: GET /v1/cases?format=csv, described by /v1/datapackage.json.",
      "New: entries of GET /v1/cases have `correction`, the newest earlier correction, for two weeks; in CSV it is in the last two columns, `correction` and `correction_live_at`.",
      "New: a view's `earlier`, for a week an update before the newest one that is greater news. A person's lines end with the sentence.",
      "New: webhooks, which editors register at /v1/desk/hooks.",
      "New: editors have passkeys, roles and tokens with scopes; tokens of the setting EDITORS end when the first administrator has a passkey. 403 names the missing role or scope.",
      "New: webhooks with the topic proposals tell editors of proposals, approvals and rejections.",
      "New: iCalendar at /calendar.ics and /cases/{id}/calendar.ics.",
      "The cursors of GET /v1/cases are longer: after the last page they lead to the cases that changed meanwhile. Earlier cursors still work.",
      "GET /v1/cases/{id}/revisions answers in pages.",
      "Unknown and repeated query parameters are refused by name (400), except at addresses that third parties add to.",
      "A case's proceedings are a list, a sentence has its earlier terms, and texts say which source they translate.",
    ],
  },
  { when: "November 2026", what: ["The first version of the API."] },
];
