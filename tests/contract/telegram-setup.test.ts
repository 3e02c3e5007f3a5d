/** `npm run telegram:setup` against a server that records its calls. The stand-in accepts commands and descriptions but doesn't keep them. */
import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Fault } from "../../worker/tools/cli/setup/answers.ts";
import { setUpTelegram } from "../../worker/tools/cli/setup/telegram.ts";
import { listening } from "../listening.ts";
import { profile } from "../profile.ts";
import { runNode } from "./node-run.ts";

const TOKEN = "4242:setup-test-token";
let server: Server;
let telegram: string;
let calls: { method: string; payload: Record<string, unknown> }[] = [];
/** Returns the recorded calls of all methods, or of one. */
let refusal: { status: number; description: string; of?: string } | null = null;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const method = request.url?.split("/").at(-1) ?? "";
    calls.push({ method, payload: (await json(request).catch(() => ({}))) as Record<string, unknown> });
    const result =
      method === "getMe" ? { id: 4242, is_bot: true, first_name: "Casewire", username: "casewire_test_bot" } : true;
    const refused = refusal && (refusal.of ?? method) === method ? refusal : null;
    response.writeHead(refused?.status ?? 200, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(
        refused ? { ok: false, error_code: refused.status, description: refused.description } : { ok: true, result },
      ),
    );
  });
  telegram = `http://127.0.0.1:${await listening(server)}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  calls = [];
  refusal = null;
});

const settings = (env: Record<string, string>) => ({
  BOT_TOKEN: TOKEN,
  WEBHOOK_SECRET: "setup-test-secret",
  PUBLIC_URL: "https://casewire.test/",
  TELEGRAM_API_ROOT: telegram,
  ...env,
});

const runSetup = (env: Record<string, string> = {}) => runNode(["worker/tools/cli/telegram-setup.ts"], settings(env));

/** The same in this process, which takes a twentieth of the processor time. @returns the fault, or null when all is set */
async function faultOf(env: Record<string, string> = {}): Promise<string | null> {
  for (const [name, value] of Object.entries(settings(env))) vi.stubEnv(name, value);
  try {
    await setUpTelegram(() => {});
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.message;
  } finally {
    vi.unstubAllEnvs();
  }
}

const scopeOf = ({ scope }: Record<string, unknown>) => (scope as { type?: string } | undefined)?.type ?? "default";

it("npm run telegram:setup sets webhook, commands and descriptions in every language, and can run again", async () => {
  const { code, output } = await runSetup();
  expect(code, output).toBe(0);
  expect(calls.find(({ method }) => method === "setWebhook")?.payload).toMatchObject({
    url: "https://casewire.test/telegram",
    secret_token: "setup-test-secret",
    allowed_updates: expect.arrayContaining(["message", "callback_query"]),
  });
  for (const method of ["setMyCommands", "setMyDescription", "setMyShortDescription"]) {
    const languages = calls
      .filter(({ method: called, payload }) => called === method && scopeOf(payload) === "default")
      .map(({ payload }) => payload.language_code ?? "en");
    // Telegram doesn't accept three-letter language codes.
    expect(languages).toEqual(profile.languages.filter((tag) => tag.length === 2));
  }
  // Each kind of chat has the commands that its members may use.
  const commandsFor = (kind: string) =>
    (
      calls.find(({ method, payload }) => method === "setMyCommands" && scopeOf(payload) === kind)!.payload
        .commands as { command: string; is_ephemeral?: boolean }[]
    ).map(({ command, is_ephemeral: ephemeral }) => (ephemeral ? `${command} in private` : command));
  expect(commandsFor("default")).toEqual(expect.arrayContaining(["follow", "channel", "forget"]));
  expect(commandsFor("all_group_chats")).toContain("case in private");
  expect(commandsFor("all_group_chats")).not.toContain("follow");
  expect(commandsFor("all_chat_administrators")).toEqual(
    expect.arrayContaining(["follow", "forget", "help in private"]),
  );
  expect(output).toContain("crh: not set");
  expect(calls.some(({ method }) => method.startsWith("send"))).toBe(false);
  expect(output).not.toContain(TOKEN);
  const first = calls;
  calls = [];
  expect(await faultOf()).toBeNull();
  expect(calls).toEqual(first);
});

it("npm run telegram:setup names what is missing or wrong, and never shows the token", async () => {
  expect(await runSetup({ WEBHOOK_SECRET: "", BOT_TOKEN: "" })).toMatchObject({
    code: 1,
    output: expect.stringContaining("BOT_TOKEN, WEBHOOK_SECRET"),
  });
  for (const wrong of ["http://localhost:8787", "https://", "https://case wire.test", "https://casewire.test/?x"])
    expect(await faultOf({ PUBLIC_URL: wrong }), wrong).toContain("PUBLIC_URL must be an https address");
  expect(calls).toEqual([]);
  refusal = { status: 401, description: "Unauthorized" };
  expect(await faultOf()).toBe("Telegram refused getMe: Unauthorized; nothing is set.");
  refusal = { status: 400, description: "Bad Request", of: "setMyCommands" };
  const { code, output } = await runSetup();
  expect(code).toBe(1);
  expect(output).toMatch(/webhook: [\s\S]*refused setMyCommands: Bad Request; what was printed above is set\./);
  expect(output).not.toContain(TOKEN);
  const unreachable = await faultOf({ TELEGRAM_API_ROOT: "http://127.0.0.1:9" });
  expect(unreachable).toContain("reached; nothing is set. Run");
  expect(unreachable).not.toContain(TOKEN);
});
