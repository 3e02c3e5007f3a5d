/**
 * Erasures of tests that aren't about what an editor looks at: each erases what
 * its preview shows.
 */
import type { Client } from "../../worker/editing/contract/client.ts";
import type { Erase, Erased } from "../../worker/editing/rules/erase.ts";

/** Erases over the API. */
export async function eraseSeen(
  client: Client,
  id: string,
  erase: Erase[] = [{ what: "earlier" }],
): Promise<Erased> {
  const basedOn = (await client.readDeskCase({ id })).revision.number;
  const { seen, cases } = await client.previewErasure({
    id,
    basedOn,
    body: { erase },
  });
  const done = await client.erase({
    id,
    basedOn,
    body: { erase, seen, leave: cases.map((other) => other.id) },
  });
  if ("proposal" in done)
    throw new Error(`the erasure of ${id} waits for a second editor`);
  return done;
}
