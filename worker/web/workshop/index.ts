/**
 * A second Worker for what a reader's request rarely needs. The runtime loads
 * every uploaded module in each isolate, those of the Durable Objects included,
 * so these modules are elsewhere. The main Worker calls it by its binding
 * WORKSHOP (`askWorkshop`); nothing else can.
 *
 * It has no storage, settings or secrets: a call carries everything, and the
 * main Worker keeps rights, leases and headers. During a deployment the two may
 * be one version apart, in both directions. So a changed method gets a new name
 * and stays for a release, and the workshop is deployed first.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import * as beside from "../../editing/rules/beside.ts";
import * as docs from "../site/docs/docs-page.tsx";
import * as follow from "../site/follow/page.tsx";
import * as bot from "./bot.ts";
import * as builtFiles from "./built-files.ts";
import * as drawing from "./draw-png.ts";
import * as backups from "./encrypt-backup.ts";
import * as passkeys from "./passkeys.ts";
import * as places from "./places.ts";
import * as preview from "./preview.ts";
import * as documents from "./read-document.ts";
import * as pushes from "./send-pushes.ts";

/** For the watch of the cron trigger. */
const isThere = () => true;

/** What the main Worker may call: whatever these modules export. */
const methods = {
  ...beside,
  ...docs,
  ...follow,
  ...bot,
  ...builtFiles,
  ...drawing,
  ...backups,
  ...passkeys,
  ...places,
  ...preview,
  ...documents,
  ...pushes,
  isThere,
};

type Methods = typeof methods;
/** A caller gets each answer later. */
export type WorkshopCalls = {
  [Name in keyof Methods]: (
    ...given: Parameters<Methods[Name]>
  ) => Promise<Awaited<ReturnType<Methods[Name]>>>;
};

declare global {
  interface WorkshopPort extends WorkshopCalls {}
}

export default class Workshop extends WorkerEntrypoint {}
// The runtime lets others call what the prototype has, and nothing of an
// instance's own.
Object.assign(Workshop.prototype, methods);
