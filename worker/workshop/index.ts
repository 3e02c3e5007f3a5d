/**
 * A second Worker for what a reader's request rarely needs. The runtime compiles every uploaded module in each isolate, those of the Durable
 * Objects included, so these modules are elsewhere. The main Worker calls it by its binding WORKSHOP; nothing else can.
 *
 * It has no storage, settings or secrets: a call carries everything, and the main Worker keeps sign-in, rights, leases and headers.
 * During a deployment the two may be one version apart, in both directions. So a method keeps its meaning for one release after its last
 * caller, and a new one is deployed before its first caller: the workshop goes first (worker/tools/cli/deploy.ts).
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { drawPng } from "./draw-png.ts";

export default class Workshop extends WorkerEntrypoint {
  /** @returns the image as PNG */
  drawPng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
    return drawPng(svg);
  }
}
