/** `npm run telegram:setup` against a server that records its calls. The stand-in accepts commands and descriptions but doesn't keep them. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { localeTags } from "../../shared/locale.ts";
import { root } from "../root.ts";

const TOKEN = "4242:setup-test-token";
let server: Server;
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
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => void server.close());
beforeEach(() => {
  calls = [];
  refusal = null;
});

async function setup(env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const settings = {
    BOT_TOKEN: TOKEN,
    WEBHOOK_SECRET: "setup-test-secret",
    PUBLIC_URL: "https://casewire.test/",
    TELEGRAM_API_ROOT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...env,
  };
  const run = promisify(execFile)(process.execPath, ["worker/tools/cli/telegram-setup.ts"], {
    cwd: root,
    env: { ...process.env, ...settings },
  });
  const {
    code = 0,
    stdout,
    stderr,
  } = await run.then(
    (done) => ({ ...done, code: 0 }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, output: stdout + stderr };
}

const scopeOf = ({ scope }: Record<string, unknown>) => (scope as { type?: string } | undefined)?.type ?? "default";

it("npm run telegram:setup sets webhook, commands and descriptions in every language, and can run again", async () => {
  const { code, output } = await setup();
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
    expect(languages).toEqual(localeTags.filter((tag) => tag.length === 2));
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
  await setup();
  expect(calls).toEqual(first);
});

it("npm run telegram:setup names what is missing or wrong, and never shows the token", async () => {
  expect(await setup({ WEBHOOK_SECRET: "", BOT_TOKEN: "" })).toMatchObject({
    code: 1,
    output: expect.stringContaining("BOT_TOKEN, WEBHOOK_SECRET"),
  });
  for (const wrong of ["http://localhost:8787", "https://", "https://case wire.test", "https://casewire.test/?x"])
    expect(await setup({ PUBLIC_URL: wrong }), wrong).toMatchObject({
      code: 1,
      output: expect.stringContaining("PUBLIC_URL must be an https address"),
    });
  expect(calls).toEqual([]);
  refusal = { status: 401, description: "Unauthorized" };
  expect(await setup()).toMatchObject({
    code: 1,
    output: expect.stringContaining("Telegram refused getMe: Unauthorized; nothing is set."),
  });
  refusal = { status: 400, description: "Bad Request", of: "setMyCommands" };
  expect(await setup()).toMatchObject({
    code: 1,
    output: expect.stringMatching(
      /webhook: [\s\S]*refused setMyCommands: Bad Request; what was printed above is set\./,
    ),
  });
  const unreachable = await setup({ TELEGRAM_API_ROOT: "http://127.0.0.1:9" });
  expect(unreachable).toMatchObject({ code: 1, output: expect.stringContaining("reached; nothing is set. Run") });
  expect(unreachable.output).not.toContain(TOKEN);
});
