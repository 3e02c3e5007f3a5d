/**
 * The entry of a local run: the deployed Worker, with the home page in front of
 * it. The home page is served at `/` without a query. Links to the list of
 * cases, which a deployment serves there, always have one.
 */

import worker from "../../web/index.ts";

export * from "../../web/index.ts";

interface LocalEnv extends Env {
  /**
   * The files of the home page, served by the process that started the runtime.
   */
  HOME: Fetcher;
}

/**
 * The home page contains the local editor's token, so a foreign host name that
 * resolves to this machine must not get it.
 */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export default {
  ...worker,
  fetch(request, env, context) {
    const { pathname, search, host } = new URL(request.url);
    const isHome =
      (pathname === "/" && !search) || pathname.startsWith("/local/");
    if (!isHome) return worker.fetch(request, env, context);
    if (!LOOPBACK.test(host))
      return new Response("The home page is available on localhost only.\n", {
        status: 421,
      });
    return env.HOME.fetch(request);
  },
} satisfies ExportedHandler<LocalEnv>;
