/**
 * The entry of a local run: the Worker as deployed, and in front of it the home page, which exists nowhere else. It stands at `/` alone;
 * with a query, as every link to the front page of cases has one, that is the Worker's own.
 */
import type { Env } from "../../bindings.ts";
import worker from "../../index.ts";
import { statesPage } from "./states/gallery.tsx";

export * from "../../index.ts";

interface LocalEnv extends Env {
  /** The files of the home page, served by the process that started the runtime. */
  HOME: Fetcher;
}

/** The home page carries the local editor's token: another site that resolves to this machine must not read it. */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export default {
  ...worker,
  fetch(request, env, context) {
    const address = new URL(request.url);
    const { pathname, search, host } = address;
    const isHome = (pathname === "/" && !search) || pathname.startsWith("/local/");
    if (!isHome) return worker.fetch(request, env, context);
    if (!LOOPBACK.test(host)) return new Response("The home page answers on localhost only.\n", { status: 421 });
    if (/^\/local\/states(\/|$)/.test(pathname))
      return statesPage(address, { origin: env.PUBLIC_URL, contact: env.CONTACT });
    return env.HOME.fetch(request);
  },
} satisfies ExportedHandler<LocalEnv>;
