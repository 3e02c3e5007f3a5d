import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Ledger } from "../../worker/objects/ledger/ledger.ts";

/** Moves each moment that hasn't come back by a minute, so that it comes with the next read. No lease covers the time before a first read. */
export const backdate = () =>
  runInDurableObject<Ledger, void>(env.LEDGER.getByName("ledger"), (_, { storage }) => {
    storage.sql.exec(
      "UPDATE revisions SET live_at = live_at - 60000, committed_at = committed_at - 60000 WHERE shown = 0",
    );
  });
