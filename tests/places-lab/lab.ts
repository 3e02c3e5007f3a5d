/** Invented pages that quote two invented cases, and the network on which they stand. A file's name says what a look must find. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../shared/case/schema.ts";
import type { SeenRevision } from "../../worker/editing/rules/old-text.ts";
import { inventedCase, inventedPerson, stated } from "../invented.ts";
import { root } from "../root.ts";

const names = (...values: string[]) =>
  values.map((value, at) => ({
    value,
    lang: "en",
    form: at ? ("variant" as const) : ("preferred" as const),
    source: "first",
  }));
const target = (name: string, email: string) => [{ name, email, languages: ["en"] }];
const prosecutor = target("Prosecutor General of Demoland", "prosecutor@justice.demoland.example");
const minister = target("Minister of Justice of Demoland", "minister@justice.demoland.example");
const proceeding = (value: string) => ({ id: "trial", ...stated(value) });
const action = (request: string, until: string, targets: object[]) => ({
  state: "active",
  request: { en: request },
  until,
  targets,
});

const mirela = (more: object) =>
  inventedPerson("Mirela Fantova", { names: names("Mirela Fantova", "Мірела Фантова", "ميريلا فانتوفا"), ...more });
const ilyas = inventedPerson("Ilyas Uydurma", { custody: stated("house-arrest") });
const odalys = (custody: string, duration: string) =>
  inventedPerson("Odalys Inventada", {
    names: names("Odalys Inventada", "Одаліс Інвентада", "Одалис Инвентада"),
    custody: stated(custody),
    sentence: stated({ duration }),
  });

const revision = (number: number, kind: "update" | "correction", day: string, fields: Case): SeenRevision => ({
  number,
  kind,
  liveAt: `${day}T10:00:00.000Z`,
  case: fields,
});
const ofA = (custody: string, trial: string, done: object) =>
  inventedCase(741, {
    people: [mirela({ custody: stated(custody), proceedings: [proceeding(trial)] }), ilyas],
    action: done,
  });
const ofB = (custody: string, duration: string, done: object) =>
  inventedCase(742, { people: [odalys(custody, duration)], action: done });

/** Closed at its last revision, after two requests. */
export const closed: SeenRevision[] = [
  revision(
    1,
    "update",
    "2025-01-10",
    ofA("pre-trial-detention", "on-trial", action("Write to the Prosecutor General.", "2025-03-31", prosecutor)),
  ),
  revision(
    2,
    "update",
    "2025-05-20",
    ofA("imprisoned", "convicted", action("Write to the Minister of Justice.", "2025-06-30", minister)),
  ),
  revision(3, "update", "2025-11-20", ofA("released", "convicted", { state: "closed", thanks: { en: "Thank you." } })),
];
/** Open; its second revision corrects where she is and for how long, its third asks for something else. */
export const corrected: SeenRevision[] = [
  revision(
    1,
    "update",
    "2025-02-03",
    ofB("imprisoned", "P12Y", action("Write to the Prosecutor General.", "2025-05-31", prosecutor)),
  ),
  revision(
    2,
    "correction",
    "2025-04-01",
    ofB("house-arrest", "P7Y", action("Write to the Prosecutor General.", "2025-05-31", prosecutor)),
  ),
  revision(
    3,
    "update",
    "2025-06-10",
    ofB("house-arrest", "P7Y", action("Write to the Minister of Justice.", "2025-12-31", minister)),
  ),
];

export interface LabPage {
  name: string;
  url: string;
  history: SeenRevision[];
  /** "old asks", "current", "moved", "unknown" or "unreachable"; "widget" is current because it shows the case. */
  expected: string;
}

const HOST = "https://lab.example.org";
const folder = join(root, "tests/places-lab");
const file = (name: string) => readFileSync(join(folder, `${name}.html`));
const html = (inside: string) => `<!doctype html><html><body><main>${inside}</main></body></html>`;
const stale = "<p>UA 741/00: write to the Minister of Justice and ask for the release of Mirela Fantova.</p>";
const page = (text: BodyInit, headers: Record<string, string> = {}) =>
  new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8", ...headers } });
const sentTo = (status: number, to: string) => () => new Response(null, { status, headers: { Location: to } });

/** Pages that are no file: elsewhere, hostile, huge or broken. */
const made: Record<string, () => Response> = {
  "a-moved-301": sentTo(301, "https://lab.example.org/new"),
  "a-moved-302": sentTo(302, "/"),
  "a-moved-303": sentTo(303, "https://other.example.org/mirela"),
  "a-moved-307": sentTo(307, "https://10.0.0.1/admin"),
  "a-moved-308": sentTo(308, "http://lab.example.org/insecure"),
  "a-unreachable-gone": () => new Response("gone", { status: 410 }),
  "a-unreachable-broken": () => new Response("broken", { status: 503 }),
  "a-unknown-huge": () => page(html(stale + "<p>word </p>".repeat(250_000))),
  "a-unknown-deep": () => page(html("<div>".repeat(5_000) + stale)),
  "a-unknown-many": () => page(html(stale + "<b></b>".repeat(40_000))),
  "a-unknown-pdf": () => page("%PDF-1.7", { "Content-Type": "application/pdf" }),
  "a-unknown-forbidden": () => page(html(stale)),
  "a-unknown-bytes": () => page(Uint8Array.from({ length: 4_000 }, (_, at) => (at * 37) % 256)),
};

export const pages: LabPage[] = [
  ...readdirSync(folder).flatMap((name) => (name.endsWith(".html") ? name.slice(0, -5) : [])),
  ...Object.keys(made),
].map((name) => {
  const [of, ...expected] = name.split("-");
  const [verdict = "", reason = ""] = expected;
  return {
    name,
    url: `${HOST}/${name}`,
    history: of === "a" ? closed : corrected,
    expected: verdict === "old" ? `old ${reason}` : verdict,
  };
});

/** Every request that reached the lab's network, without those for addresses of hosts. */
export const asked: Request[] = [];

/** The lab's network: its host's addresses, its rules for robots, and its pages. */
export function labNetwork(request: Request): Response {
  const { hostname, pathname } = new URL(request.url);
  if (hostname === "cloudflare-dns.com") {
    const name = new URL(request.url).searchParams.get("name");
    return Response.json({ Answer: [{ type: 1, data: name === "inside.example.org" ? "10.0.0.1" : "93.184.215.14" }] });
  }
  asked.push(request);
  if (pathname === "/robots.txt") return new Response("User-agent: *\nDisallow: /a-unknown-forbidden\n");
  const name = pathname.slice(1);
  if (made[name]) return made[name]();
  if (!pages.some((one) => one.name === name)) return new Response("not found", { status: 404 });
  if (request.headers.get("If-None-Match") === `"${name}"`) return new Response(null, { status: 304 });
  return page(new Uint8Array(file(name)), { ETag: `"${name}"` });
}
