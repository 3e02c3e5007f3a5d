import { addressOf } from "../../shared/addresses.ts";
import { localeTags } from "../../shared/locale.ts";
import { contract } from "../../worker/editing/contract/contract.ts";
import type { Route } from "../../worker/editing/contract/route.ts";
import type { TestWorker } from "../support/harness.ts";

/** Needs a socket; shows a preview of a link that doesn't exist. */
const notRead = ["live", "linkPreview"];

/**
 * Every text that the routes answer to a GET, with its headers, in each
 * language and one that Casewire doesn't speak.
 * @param access only the routes that anyone may call, or all of them
 * @param ids of a case, and of one that doesn't exist
 */
export async function everyAnswer(
  worker: TestWorker,
  access: "anyone" | "editors",
  ids: string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const [name, route] of Object.entries<Route>(contract)) {
    if (
      route.method !== "GET" ||
      notRead.includes(name) ||
      (access === "anyone" && route.access)
    )
      continue;
    for (const lang of [...localeTags, "la"])
      for (const id of ids) {
        const query = new URLSearchParams({
          ...(name === "oembed"
            ? { url: `${worker.env.PUBLIC_URL}/cases/${id}` }
            : {}),
          ...Object.fromEntries(
            ["lang", "ui"]
              .filter((key) => key in (route.query ?? {}))
              .map((key) => [key, lang]),
          ),
        });
        // A value that the path doesn't name would become a parameter, which is
        // refused.
        const values = Object.entries({
          id,
          number: 1,
          hash: "0",
          kind: "js",
          part: 1,
        });
        const named = Object.fromEntries(
          values.filter(([key]) => route.path.includes(`{${key}`)),
        );
        const address = `${addressOf(route.path, named)}?${query}`;
        if (texts.has(address)) continue;
        const answer = await worker.asEditor(address);
        if (answer.headers.get("Content-Type")?.startsWith("image/png"))
          continue;
        texts.set(
          address,
          JSON.stringify([...answer.headers]) + (await answer.text()),
        );
      }
  }
  return texts;
}
