import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
import { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
import { needsUntouched } from "../untouched.ts";
import { letFacetsThrough } from "./facets.ts";

const gettersOf = ({ prototype }: { prototype: object }) =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) => (get ? [name] : []));
letFacetsThrough([Ledger, Dispatcher, Webhooks].flatMap(gettersOf));

/** Survives the modules of a test file. */
const runtime = globalThis as { touched?: boolean };
const needed = needsUntouched(expect.getState().testPath ?? "");

/** Whatever is published, or done to people, is in the log. */
const isEmpty = () =>
  runInDurableObject(
    env.LEDGER.getByName("ledger"),
    (_, { storage }) =>
      storage.sql.exec("SELECT 1 FROM revisions UNION ALL SELECT 1 FROM audit LIMIT 1").toArray().length === 0,
  );

// Deletes what is stored, and what modules remember, such as leased copies. A runtime for each of these files would take two seconds of
// the processor, and deleting it before every file a quarter of one.
if (needed || runtime.touched) {
  await reset();
  vi.resetModules();
  // Calls between objects that were under way during a reset can leave an object with its old rows.
  do await reset();
  while (!(await isEmpty()));
  // The look itself made a Ledger, at the true time.
  await reset();
}
runtime.touched = needed;
