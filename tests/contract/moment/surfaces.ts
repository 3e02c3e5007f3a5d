/**
 * Every URL that shows the case under test, and how to tell which revision a
 * reply shows.
 */
import { addresses, paths } from "../../../shared/addresses.ts";
import { ABSENT, type Kind, WITHDRAWN } from "./rules.ts";

export interface Answer {
  status: number;
  /** Header names in lower case. */
  headers: Record<string, string | undefined>;
  body: string;
}

export interface Surface {
  name: string;
  kind: Kind;
  method: "GET" | "HEAD";
  /** Sends the last ETag back. */
  conditional: boolean;
  /**
   * The URLs it reads in turn; `newest` is the newest revision that this reader
   * has seen.
   */
  paths(id: string, newest: number): { path: string; of?: number }[];
  /** The revision that a response's body, or the headers of a HEAD, shows. */
  shown(answer: Answer, id: string): number;
}

/** Marker in every text of revision n of the case under test: `moment-n`. */
export const mark = (number: number) => `moment-${number}`;

/** The newest revision of which any text appears; 0 for none. */
export const traceIn = (text: string): number =>
  Math.max(
    0,
    ...Array.from(text.matchAll(/moment-(\d+)/g), ([, number]) =>
      Number(number),
    ),
  );

const numberInEtag = ({ headers }: Answer) =>
  Number(/^(?:W\/)?"(\d+)\./.exec(headers.etag ?? "")?.[1] ?? Number.NaN);

type Json = { revision: { number: number } };
const number = ({ body }: Answer) => (JSON.parse(body) as Json).revision.number;

function inList({ body }: Answer, id: string): number {
  const { cases } = JSON.parse(body) as { cases: ({ id: string } & Json)[] };
  return cases.find((summary) => summary.id === id)?.revision.number ?? ABSENT;
}

const inHistory = ({ body }: Answer) =>
  Math.max(
    ...(JSON.parse(body) as { revisions: { number: number }[] }).revisions.map(
      (revision) => revision.number,
    ),
  );

const read = (
  name: string,
  kind: Kind,
  paths: Surface["paths"],
  shown: Surface["shown"],
): Surface => ({
  name,
  kind,
  method: "GET",
  conditional: false,
  paths,
  shown,
});
const conditional = (surface: Surface): Surface => ({
  ...surface,
  name: `${surface.name}, If-None-Match`,
  conditional: true,
});

const record = read(
  "record",
  "head",
  (id) => [{ path: addresses.case(id) }],
  number,
);
const view = (lang: string) =>
  read(
    `view ${lang}`,
    "head",
    (id) => [{ path: addresses.view(id, lang) }],
    number,
  );
const list = read(
  "list",
  "list",
  (id) => [
    { path: paths.cases },
    { path: `${paths.cases}?lang=uk` },
    { path: `${paths.cases}?q=${encodeURIComponent(id)}&limit=100` },
  ],
  inList,
);
const history = read(
  "history",
  "head",
  (id) => [{ path: addresses.revisions(id) }],
  inHistory,
);
const page = read(
  "page",
  "head",
  (id) => [{ path: addresses.page(id) }, { path: addresses.page(id, "uk") }],
  ({ body }) => traceIn(body),
);

/**
 * The newest revision of this case among the URLs in a feed of several cases.
 */
const newestOf = ({ body }: Answer, id: string) =>
  Math.max(
    ABSENT,
    ...Array.from(
      body.matchAll(new RegExp(`/cases/${id}/revisions/(\\d+)`, "g")),
      ([, n]) => Number(n),
    ),
  );

const elsewhere = read(
  "frame and feeds",
  "head",
  (id) => [
    { path: addresses.embed(id) },
    { path: addresses.feed("atom", id) },
    { path: addresses.feed("json", id, "uk") },
  ],
  ({ body }) => traceIn(body),
);
const feed = read(
  "feed of all",
  "head",
  () => [{ path: addresses.feed("atom") }, { path: addresses.feed("json") }],
  newestOf,
);

const badge = read(
  "badge",
  "head",
  (id) => [{ path: addresses.badge(id) }, { path: addresses.badge(id, "ar") }],
  numberInEtag,
);
const front = read(
  "front page",
  "list",
  () => [{ path: paths.front }, { path: addresses.front("uk") }],
  ({ body }) => traceIn(body),
);

export const surfaces: Surface[] = [
  record,
  conditional(record),
  { ...record, name: "record, HEAD", method: "HEAD", shown: numberInEtag },
  view("en"),
  conditional(view("uk")),
  { ...view("ar"), name: "view ar, HEAD", method: "HEAD", shown: numberInEtag },
  list,
  conditional(list),
  history,
  conditional(history),
  read(
    "revision",
    "revision",
    (id, newest) =>
      [newest, newest + 1, newest + 2]
        .filter((of) => of > 0)
        .map((of) => ({ path: addresses.revision(id, of), of })),
    number,
  ),
  page,
  conditional(page),
  elsewhere,
  conditional(elsewhere),
  feed,
  conditional(feed),
  badge,
  front,
  conditional(front),
];

/**
 * The revision that a reply shows, whatever its status; NaN for a reply that is
 * not allowed.
 */
export function shownBy(surface: Surface, answer: Answer, id: string): number {
  if (answer.status === 404) return ABSENT;
  if (answer.status === 410) return WITHDRAWN;
  return answer.status === 200 ? surface.shown(answer, id) : Number.NaN;
}
