import { type Context, Hono } from "hono";
import { type Failure, Refusal } from "../shared/failure.ts";
import { faultySettings } from "./env.ts";
import { type Public, stamp } from "./freshness.ts";
import { sendProblem } from "./problem.ts";
import { backup } from "./routes/backup.ts";
import { badge } from "./routes/badge.ts";
import { canonical } from "./routes/canonical.ts";
import { cases } from "./routes/cases.ts";
import { deliveries } from "./routes/deliveries.ts";
import { desk } from "./routes/desk.ts";
import { deskPage } from "./routes/desk-page.ts";
import { drafts } from "./routes/drafts.ts";
import { editor } from "./routes/editor.ts";
import { embed } from "./routes/embed.ts";
import { embedGuide } from "./routes/embed-guide.ts";
import { feeds } from "./routes/feeds.ts";
import { health } from "./routes/health.ts";
import { keys } from "./routes/keys.ts";
import { live } from "./routes/live.ts";
import { oembed } from "./routes/oembed.tsx";
import { pages, sendRefusalPage } from "./routes/pages.tsx";
import { preview } from "./routes/preview.ts";
import { schemas } from "./routes/schemas.ts";
import { telegram } from "./routes/telegram.ts";
import { widgetScript } from "./routes/widget-script.ts";

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
