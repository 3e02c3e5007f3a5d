/** A Worker that is killed repeatedly, thousands of followers, and a Telegram with faults. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buttonData } from "../../../bot/button-data.ts";
import { paths } from "../../../shared/addresses.ts";
import type { Case } from "../../../shared/case/schema.ts";
import type { Client } from "../../../worker/editing/contract/client.ts";
import type { PublishedRevision } from "../../../worker/editing/rules/desk.ts";
import { startWorkerProcess, type TestWorkerProcess, type WorkerOptions } from "../../harness.ts";
import { inventedCase } from "../../invented.ts";
import { freePort } from "../../stand-in-process.ts";
import { eventually } from "../../waiting.ts";
import { chatOf, UPDATE } from "./troubles.ts";

export interface EditedMessage {
  chat: number;
  id: number;
  text: string;
}

export interface SentMessage {
  id: number;
  chat: number;
  at: number;
  silent: boolean;
  text: string;
}

export interface NewsroomOptions {
  /** Turns Telegram's faults off. */
  calm?: boolean;
  /** The case that changes. */
  fields?: Case;
  /** Default: 1. */
  leaseSeconds?: number;
  /** Matches the text of a message about its second revision. */
  update?: RegExp;
}

/** Number of readers who press at the same time. */
const CONCURRENT_READERS = 16;

export class Newsroom {
  readonly #telegram: { root: string; close(): Promise<void> };
  readonly #fields: Case;
  #settings: WorkerOptions;
  #worker: TestWorkerProcess;
  /** The editor's token, which every later process of the Worker accepts too. */
  readonly editorToken: string;
  readonly #editor: Client;
  readonly folder: string;
  kills = 0;

  private constructor(
    telegram: { root: string; close(): Promise<void> },
    worker: TestWorkerProcess,
    folder: string,
    settings: WorkerOptions,
    fields: Case,
  ) {
    this.#telegram = telegram;
    this.#fields = fields;
    this.#worker = worker;
    this.editorToken = worker.editorToken;
    this.#editor = worker.editor;
    this.#settings = { ...settings, env: worker.env, port: Number(new URL(worker.url).port) };
    this.folder = folder;
  }

  /**
   * @param rate messages a second that the Worker may send
   */
  static async open(
    rate: number,
    { calm = false, fields = inventedCase(1), leaseSeconds = 1, update = UPDATE }: NewsroomOptions = {},
  ): Promise<Newsroom> {
    const folder = await mkdtemp(join(tmpdir(), "casewire-chaos-"));
    const port = await freePort();
    const root = `http://127.0.0.1:${port}`;
    const settings = {
      leaseSeconds,
      telegram: { apiRoot: root },
      persistTo: folder,
      env: { TELEGRAM_RATE: String(rate) },
    };
    const worker = await startWorkerProcess(settings);
    const child = spawn(process.execPath, [fileURLToPath(new URL("telegram-process.ts", import.meta.url))], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env: {
        ...process.env,
        SETTINGS: JSON.stringify({
          port,
          botToken: worker.env.BOT_TOKEN,
          webhookUrl: worker.url + paths.telegram,
          webhookSecret: worker.env.WEBHOOK_SECRET,
          calm,
          update: update.source,
        }),
      },
    });
    await once(createInterface({ input: child.stdout! }), "line");
    const close = async () => {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    };
    return new Newsroom({ root, close }, worker, folder, settings, fields);
  }

  /** Origin of the stand-in. */
  get telegram(): string {
    return this.#telegram.root;
  }

  get url(): string {
    return this.#worker.url;
  }

  /** The parent process of workerd. */
  get pid(): number {
    return this.#worker.pid;
  }

  /** The Worker's settings and secrets. */
  get env(): Record<string, string> {
    return this.#worker.env;
  }

  /** The output of all of the Worker's runs. */
  get output(): string {
    return this.#worker.output();
  }

  async publish(
    number: 1 | 2 | 3 | 4,
    changes: Partial<Case> = {},
    kind: "update" | "correction" | "redaction" = "update",
  ): Promise<PublishedRevision> {
    const published = await this.#editor.publish({
      id: this.#fields.id,
      body: {
        case: { ...this.#fields, ...changes },
        ...(kind === "redaction" ? {} : { note: { en: `Invented note ${number}.` } }),
        kind,
        notify: "loud",
      },
      basedOn: number - 1,
    });
    return published as PublishedRevision;
  }

  untilLive(published: PublishedRevision): Promise<void> {
    return this.#worker.untilLive(published);
  }

  /**
   * Makes chats follow the case or another scope, as if they pressed the button.
   * @param first index of the first follower to add
   * @param followers index after the last
   */
  async seed(followers: number, { first = 0, scope = this.#fields.id, language = "en" } = {}): Promise<void> {
    let next = first;
    const reader = async () => {
      for (let index = next++; index < followers; index = next++) {
        const chat = chatOf(index);
        const from = { id: Math.abs(chat), is_bot: false, first_name: "Invented Reader", language_code: language };
        const place =
          chat > 0
            ? { id: chat, type: "private", first_name: "Invented Reader" }
            : { id: chat, type: "group", title: "Invented group" };
        const answer = await fetch(this.#worker.url + paths.telegram, {
          method: "POST",
          headers: {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": this.#worker.env.WEBHOOK_SECRET!,
          },
          body: JSON.stringify({
            update_id: 1_000 + index,
            callback_query: {
              id: String(index),
              chat_instance: "1",
              from,
              data: buttonData.followKnowingly(scope),
              message: { message_id: 1, date: 1, chat: place, text: "Before you follow" },
            },
          }),
        });
        if (answer.status !== 200) throw new Error(`follower ${index} was answered ${answer.status}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_READERS }, reader));
  }

  /** Kills the runtime with SIGKILL, then starts it again on the same storage. */
  async crash(): Promise<void> {
    this.kills++;
    this.#worker = await this.#worker.again(this.#settings, true);
  }

  /** Starts the runtime again on the same storage with other settings. */
  async restart(env: Record<string, string>): Promise<void> {
    this.#settings = { ...this.#settings, env: { ...this.#settings.env, ...env } };
    this.#worker = await this.#worker.again(this.#settings, false);
  }

  /** Adds followers to a deployment without any, from a file that the API exports and restores. */
  async restoreFollowers(body: string): Promise<void> {
    const answer = await this.#worker.asEditor(`${paths.deskFollowers}?erasures=none`, {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson" },
      body,
    });
    if (answer.status !== 201) throw new Error(`the followers were refused: ${await answer.text()}`);
  }

  /** The body of the first update message. */
  async firstUpdate(): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.#telegram.root}/first`)).json()) as Record<string, unknown>;
  }

  async history(): Promise<SentMessage[]> {
    return (await (await fetch(`${this.#telegram.root}/history`)).json()) as SentMessage[];
  }

  /** Returns the number of messages whose newest text matches. */
  async edited(text: RegExp): Promise<number> {
    const query = new URLSearchParams({ text: text.source });
    return (await (await fetch(`${this.#telegram.root}/edits/count?${query}`)).json()) as number;
  }

  async edits(): Promise<EditedMessage[]> {
    return (await (await fetch(`${this.#telegram.root}/edits`)).json()) as EditedMessage[];
  }

  /** Returns the number of update messages that Telegram has received. */
  async arrived(): Promise<number> {
    return (await (await fetch(`${this.#telegram.root}/count`)).json()) as number;
  }

  health() {
    return this.#editor.health();
  }

  async untilDelivered(milliseconds: number): Promise<void> {
    const depth = async () => (await this.health()).outbox?.depth;
    await eventually(
      async () => (await depth()) === 0,
      async () => `${await depth()} messages never left`,
      milliseconds,
    );
  }

  async close(): Promise<void> {
    await this.#worker.close();
    await this.#telegram.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
