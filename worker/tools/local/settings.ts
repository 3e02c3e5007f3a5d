/** The settings and secrets of a local run, in `.dev.vars`: made once, readable by their owner only, kept over restarts. */
import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Review } from "../../editorial/desk.ts";
import { root } from "./runtime.ts";

export interface LocalSettings {
  /** What the Worker gets, apart from what depends on the port and on Telegram. */
  vars: { WEBHOOK_SECRET: string; EDITORS: string; FOLLOWER_KEY: string } & Record<string, string>;
  /** The token of the editor named `local`. */
  editorToken: string;
  /** The token of the editor named `second`, who signs in only where two are needed. */
  secondToken: string;
  /** A real bot's token, when the file has one. */
  botToken: string | null;
}

const file = join(root, ".dev.vars");
const intro = `# Secrets of a local run, made by npm start; never commit them.
# Add BOT_TOKEN=... (from @BotFather) to talk to a real bot instead of the local stand-in.
`;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

export async function localSettings(review: Review): Promise<LocalSettings> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return intro;
    throw error;
  });
  const kept = parseEnv(text) as Record<string, string>;
  const editorToken = kept.EDITOR_TOKEN || randomBytes(24).toString("base64url");
  const secondToken = kept.SECOND_EDITOR_TOKEN || randomBytes(24).toString("base64url");
  const made: Record<string, string> = {
    EDITOR_TOKEN: editorToken,
    SECOND_EDITOR_TOKEN: secondToken,
    EDITORS: JSON.stringify({ local: sha256(editorToken) }),
    WEBHOOK_SECRET: randomBytes(24).toString("base64url"),
    FOLLOWER_KEY: randomBytes(32).toString("base64"),
  };
  const missing = Object.entries(made).filter(([name]) => !kept[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, value]) => `${name}='${value}'`).join("\n");
    await writeFile(file, `${text.replace(/\n*$/, "\n")}${lines}\n`, { mode: 0o600 });
    await chmod(file, 0o600);
  }
  const { EDITOR_TOKEN: _, SECOND_EDITOR_TOKEN: __, BOT_TOKEN, ...rest } = { ...made, ...kept };
  const editors = {
    ...JSON.parse(rest.EDITORS ?? "{}"),
    local: sha256(editorToken),
    ...(review === "two" ? { second: sha256(secondToken) } : {}),
  };
  return {
    vars: { ...rest, EDITORS: JSON.stringify(editors) } as LocalSettings["vars"],
    editorToken,
    secondToken,
    botToken: BOT_TOKEN?.trim() || null,
  };
}
