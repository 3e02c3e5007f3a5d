/** The settings of a deployment: what it needs, and whether it has a bot. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Env } from "../../worker/bindings.ts";
import { botSettings, faultySettings } from "../../worker/settings.ts";

const ofBot = ["BOT_TOKEN", "BOT_INFO", "WEBHOOK_SECRET", "FOLLOWER_KEY"] as const;
const without = (names: readonly string[]): Env =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name))) as unknown as Env;

const subsets = Array.from({ length: 2 ** ofBot.length }, (_, bits) => ofBot.filter((_, at) => bits & (1 << at)));

describe("The bot's settings", () => {
  it("are read when all are given", () => {
    expect(faultySettings(without([]))).toEqual([]);
    expect(botSettings(without([]))).toMatchObject({
      token: env.BOT_TOKEN,
      info: { username: "casewire_test_bot" },
      webhookSecret: env.WEBHOOK_SECRET,
      followerKey: env.FOLLOWER_KEY,
      apiRoot: env.TELEGRAM_API_ROOT,
      sendsPerSecond: 25,
    });
  });

  it.each([
    ["none is given", without(ofBot)],
    ["all are empty", { ...without([]), BOT_TOKEN: "", BOT_INFO: " ", WEBHOOK_SECRET: "", FOLLOWER_KEY: "\n" }],
    ["only the address of the Bot API is left, and the rate is malformed", { ...without(ofBot), TELEGRAM_RATE: "-1" }],
    ["the address of the Bot API is missing too", without([...ofBot, "TELEGRAM_API_ROOT"])],
  ])("make a deployment without a bot when %s", (_, bindings) => {
    expect(faultySettings(bindings)).toEqual([]);
    expect(botSettings(bindings)).toBeNull();
  });

  it.each(subsets.filter(({ length }) => length > 0 && length < ofBot.length).map((missing) => [missing]))(
    "are refused without %j, with the names of what is missing and what to do",
    (missing) => {
      const bindings = without(missing);
      const given = ofBot.filter((name) => !missing.includes(name));
      expect(faultySettings(bindings)).toEqual([
        `${missing.join(", ")} (a bot needs ${ofBot.join(", ")}: set the missing ones, or remove ${given.join(", ")} to run without a bot)`,
      ]);
      expect(() => botSettings(bindings)).toThrow(missing[0]);
    },
  );

  it("allow more than Telegram's free rate only for corrections that the profile pays for", () => {
    const at = (TELEGRAM_RATE: string, PROFILE = env.PROFILE) => ({
      ...without([]),
      ...{ TELEGRAM_RATE, PROFILE, TELEGRAM_API_ROOT: "https://api.telegram.org" },
    });
    expect(faultySettings(at("30"))).toEqual([]);
    expect(faultySettings(at("31"))).toEqual([expect.stringContaining("bot.paidCorrections")]);
    expect(faultySettings(at("1001"))).toEqual([expect.stringContaining("at most 1000")]);
    expect(botSettings(at("30"))).toMatchObject({ sendsPerSecond: 30, paidSendsPerSecond: null });
  });

  it.each([
    ["BOT_INFO", `{"ok":true,"result":${env.BOT_INFO}}`],
    ["FOLLOWER_KEY", "too short"],
    ["TELEGRAM_RATE", "0"],
    ["TELEGRAM_API_ROOT", ""],
  ])("are refused with an unusable %s", (name, value) => {
    const bindings = { ...without([]), [name]: value };
    expect(faultySettings(bindings)).toEqual([name]);
    expect(() => botSettings(bindings)).toThrow(name);
  });
});
