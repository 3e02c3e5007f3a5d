/**
 * Loads Miniflare with three changes: a start takes half the processor time,
 * requests leave the Worker as they do in a deployment, and the runtime's own
 * stacks aren't printed.
 */
import { registerHooks } from "node:module";

/**
 * Miniflare encodes its configuration, which contains the Worker's code, in a
 * buffer that it copies whole each time it grows by 4 KB. That is 600 MB for
 * one start. Larger steps change nothing else.
 */
export const GROWTH_STEP = /(\bMIN_SINGLE_SEGMENT_GROWTH = )4096;/;
const LARGER_STEP = "$18 * 1024 * 1024;";

/**
 * Miniflare passes each outgoing request through a Worker of its own, which
 * adds and removes headers of Cloudflare. A deployment has no such Worker, and
 * it takes a fifth of the processor time of a delivery.
 */
export const OUTBOUND_WORKER =
  /(\bglobalOutbound: )\{ name: getOutboundInterceptorName\(workerIndex\) \}/;
const INTERNET = '$1{ name: "internet" }';

/**
 * Miniflare leaves out messages with a stack of the runtime's own code, such as
 * about a host without an address, which the Worker handles itself. It knows
 * them by bare addresses, and today's runtime writes the program's path before
 * each.
 */
export const INTERNAL_STACK = /(\/stack:\( \()(0\|\[a-f\\d\]\{4,\})/;
export const ANY_STACK = "$1(?:\\S+@)?(?:$2)";

export async function loadMiniflare(): Promise<typeof import("miniflare")> {
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith("/miniflare/dist/src/index.js") || !loaded.source)
        return loaded;
      const source = String(loaded.source)
        .replace(GROWTH_STEP, LARGER_STEP)
        .replace(OUTBOUND_WORKER, INTERNET)
        .replace(INTERNAL_STACK, ANY_STACK);
      return { ...loaded, source };
    },
  });
  try {
    return await import("miniflare");
  } finally {
    hooks.deregister();
  }
}
