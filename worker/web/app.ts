import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { paths } from "../../shared/addresses.ts";
import { type Failure, Refusal } from "../../shared/failure.ts";
import type { RouteAnswer } from "../editing/contract/route.ts";
import { type Public, setHeaders } from "../reads/freshness.ts";
import { answerKept } from "../reads/send-body.ts";
import { log } from "../runtime/log.ts";
import { newerDataDetail } from "../runtime/newer-data.ts";
import { faultsAt } from "../runtime/settings.ts";
import { caseHandlers } from "./api/cases.ts";
import { deskHandlers } from "./api/desk.ts";
import { documentHandlers } from "./api/documents.ts";
import { editingHandlers } from "./api/editing.ts";
import { editorHandlers } from "./api/editors.ts";
import { hookHandlers } from "./api/hooks.ts";
import { listHandlers } from "./api/list.ts";
import { liveHandlers } from "./api/live.ts";
import { logHandlers } from "./api/log.ts";
import { operationHandlers } from "./api/operation.ts";
import { placeHandlers } from "./api/places.ts";
import { portraitHandlers } from "./api/portraits.ts";
import { previewHandlers } from "./api/preview.ts";
import { sendProblem } from "./api/problem.ts";
import { serve } from "./api/router.ts";
import { savedDraftHandlers } from "./api/saved-drafts.ts";
import { schemaHandlers } from "./api/schemas.ts";
import { calendarHandlers } from "./site/calendar/calendar.ts";
import { canonical } from "./site/canonical.ts";
import { crawlerHandlers } from "./site/crawlers/crawlers.ts";
import { deskPageHandlers } from "./site/desk/page.ts";
import { embedGuideHandlers } from "./site/embed-guide/route.ts";
import { feedHandlers } from "./site/feed/feed.tsx";
import { followHandlers } from "./site/follow/route.ts";
import { iconHandlers } from "./site/icons/route.ts";
import { legalHandlers } from "./site/legal/route.tsx";
import { oembedHandlers } from "./site/oembed/oembed.tsx";
import { pageHandlers, sendRefusalPage } from "./site/pages.tsx";
import { portraitRouteHandlers } from "./site/portrait/route.ts";
import { caseSurfaceHandlers } from "./site/send-case.ts";
import { shareImageHandlers } from "./site/share-image/share-image.tsx";
import { statusHandlers } from "./site/status/status.tsx";
import { widgetHandlers } from "./site/widget/route.ts";
import { telegramHandlers } from "./telegram/webhook.ts";

export const app = new Hono<Public>();

/**
 * Editors sign each request, and the desk and the health check are theirs too.
 */
const editorsPaths = [paths.desk, `/v1${paths.desk}`, paths.health];
const isReaders = ({ req }: Context<Public>) =>
  req.header("Authorization") === undefined &&
  !editorsPaths.some((path) => req.path.startsWith(path));

// Outermost, so that every answer of any status gets its headers.
app.use(async function serveWhenSet(c, next) {
  const faulty = faultsAt(c.env, c.req.url, isReaders(c));
  if (faulty.length === 0) await next();
  else {
    const text = `Refusing to serve: missing or unusable settings: ${faulty.join(", ")}`;
    log.error(text);
    c.res = c.text(`${text}\n`, 503);
  }
  if (c.res.status !== 101) setHeaders(c, c.res);
});

app.use(canonical);

serve(app, {
  ...caseHandlers,
  ...listHandlers,
  ...liveHandlers,
  ...schemaHandlers,
  ...editingHandlers,
  ...deskHandlers,
  ...savedDraftHandlers,
  ...hookHandlers,
  ...placeHandlers,
  ...portraitHandlers,
  ...portraitRouteHandlers,
  ...editorHandlers,
  ...previewHandlers,
  ...logHandlers,
  ...operationHandlers,
  ...pageHandlers,
  ...caseSurfaceHandlers,
  ...embedGuideHandlers,
  ...telegramHandlers,
  ...oembedHandlers,
  ...feedHandlers,
  ...calendarHandlers,
  ...statusHandlers,
  ...widgetHandlers,
  ...legalHandlers,
  ...crawlerHandlers,
  ...iconHandlers,
  ...deskPageHandlers,
  ...followHandlers,
  ...documentHandlers,
  ...shareImageHandlers,
});

/** Browsers get an HTML page; API clients get problem+json. */
function refuse(c: Context<Public>, failure: Failure): Response {
  const route = c.get("route");
  const isPage = route?.refusals === "page";
  // A route of the API, a feed or a file answers problem+json to everyone, as
  // its declaration says.
  const types = Object.values<RouteAnswer>(route?.answers ?? {}).map(
    ({ type }) => type,
  );
  const mayBePage = route
    ? types.includes("text/html")
    : !c.req.path.startsWith("/v1/");
  if (!isPage && !(mayBePage && c.req.header("Accept")?.includes("text/html")))
    return sendProblem(c, failure);
  // The address has two representations, so the edge must not keep this one for
  // API clients.
  if (!isPage) c.set("lease", undefined);
  return sendRefusalPage(c, failure);
}

app.notFound((c) => refuse(c, { tag: "no-such-address", path: c.req.path }));

/**
 * Durable Objects mark errors that may disappear on retry. The platform's own
 * failure, such as a damaged storage file, has no mark: only its message tells
 * it from ours.
 */
const isOutage = (error: Error) =>
  "retryable" in error ||
  "overloaded" in error ||
  "durableObjectReset" in error ||
  error.message.startsWith("internal error; reference = ");

app.onError((error, c) => {
  if (error instanceof Refusal) return refuse(c, error.failure);
  log.error("Worker: a request failed", error);
  const detail = newerDataDetail(error);
  if (detail !== null) return refuse(c, { tag: "newer-data", detail });
  return refuse(c, { tag: isOutage(error) ? "unavailable" : "unexpected" });
});

/** Answers from memory, before any routing, or routes the request. */
export function answerRequest(
  request: Request,
  env: Env,
  context: ExecutionContext,
): Response | Promise<Response> {
  const kept = answerKept(request, env);
  if (kept === null) return app.fetch(request, env, context);
  return kept instanceof Response
    ? kept
    : kept.then((confirmed) => confirmed ?? app.fetch(request, env, context));
}
