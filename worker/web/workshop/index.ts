/**
 * A second Worker for what a reader's request rarely needs. The runtime loads every uploaded module in each isolate, those of the Durable
 * Objects included, so these modules are elsewhere. The main Worker calls it by its binding WORKSHOP (`askWorkshop`); nothing else can.
 *
 * It has no storage, settings or secrets: a call carries everything, and the main Worker keeps rights, leases and headers.
 * During a deployment the two may be one version apart, in both directions. So a changed method gets a new name and stays for a release,
 * and the workshop is deployed first.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { readBeside } from "../../editing/rules/beside.ts";
import { docsPage } from "../site/docs/docs-page.tsx";
import { followPage, followWorker } from "../site/follow/page.tsx";
import { apiDocument } from "./api-documents.ts";
import { handleUpdate, slowDown } from "./bot.ts";
import { deskFile, deskPage } from "./desk-files.ts";
import { drawPng } from "./draw-png.ts";
import { encryptBackup } from "./encrypt-backup.ts";
import { placeLetters } from "./letters.ts";
import { lookAtPage } from "./look.ts";
import { newPasskeyOptions, signInOptions, verifyNewPasskey, verifySignIn } from "./passkeys.ts";
import { previewDraft, previewWithdrawal } from "./preview.ts";
import { readDocument } from "./read-document.ts";
import { sendPushes } from "./send-pushes.ts";

/** For the watch of the cron trigger. */
const isThere = () => true;

/** What the main Worker may call. */
const methods = {
  apiDocument,
  deskFile,
  deskPage,
  docsPage,
  drawPng,
  encryptBackup,
  followPage,
  followWorker,
  handleUpdate,
  isThere,
  lookAtPage,
  newPasskeyOptions,
  placeLetters,
  previewDraft,
  previewWithdrawal,
  readBeside,
  readDocument,
  sendPushes,
  signInOptions,
  slowDown,
  verifyNewPasskey,
  verifySignIn,
};

type Methods = typeof methods;
/** A caller gets each answer later. */
export type WorkshopCalls = {
  [Name in keyof Methods]: (...given: Parameters<Methods[Name]>) => Promise<Awaited<ReturnType<Methods[Name]>>>;
};

declare global {
  interface WorkshopPort extends WorkshopCalls {}
}

export default class Workshop extends WorkerEntrypoint {}
// The runtime lets others call what the prototype has, and nothing of an instance's own.
Object.assign(Workshop.prototype, methods);
