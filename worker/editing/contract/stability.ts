/**
 * What clients of the API may rely on, and what has changed in it. The API
 * reference shows both.
 */

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
  { when: "1.0", what: ["The first version of the API."] },
];
