/**
 * A running Worker under fuzz: sends requests exactly as they are, and
 * remembers values of answers for later requests.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { paths } from "../../shared/addresses.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import {
  type Deployment,
  type FuzzRequest,
  KNOWN,
  routeOf,
} from "./requests.ts";
import { Storage } from "./storage.ts";
import { caseIds } from "./values.ts";

const ANSWER_TIMEOUT_MS = 15_000;

export interface FuzzAnswer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

const last = <T>(list: T[]): T | undefined => list.at(-1);

export class Target {
  readonly worker: TestWorker;
  readonly storage: Storage;
  readonly #folder: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #secondEditor: string;
  readonly #numbers = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #proposals: { id: string; hash?: string }[] = [];
  readonly #hooks: string[] = [];
  #cursor = "";
  #asset = "";
  #image = "x";
  #backups: Record<string, string> = {};

  private constructor(
    worker: TestWorker,
    folder: string,
    secondEditor: string,
  ) {
    this.worker = worker;
    this.#folder = folder;
    this.#secondEditor = secondEditor;
    this.storage = new Storage(folder);
  }

  /** @param apiRoot where it calls Telegram */
  static async open(deployment: Deployment, apiRoot: string): Promise<Target> {
    const folder = await mkdtemp(join(tmpdir(), "casewire-fuzz-"));
    const secondEditor = randomBytes(16).toString("hex");
    const worker = await startWorker({
      persistTo: folder,
      editors: { second: secondEditor },
      env: {
        TELEGRAM_API_ROOT: apiRoot,
        ...(deployment === "reviewed" && { REVIEW: "two" }),
      },
    });
    const target = new Target(worker, folder, secondEditor);
    if (deployment === "filled") {
      let published = await worker.publish(inventedCase(1));
      for (let number = 2; number <= caseIds.length; number++)
        published = await worker.publish(inventedCase(number));
      await worker.untilLive(published);
    }
    const page = await (await fetch(worker.url + paths.widgetRelease)).json();
    target.#asset =
      /@(\w+)/.exec((page as { pinned: string }).pinned)?.[1] ?? "";
    return target;
  }

  /** Backups of this deployment, which restores into another one damage. */
  async backups(): Promise<Record<string, string>> {
    const read = async (path: string) =>
      (await this.worker.asEditor(path)).text();
    const erasures = await read(paths.deskErasures);
    return {
      backup: erasures + (await read(paths.deskExport)),
      followers: await read(paths.deskFollowers),
    };
  }

  useBackups(backups: Record<string, string>): void {
    this.#backups = backups;
  }

  /** Fills in the values of earlier answers. */
  #resolved(text: string, { address }: FuzzRequest): string {
    if (!text.includes("KNOWN")) return text;
    const id = caseIds.find((one) => address.includes(one));
    const draft = /drafts\/([0-9a-f-]{36})/.exec(address)?.[1];
    const newest = draft
      ? this.#versions.get(draft)
      : this.#numbers.get(id ?? "");
    const { hash = "0".repeat(64), id: proposal = "none" } =
      last(this.#proposals) ?? {};
    return text
      .replace("KNOWN-editor", () => `Bearer ${this.worker.editorToken}`)
      .replace("KNOWN-second-editor", () => `Bearer ${this.#secondEditor}`)
      .replace("KNOWN-webhook-secret", () => this.worker.env.WEBHOOK_SECRET!)
      .replace(KNOWN.proposal, () => proposal)
      .replace(KNOWN.hash, () => `"${hash}"`)
      .replace(KNOWN.hook, () => last(this.#hooks) ?? "none")
      .replace(KNOWN.newest, () => `"${newest ?? 1}"`)
      .replace(KNOWN.cursor, () => this.#cursor)
      .replace(KNOWN.asset, () => this.#asset)
      .replace(KNOWN.image, () => this.#image);
  }

  #body(body: FuzzRequest["body"]): string | Uint8Array | undefined {
    const named =
      typeof body === "string" && /^KNOWN-(backup|followers) (.*)$/s.exec(body);
    if (!named) return body;
    const [at, how, text] = JSON.parse(named[2]!) as [number, number, string];
    const lines = (this.#backups[named[1]!] ?? "").split("\n");
    const line = at % lines.length;
    if (how === 0) lines.splice(line, 1);
    if (how === 1) lines.splice(line, 0, text);
    if (how === 2)
      lines[line] =
        lines[line]!.slice(0, at % 97) +
        text +
        lines[line]!.slice((at % 97) + 1);
    if (how === 3)
      lines[line] = lines[line]!.replace(
        /"(\w+)":("[^"]*"|\d+)/,
        (_, key) => `"${key}":${JSON.stringify(text)}`,
      );
    if (how === 4) lines.length = line;
    if (how === 5) lines.push(lines[line]!);
    return lines.join("\n");
  }

  /** @throws Error when there is no answer */
  async send(asked: FuzzRequest): Promise<FuzzAnswer> {
    const { hostname, port } = new URL(this.worker.url);
    const headers = Object.fromEntries(
      Object.entries(asked.headers).map(([name, value]) => [
        name,
        this.#resolved(value, asked),
      ]),
    );
    const body = this.#body(asked.body);
    const sent = request({
      hostname,
      port,
      method: asked.method,
      // Latin-1, as Node sends paths: a character beyond ASCII becomes its
      // bytes in UTF-8.
      path: Buffer.from(this.#resolved(asked.address, asked)).toString(
        "latin1",
      ),
      headers:
        body === undefined
          ? headers
          : { ...headers, "Content-Length": Buffer.byteLength(body) },
      agent: this.#agent,
      timeout: ANSWER_TIMEOUT_MS,
    });
    sent.on("timeout", () =>
      sent.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)),
    );
    // Thrown by what waits for the response and for its text.
    sent.on("error", () => {});
    sent.end(body);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    const answer = {
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: await text(response),
    };
    if (asked.method === routeOf(asked.operation).method)
      this.#remember(asked, answer);
    return answer;
  }

  #remember(
    { operation, address }: FuzzRequest,
    { status, headers, text }: FuzzAnswer,
  ): void {
    if (
      status >= 300 ||
      !headers["content-type"]?.startsWith("application/json")
    )
      return;
    const json = JSON.parse(text) as Record<string, any>;
    const id = caseIds.find((one) => address.includes(one)) ?? "";
    if (typeof json.revision === "number") this.#numbers.set(id, json.revision);
    if (operation === "readCase") this.#numbers.set(id, json.revision.number);
    if (operation === "undo")
      this.#numbers.set(id, Math.max(1, json.undone - 1));
    if (operation === "saveDraft")
      this.#versions.set(address.split(/[/?]/)[4]!, json.version);
    if (typeof json.proposal === "string")
      this.#proposals.push({ id: json.proposal });
    if (operation === "listProposals") this.#proposals.push(...json.proposals);
    if (operation === "addHook") this.#hooks.push(json.id);
    if (operation === "listHooks")
      this.#hooks.push(...json.hooks.map((hook: { id: string }) => hook.id));
    if (operation === "addPortrait") this.#image = json.image;
    if (operation === "listChanges") this.#cursor = json.next;
  }

  async close(): Promise<void> {
    this.storage.close();
    this.#agent.destroy();
    await this.worker.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
