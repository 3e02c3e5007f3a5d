/**
 * A second Worker for what a reader's request rarely needs. The runtime loads every uploaded module in each isolate, those of the Durable
 * Objects included, so these modules are elsewhere. The main Worker calls it by its binding WORKSHOP (`askWorkshop`); nothing else can.
 *
 * It has no storage, settings or secrets: a call carries everything, and the main Worker keeps rights, leases and headers.
 * During a deployment the two may be one version apart, in both directions. So a changed method gets a new name and stays for a release,
 * and the workshop is deployed first.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Profile } from "../../../shared/profile/schema.ts";
import { apiDocument } from "./api-documents.ts";
import { handleUpdate, slowDown } from "./bot.ts";
import { deskFile, deskPage } from "./desk-files.ts";
import { drawPng } from "./draw-png.ts";
import { encryptBackup } from "./encrypt-backup.ts";
import { newPasskeyOptions, signInOptions, verifyNewPasskey, verifySignIn } from "./passkeys.ts";
import { readDocument } from "./read-document.ts";

declare global {
  interface WorkshopPort extends Workshop {}
}

/** Asynchronous methods only, so that the binding has the type of the class. */
export default class Workshop extends WorkerEntrypoint {
  async drawPng(svg: string) {
    return drawPng(svg);
  }

  async deskPage(newsroom: string, acceptLanguage: string | undefined) {
    return deskPage(newsroom, acceptLanguage);
  }

  async deskFile(path: string) {
    return deskFile(path);
  }

  async apiDocument(name: "openapi" | "caseSchema") {
    return apiDocument(name);
  }

  async readDocument(document: Uint8Array, profile: Profile) {
    return readDocument(document, profile);
  }

  async encryptBackup(content: ReadableStream<Uint8Array>, recipient: string) {
    return encryptBackup(content, recipient);
  }

  async handleUpdate(...given: Parameters<typeof handleUpdate>) {
    return handleUpdate(...given);
  }

  async slowDown(...given: Parameters<typeof slowDown>) {
    return slowDown(...given);
  }

  async signInOptions(...given: Parameters<typeof signInOptions>) {
    return signInOptions(...given);
  }

  async newPasskeyOptions(...given: Parameters<typeof newPasskeyOptions>) {
    return newPasskeyOptions(...given);
  }

  async verifyNewPasskey(...given: Parameters<typeof verifyNewPasskey>) {
    return verifyNewPasskey(...given);
  }

  async verifySignIn(...given: Parameters<typeof verifySignIn>) {
    return verifySignIn(...given);
  }
}
