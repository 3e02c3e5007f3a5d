import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { EvaluatedModules } from "vite/module-runner";
import { expect } from "vitest";
import { Dispatcher } from "../../worker/objects/dispatcher/dispatcher.ts";
import { Ledger } from "../../worker/objects/ledger/ledger.ts";
import { Webhooks } from "../../worker/objects/webhooks/webhooks.ts";
import { needsUntouched } from "../support/untouched.ts";
import { letFacetsThrough } from "./facets.ts";

const gettersOf = ({ prototype }: { prototype: object }) =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(
    ([name, { get }]) => (get ? [name] : []),
  );
letFacetsThrough([Ledger, Dispatcher, Webhooks].flatMap(gettersOf));

/** Survives the modules of a test file. */
const runtime = globalThis as unknown as {
  touched?: boolean;
  __vitest_worker__: { evaluatedModules: EvaluatedModules };
};
const needed = needsUntouched(expect.getState().testPath ?? "");

/** Whatever is published, or done to people, is in the log. */
const isEmpty = () =>
  runInDurableObject(
    env.LEDGER.getByName("ledger"),
    (_, { storage }) =>
      storage.sql
        .exec("SELECT 1 FROM revisions UNION ALL SELECT 1 FROM audit LIMIT 1")
        .toArray().length === 0,
  );

/**
 * The rooms whose modules remember something of a deployment, and the tests.
 * The others import none of them, and are evaluated once.
 */
const REMEMBERING = /\/(tests|worker\/(objects|reads|runtime|web))\//;

/**
 * As `vi.resetModules()`, which forgets every package and schema too.
 * Evaluating those again costs several seconds of the processor.
 */
function resetModules(): void {
  for (const [path, module] of runtime.__vitest_worker__.evaluatedModules
    .idToModuleMap) {
    if (!REMEMBERING.test(path) || path.includes("/node_modules/")) continue;
    Object.assign(module, {
      promise: undefined,
      exports: undefined,
      evaluated: false,
    });
    module.importers.clear();
  }
}

// Deletes what is stored, and what modules remember, such as leased copies. A
// runtime for each of these files would take two seconds of the processor, and
// deleting it before every file a quarter of one.
if (needed || runtime.touched) {
  await reset();
  resetModules();
  // Calls between objects that were under way during a reset can leave an
  // object with its old rows.
  do await reset();
  while (!(await isEmpty()));
  // The look itself made a Ledger, at the true time.
  await reset();
}
runtime.touched = needed;
