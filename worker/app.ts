import { type Context, Hono } from "hono";
import { type Failure, Refusal } from "../shared/failure.ts";
import { backup } from "./api/backup.ts";
import { cases } from "./api/cases.ts";
import { deliveries } from "./api/deliveries.ts";
import { desk } from "./api/desk.ts";
import { drafts } from "./api/drafts.ts";
import { editor } from "./api/editor.ts";
import { health } from "./api/health.ts";
import { keys } from "./api/keys.ts";
import { live } from "./api/live.ts";
import { sendProblem } from "./api/problem.ts";
import { schemas } from "./api/schemas.ts";
import { faultySettings } from "./bindings.ts";
import { type Public, stamp } from "./reads/freshness.ts";
import { badge } from "./site/badge/route.ts";
import { canonical } from "./site/canonical.ts";
import { deskPage } from "./site/desk/page.ts";
import { embed } from "./site/embed/route.ts";
import { embedGuide } from "./site/embed-guide/route.ts";
import { feeds } from "./site/feed/route.ts";
import { oembed } from "./site/oembed/route.tsx";
import { pages, sendRefusalPage } from "./site/pages.tsx";
import { preview } from "./site/preview/route.ts";
import { widgetScript } from "./site/widget/route.ts";
import { telegram } from "./telegram/webhook.ts";

export const app = new Hono<Public>();

// Outermost, so that no answer of any status leaves without its headers.
app.use(async (c, next) => {
  const faulty = faultySettings(c.env);
  if (faulty.length === 0) await next();
  else {
    const text = `Refusing to serve: missing or unusable settings: ${faulty.join(", ")}`;
    console.error(text);
    c.res = c.text(`${text}\n`, 503);
  }
  if (c.res.status !== 101) stamp(c, c.res);
});

app.use(canonical);
app.route("/", health);
app.route("/", live);
app.route("/", telegram);
app.route("/", keys);
app.route("/", deliveries);
// Before the editors' routes: a backup, a document and a saved draft may be larger than what is published.
app.route("/", backup);
app.route("/", drafts);
app.route("/", desk);
app.route("/", editor);
app.route("/", cases);
app.route("/", feeds);
app.route("/", embedGuide);
app.route("/", embed);
app.route("/", badge);
app.route("/", oembed);
app.route("/", preview);
app.route("/", deskPage);
app.route("/", pages);
app.route("/", schemas);
app.route("/", widgetScript);

const methods: [path: string, allow: string][] = [
  ["/v1/cases", "GET, HEAD"],
  ["/v1/cases/:id", "GET, HEAD, PUT, DELETE"],
  ["/v1/cases/:id/view", "GET, HEAD"],
  ["/v1/cases/:id/revisions", "GET, HEAD"],
  ["/v1/cases/:id/revisions/:number", "GET, HEAD, DELETE"],
  ["/v1/drafts", "POST"],
  ["/v1/desk/keys", "POST"],
  ["/v1/desk/deliveries", "GET, HEAD, POST"],
  ["/v1/desk/preview", "POST"],
  ["/v1/desk/drafts/:id", "GET, HEAD, PUT, DELETE"],
  ["/v1/desk/proposals/:id", "GET, HEAD, DELETE"],
  ["/v1/desk/proposals/:id/approve", "POST"],
  ["/v1/desk/proposals/:id/reject", "POST"],
  ["/v1/desk/restore", "POST"],
  ["/v1/desk/followers", "GET, HEAD, POST"],
  ["/v1/desk/*", "GET, HEAD"],
  ["/v1/live", "GET"],
  ["/", "GET, HEAD"],
  ["/cases/:id", "GET, HEAD"],
  ["/cases/:id/revisions/:number", "GET, HEAD"],
  ["/cases/:id/feed.atom", "GET, HEAD"],
  ["/cases/:id/feed.json", "GET, HEAD"],
  ["/feed.atom", "GET, HEAD"],
  ["/feed.json", "GET, HEAD"],
  ["/embed", "GET, HEAD"],
  ["/embed.js", "GET, HEAD"],
  ["/embed/:id", "GET, HEAD"],
  ["/badge/:file", "GET, HEAD"],
  ["/oembed", "GET, HEAD"],
  ["/preview.png", "GET, HEAD"],
  ["/v1/openapi.json", "GET, HEAD"],
  ["/v1/schemas/case.json", "GET, HEAD"],
  ["/widget.js", "GET, HEAD"],
  ["/:file{widget@[0-9a-f]+\\.js}", "GET, HEAD"],
  ["/widget.json", "GET, HEAD"],
  ["/desk", "GET, HEAD"],
  ["/:file{desk@[0-9a-f]+\\.(?:js|css|json)}", "GET, HEAD"],
  ["/healthz", "GET, HEAD"],
  ["/telegram", "POST"],
];
for (const [path, allow] of methods)
  app.all(path, (c) => {
    if (allow.split(", ").includes(c.req.method)) throw new Refusal({ tag: "no-such-address", path: c.req.path });
    throw new Refusal({ tag: "method-not-allowed", allow });
  });

/** Who opens an address in a browser is answered with a page; programs, and whoever asks the API, with problem+json. */
function refuse(c: Context<Public>, failure: Failure): Response {
  if (c.req.path.startsWith("/v1/") || !c.req.header("Accept")?.includes("text/html")) return sendProblem(c, failure);
  // A copy of it would go to programs too.
  c.set("lease", undefined);
  return sendRefusalPage(c, failure);
}

app.notFound((c) => refuse(c, { tag: "no-such-address", path: c.req.path }));

/** Durable Objects mark errors that a later try may not meet again. */
const isOutage = (error: Error) => "retryable" in error || "overloaded" in error || "durableObjectReset" in error;

app.onError((error, c) => {
  if (error instanceof Refusal) return refuse(c, error.failure);
  console.error(error);
  return refuse(c, { tag: isOutage(error) ? "unavailable" : "unexpected" });
});
