/**
 * A Worker that is killed repeatedly, thousands of followers, and a Telegram
 * with faults.
 */
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
import type { PublishedRevision } from "../../../worker/editing/rules/desk.ts";
import { eraseSeen } from "../../support/erasing.ts";
import {
  startWorkerProcess,
  type TestWorkerProcess,
} from "../../support/harness.ts";
import { inventedCase } from "../../support/invented.ts";
import { KilledNewsroom, seedAll } from "./killed-newsroom.ts";
import { chatOf } from "./troubles.ts";

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

const fields = inventedCase(1);

export class Newsroom extends KilledNewsroom {
  readonly #closeTelegram: () => Promise<void>;

  private constructor(
    closeTelegram: () => Promise<void>,
    worker: TestWorkerProcess,
    folder: string,
  ) {
    super(worker, folder);
    this.#closeTelegram = closeTelegram;
  }

  /**
   * @param rate messages a second that the Worker may send
   * @param options `calm` turns Telegram's faults off
   */
  static async open(
    rate: number,
    { calm = false, leaseSeconds = 1 } = {},
  ): Promise<Newsroom> {
    const folder = await mkdtemp(join(tmpdir(), "casewire-chaos-"));
    const env = { TELEGRAM_RATE: String(rate) };
    const worker = await startWorkerProcess({
      leaseSeconds,
      persistTo: folder,
      env,
    });
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL("telegram-process.ts", import.meta.url))],
      {
        stdio: ["ignore", "pipe", "inherit", "ipc"],
        env: {
          ...process.env,
          SETTINGS: JSON.stringify({
            port: Number(new URL(worker.env.TELEGRAM_API_ROOT!).port),
            botToken: worker.env.BOT_TOKEN,
            webhookUrl: worker.url + paths.telegram,
            webhookSecret: worker.env.WEBHOOK_SECRET,
            calm,
          }),
        },
      },
    );
    await once(createInterface({ input: child.stdout! }), "line");
    const close = async () => {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    };
    return new Newsroom(close, worker, folder);
  }

  /** Asks the stand-in. */
  async #ask<T>(path: string): Promise<T> {
    return (await (
      await fetch(this.worker.env.TELEGRAM_API_ROOT + path)
    ).json()) as T;
  }

  publish(
    number: 1 | 2 | 3 | 4,
    changes: Partial<Case> = {},
    kind: "update" | "correction" | "redaction" = "update",
  ): Promise<PublishedRevision> {
    if (kind === "redaction") return eraseSeen(this.worker.editor, fields.id);

    const note = { en: `Invented note ${number}.` };
    return this.worker.publish(
      { ...fields, ...changes },
      { kind, note, notify: "loud" },
    );
  }

  /** Makes chats follow the case, as if they pressed the button. */
  async seed(followers: number): Promise<void> {
    await seedAll(followers, async (index) => {
      const chat = chatOf(index);
      const from = {
        id: Math.abs(chat),
        is_bot: false,
        first_name: "Invented Reader",
        language_code: "en",
      };
      const place =
        chat > 0
          ? { id: chat, type: "private", first_name: "Invented Reader" }
          : { id: chat, type: "group", title: "Invented group" };
      const answer = await fetch(this.worker.url + paths.telegram, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Telegram-Bot-Api-Secret-Token": this.worker.env.WEBHOOK_SECRET!,
        },
        body: JSON.stringify({
          update_id: 1_000 + index,
          callback_query: {
            id: String(index),
            chat_instance: "1",
            from,
            data: buttonData.followKnowingly(fields.id),
            message: {
              message_id: 1,
              date: 1,
              chat: place,
              text: "Before you follow",
            },
          },
        }),
      });
      if (answer.status !== 200)
        throw new Error(`follower ${index} was answered ${answer.status}`);
    });
  }

  /** Starts the runtime again on the same storage with other settings. */
  async restart(env: Record<string, string>): Promise<void> {
    this.worker = await this.worker.again({ env });
  }

  history = () => this.#ask<SentMessage[]>("/history");

  /** Returns the number of messages whose newest text matches. */
  edited = (text: RegExp) =>
    this.#ask<number>(
      `/edits/count?${new URLSearchParams({ text: text.source })}`,
    );

  edits = () => this.#ask<EditedMessage[]>("/edits");

  /** Returns the number of update messages that Telegram has received. */
  arrived = () => this.#ask<number>("/count");

  async close(): Promise<void> {
    await this.worker.close();
    await this.#closeTelegram();
    await rm(this.folder, { recursive: true, force: true });
  }
}
