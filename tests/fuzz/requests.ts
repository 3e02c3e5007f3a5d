/** Random requests to every route of the contract. */
import fc from "fast-check";
import type * as v from "valibot";
import { paths } from "../../shared/addresses.ts";
import {
  contract,
  methodsOf,
  type Operation,
} from "../../worker/editing/contract/contract.ts";
import type { Route } from "../../worker/editing/contract/route.ts";
import { docxOf } from "../support/docx.ts";
import { draftOf } from "../support/invented.ts";
import { update } from "./updates.ts";
import {
  asText,
  caseIds,
  cases,
  damaged,
  inputOf,
  mixed,
  text,
  wholeCase,
} from "./values.ts";

/**
 * `filled`: has cases. `reviewed`: two editors are needed. `empty`: accepts a
 * restore.
 */
export const deployments = ["filled", "reviewed", "empty"] as const;
export type Deployment = (typeof deployments)[number];

export interface FuzzRequest {
  operation: Operation;
  deployment: Deployment;
  method: string;
  /** Path and query, as they are sent. */
  address: string;
  /**
   * A text that starts with `KNOWN` stands for a value of an earlier answer;
   * see `Memory`.
   */
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

export const routes = Object.entries<Route>(contract) as [Operation, Route][];
export const routeOf = (operation: Operation): Route => contract[operation];

/**
 * Values that later requests take from earlier answers, so that some requests
 * reach the inner code.
 */
export const KNOWN = {
  proposal: "KNOWN-proposal",
  hook: "KNOWN-hook",
  hash: "KNOWN-hash",
  newest: "KNOWN-newest",
  cursor: "KNOWN-cursor",
  asset: "KNOWN-asset",
  image: "KNOWN-image",
};
const DRAFTS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);

/**
 * Sent as it is: percent signs may be wrong. Node refuses control characters
 * and anything but Latin-1 in a path.
 */
const rawSegment = fc.oneof(
  fc.constantFrom(
    "%",
    "%ff",
    "%00",
    "%0a",
    "%0d%0aX:y",
    "%2e%2e",
    "%2F",
    "%252e",
    "%E0%A4%A",
    ";x=1",
    "a%5cb",
    "*",
    "~",
    "é",
  ),
  text.map((one) => encodeURIComponent(one.toWellFormed())),
);

const common: Record<string, fc.Arbitrary<string>> = {
  number: fc.constantFrom("0", "1", "2", "3", "99", "01", "1.0", "-1"),
  hash: fc.constantFrom(KNOWN.asset, "0123456789abcdef", "x"),
  image: fc.constantFrom(KNOWN.image, "0".repeat(64), "x"),
  kind: fc.constantFrom("js", "css", "en.json", "map", "x"),
  part: fc.constantFrom("1", "2", "999999999"),
  tilePath: fc.constantFrom(
    "0/000",
    "0/000.p/1",
    "entries/000",
    "entries/000.p/3",
    "8/x001/000",
    "0/x999/999",
    "x",
  ),
};
function idOf(path: string): fc.Arbitrary<string> {
  if (path.startsWith(paths.deskDrafts)) return fc.constantFrom(...DRAFTS);
  if (path.startsWith(paths.deskProposals)) return fc.constant(KNOWN.proposal);
  if (path.startsWith(paths.deskHooks)) return fc.constant(KNOWN.hook);
  return fc.constantFrom(...caseIds, "ua-99-00", "UA 1/00", "UA-1-00");
}

function pathOf({ path }: Route): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const values = names.map((name) => {
    const usual = (name === "id" ? idOf(path) : (common[name] ?? text)).map(
      (one) => encodeURIComponent(one.toWellFormed()),
    );
    return mixed([9, usual], [1, rawSegment]);
  });
  return fc
    .tuple(mixed([9, fc.constant("")], [1, fc.constant("/")]), ...values)
    .map(
      ([end, ...all]) =>
        names.reduce(
          (address, name, at) => address.replace(`{${name}}`, () => all[at]!),
          path,
        ) + end,
    );
}

const someQuery = fc.constantFrom(
  "lang",
  "q",
  "limit",
  "cursor",
  "case",
  "utm_source",
  "format",
  "__proto__",
);
function queryOf({ query = {} }: Route): fc.Arbitrary<string> {
  const special: Record<string, fc.Arbitrary<string>> = {
    since: fc.constantFrom(KNOWN.cursor, `1-1-${"0".repeat(32)}`),
    url: fc.constantFrom(
      ...caseIds.map((id) => `https://casewire.test/cases/${id}`),
      "https://casewire.test/",
      "https://casewire.test/cases/%ff",
    ),
    case: fc.constantFrom(...caseIds),
    lang: fc.constantFrom("en", "uk", "ar", "tr", "xx", "zh-Hant-TW-x-a"),
    draft: fc.constantFrom(...DRAFTS),
    replace: fc.constantFrom("1", "2", "3"),
    place: fc.constantFrom("UA", "UA-43", "Kyiv", ""),
    q: fc.constantFrom("Invented", "Inventid", "ua 1", "1/00", "Вигадана"),
  };
  const known = Object.entries(query).map(([name, schema]) => {
    const value = fc.oneof(
      inputOf(schema as v.GenericSchema).map(asText),
      ...(special[name] ? [special[name], special[name]] : []),
    );
    return fc.tuple(fc.constant(name), mixed([3, value], [1, text]));
  });
  const stray = fc.tuple(someQuery, text);
  const pair =
    known.length > 0 ? mixed([8, fc.oneof(...known)], [1, stray]) : stray;
  const encoded = pair.map(
    ([name, value]) =>
      `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`,
  );
  const parts = fc.array(mixed([20, encoded], [1, rawSegment]), {
    maxLength: known.length > 0 ? 4 : 1,
  });
  // An earlier parameter with the same name makes the rest unreachable, so most
  // queries name each once.
  return fc.tuple(fc.nat({ max: 9 }), parts).map(([chance, all]) => {
    if (chance > (known.length > 0 ? 6 : 1)) return "";
    const once =
      chance === 0
        ? all
        : [...new Map(all.map((part) => [part.split("=")[0], part])).values()];
    return once.length > 0 ? `?${once.join("&")}` : "";
  });
}

const header = (name: string, ...values: string[]) =>
  fc.tuple(fc.constant(name), fc.constantFrom(...values));
const strayHeader = fc.oneof(
  header(
    "Accept",
    "text/html",
    "image/*",
    "*/*",
    "application/json;q=0",
    ",,;",
    "text/csv",
    "application/xml",
  ),
  header(
    "Accept-Language",
    "uk",
    "ar,en;q=0.5",
    "*",
    "xx-".repeat(200),
    ",;q=9",
    "zh-Hant-TW-x-".padEnd(900, "a"),
  ),
  header("Accept-Encoding", "br", "identity;q=0", "gzip, *;q=0"),
  header(
    "If-None-Match",
    "*",
    '"x"',
    'W/"1"',
    '""',
    ",".repeat(2_000),
    '"'.repeat(2_001),
  ),
  header("If-Match", '"1"', '"0"', "*", "x", `"${"0".repeat(64)}"`),
  header("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", "x"),
  header("Range", "bytes=0-", "bytes=-1", "bytes=9-1", "x"),
  header("Origin", "null", "https://partner.invalid"),
  header("Cookie", "a=b", "=".repeat(1_000)),
  header(
    "Content-Type",
    "text/plain",
    "application/json",
    "application/x-ndjson",
    "multipart/form-data",
    "x",
  ),
  header("Content-Encoding", "gzip", "br", "x"),
  header("CF-Connecting-IP", "192.0.2.1", "x"),
  header("X-Forwarded-Host", "attacker.invalid"),
  header("Sec-Fetch-Site", "cross-site"),
  header(
    "Authorization",
    "Bearer wrong",
    "Basic eDp4",
    "Bearer",
    "KNOWN-second-editor",
  ),
);

const paragraph = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${"<w:p><w:r><w:t>UA 1/00 Invented Person One was arrested on 1 January 2000.</w:t></w:r></w:p>".repeat(3)}</w:body></w:document>`;
const docx = docxOf(paragraph);
const bytesChanged = (bytes: Uint8Array) =>
  fc
    .array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), {
      maxLength: 6,
    })
    .map((changes) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    });

/**
 * `KNOWN-backup` is a backup of the filled deployment, and so on; a damage is
 * applied when it is sent.
 */
const backupBody = (name: string) =>
  fc.oneof(
    fc
      .tuple(fc.nat(), fc.nat({ max: 5 }), text)
      .map((parts) => `KNOWN-${name} ${JSON.stringify(parts)}`),
    fc
      .array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 5 })
      .map((rows) => rows.map((row) => JSON.stringify(row)).join("\n")),
    text,
  );

/**
 * Bodies that are accepted when their precondition holds; a random text is
 * seldom a note.
 */
const accepted: { [O in Operation]?: fc.Arbitrary<fc.JsonValue> } = {
  publish: fc.record({
    case: wholeCase,
    note: fc.constantFrom(
      { en: "An invented change" },
      { en: "An invented change", uk: "Вигадана зміна" },
    ),
    kind: fc.constantFrom("update", "correction"),
    notify: fc.constantFrom("none", "loud", "silent"),
  }),
  previewErasure: fc.record({
    erase: fc.array(
      fc.constantFrom(
        { what: "name", name: "Invented Person One" },
        { what: "entry", at: "/events/0" },
        { what: "earlier" },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  saveDraft: wholeCase.map((fields) => ({
    ...draftOf(fields),
    base: null,
    source: null,
  })),
  addHook: fc.record({
    url: fc.constantFrom("https://hooks.invalid/a", "https://hooks.invalid/b"),
    shape: fc.constantFrom("event", "slack"),
  }),
  replayHook: fc.record({ from: fc.integer({ min: 1, max: 5 }) }),
};

function bodyOf(
  operation: Operation,
  { body, access }: Route,
): fc.Arbitrary<string | Uint8Array | undefined> {
  if (!body) return fc.constantFrom(undefined, undefined, undefined, "{}");
  if (access === "telegram")
    return mixed([8, update], [1, damaged(update)]).map((one) =>
      JSON.stringify(one),
    );
  if (operation === "readDocument")
    // tests/editing/importer/limits.test.ts gives the extractors any text.
    return fc.oneof<fc.Arbitrary<string | Uint8Array>[]>(
      bytesChanged(docx),
      text,
    );
  if (operation === "restore") return backupBody("backup");
  if (operation === "restoreFollowers") return backupBody("followers");
  const own =
    "schema" in body ? inputOf(body.schema as v.GenericSchema) : cases;
  const sound = accepted[operation];
  const values = sound ? fc.oneof(own, sound, sound) : own;
  const json = mixed([5, values], [4, damaged(values)], [1, fc.jsonValue()]);
  return mixed<string | Uint8Array>(
    [20, json.map((one) => JSON.stringify(one))],
    [1, text],
    [1, fc.uint8Array({ maxLength: 50 })],
    [1, json.map((one) => JSON.stringify(one).slice(0, -1))],
    [1, fc.constant(`${" ".repeat((body.limitBytes ?? 1_000) + 1)}{}`)],
  );
}

function preconditionOf({
  precondition,
}: Route): fc.Arbitrary<Record<string, string>> {
  if (!precondition) return fc.constant({});
  if (precondition === "hash")
    return fc.constantFrom(
      { "If-Match": KNOWN.hash },
      { "If-Match": `"${"0".repeat(64)}"` },
      {},
    );
  const newest = { "If-Match": KNOWN.newest };
  const none = { "If-None-Match": "*" };
  return fc.constantFrom<Record<string, string>[]>(
    newest,
    newest,
    newest,
    { "If-Match": '"1"' },
    none,
    none,
    {},
  );
}

function requestTo(
  operation: Operation,
  route: Route,
): fc.Arbitrary<FuzzRequest> {
  const other = [
    "HEAD",
    "OPTIONS",
    "PATCH",
    "GET",
    "POST",
    "PUT",
    "DELETE",
  ].filter(
    (method) => !methodsOf(route.path).includes(method) || method === "HEAD",
  );
  const restores = operation === "restore" || operation === "restoreFollowers";
  return fc
    .record({
      deployment: restores
        ? fc.constantFrom<Deployment[]>("empty", "empty", "filled")
        : fc.constantFrom<Deployment[]>("filled", "filled", "reviewed"),
      method: mixed(
        [15, fc.constant(route.method as string)],
        [1, fc.constantFrom(...other)],
      ),
      path: pathOf(route),
      query: queryOf(route),
      precondition: preconditionOf(route),
      stray: mixed<[string, string][]>(
        [4, fc.constant([])],
        [1, fc.array(strayHeader, { maxLength: 3 })],
      ),
      body: bodyOf(operation, route),
    })
    .map(({ deployment, method, path, query, precondition, stray, body }) => {
      const headers: Record<string, string> = { ...precondition };
      if (route.access === "editor" || operation === "health")
        headers.Authorization = "KNOWN-editor";
      if (route.access === "telegram")
        headers["X-Telegram-Bot-Api-Secret-Token"] = "KNOWN-webhook-secret";
      if (route.body)
        headers["Content-Type"] =
          "schema" in route.body ? "application/json" : route.body.types[0]!;
      if (body instanceof Uint8Array && operation === "readDocument")
        headers["Content-Type"] = (route.body as { types: string[] }).types[1]!;
      for (const [name, value] of stray) headers[name] = value;
      return {
        operation,
        deployment,
        method,
        address: path + query,
        headers,
        ...(body === undefined ? {} : { body }),
      };
    });
}

/** Publishing and editing get more requests than a script or an icon. */
const weightOf = ({ access, body, query, path }: Route) =>
  1 +
  (access ? 1 : 0) +
  (body ? 4 : 0) +
  (query ? 1 : 0) +
  (path.includes("{") ? 1 : 0);

export const operations = routes.map(([operation]) => operation);

export function requestsTo(chosen: Operation[]): fc.Arbitrary<FuzzRequest> {
  const asked = routes.filter(([operation]) => chosen.includes(operation));
  return mixed(
    ...asked.map(
      ([operation, route]) =>
        [weightOf(route), requestTo(operation, route)] as const,
    ),
  );
}
