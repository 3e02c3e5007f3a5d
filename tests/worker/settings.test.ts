/** The settings of a deployment: what it needs, and whether it has a bot. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { digest } from "../../worker/runtime/digest.ts";
import {
  botSettings,
  faultsAt,
  faultySettings,
} from "../../worker/runtime/settings.ts";

const ofBot = [
  "BOT_TOKEN",
  "BOT_INFO",
  "WEBHOOK_SECRET",
  "FOLLOWER_KEY",
] as const;
const without = (names: readonly string[]): Env =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !names.includes(name)),
  ) as unknown as Env;

const subsets = Array.from({ length: 2 ** ofBot.length }, (_, bits) =>
  ofBot.filter((_, at) => bits & (1 << at)),
);

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
    [
      "all are empty",
      {
        ...without([]),
        BOT_TOKEN: "",
        BOT_INFO: " ",
        WEBHOOK_SECRET: "",
        FOLLOWER_KEY: "\n",
      },
    ],
    [
      "only the address of the Bot API is left, and the rate is malformed",
      { ...without(ofBot), TELEGRAM_RATE: "-1" },
    ],
    [
      "the address of the Bot API is missing too",
      without([...ofBot, "TELEGRAM_API_ROOT"]),
    ],
  ])("make a deployment without a bot when %s", (_, bindings) => {
    expect(faultySettings(bindings)).toEqual([]);
    expect(botSettings(bindings)).toBeNull();
  });

  it.each(
    subsets
      .filter(({ length }) => length > 0 && length < ofBot.length)
      .map((missing) => [missing]),
  )(
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

  it("allow no more than Telegram's rate", () => {
    const atTelegram = {
      ...without([]),
      TELEGRAM_API_ROOT: "https://api.telegram.org",
    };
    const at = (TELEGRAM_RATE: string) => ({ ...atTelegram, TELEGRAM_RATE });
    expect(faultySettings(at("30"))).toEqual([]);
    expect(faultySettings(at("31"))).toEqual([
      expect.stringContaining("at most 30"),
    ]);
    expect(botSettings(at("30"))).toMatchObject({ sendsPerSecond: 30 });
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

describe("Names of editors", () => {
  const named = (...names: string[]) => ({
    ...without([]),
    EDITORS: JSON.stringify(
      Object.fromEntries(names.map((name) => [name, digest(name)])),
    ),
  });

  it("in EDITORS follow the rules for invited editors, and don't look alike", () => {
    expect(faultySettings(named("anna", "Борис", "Zoë"))).toEqual([]);
    // Composed and not, capitals and a digit, Cyrillic letters, a mark that
    // nobody sees, and two scripts in one name.
    for (const [one, other] of [
      ["zo\u00eb", "zoe\u0308"],
      ["paul", "PAU1"],
      ["coco", "\u0441\u043e\u0441\u043e"],
    ] as const)
      expect(faultySettings(named(one, other)), other).toEqual([
        `EDITORS ("${other}" looks like another name)`,
      ]);
    for (const name of ["an\u200bna", "\u0430nna", "<b>", " "])
      expect(faultySettings(named(name)), name).toEqual([
        `EDITORS ("${name}" can't be an editor's name)`,
      ]);
  });

  it("in FIRST_EDITORS are two, of two people", () => {
    const first = (FIRST_EDITORS: string) =>
      faultySettings({ ...without([]), FIRST_EDITORS });
    for (const names of ["", " ", "anna, Борис Б."])
      expect(first(names)).toEqual([]);
    for (const names of [
      "anna",
      "anna, boris, clara",
      "anna, anna",
      "anna, <b>",
    ])
      expect(first(names), names).toEqual([
        expect.stringMatching(/^FIRST_EDITORS/),
      ]);
  });
});

describe("Placeholders", () => {
  const RECIPIENT =
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
  const BACKUPS = {} as R2Bucket;

  it.each<[string, Partial<Env>]>([
    ["PUBLIC_URL", { PUBLIC_URL: "https://casewire.invalid" }],
    ["PUBLIC_URL", { PUBLIC_URL: "https://casewire.example.org" }],
    [
      "PUBLIC_URL",
      { PUBLIC_URL: "https://casewire.your-subdomain.workers.dev" },
    ],
    ["PUBLIC_URL", { PUBLIC_URL: "https://casewire.test/" }],
    ["PUBLIC_URL", { PUBLIC_URL: "casewire.test" }],
    ["EDITORS", { EDITORS: "{}" }],
    ["EDITORS", { EDITORS: JSON.stringify({ anna: "0".repeat(64) }) }],
    ["EDITORS", { EDITORS: JSON.stringify({ anna: digest("TOKEN") }) }],
    ["EDITORS", { EDITORS: JSON.stringify({ anna: digest("") }) }],
    ["WEBHOOK_SECRET", { WEBHOOK_SECRET: "x" }],
    ["METRICS_TOKEN", { METRICS_TOKEN: "x" }],
    ["JURISDICTION", { JURISDICTION: "mars" }],
    ["BACKUP_RECIPIENT", { BACKUPS }],
    ["BACKUP_RECIPIENT", { BACKUPS, BACKUP_RECIPIENT: "x" }],
    // One letter of the key is another: its checksum is wrong.
    [
      "BACKUP_RECIPIENT",
      { BACKUPS, BACKUP_RECIPIENT: RECIPIENT.replace("ql3z", "ql3y") },
    ],
    ["BACKUPS", { BACKUP_RECIPIENT: RECIPIENT }],
    [
      "BACKUP_DAYS",
      { BACKUPS, BACKUP_RECIPIENT: RECIPIENT, BACKUP_DAYS: "31" },
    ],
    [
      "BACKUP_FOLLOWERS",
      { BACKUPS, BACKUP_RECIPIENT: RECIPIENT, BACKUP_FOLLOWERS: "maybe" },
    ],
  ])("are refused by name: %s in %j", (name, settings) => {
    const [fault, ...more] = faultySettings({ ...without([]), ...settings });
    expect(fault).toMatch(new RegExp(`^${name}\\b`));
    expect(more).toEqual([]);
  });

  it("don't include any optional setting that is usable, or absent", () => {
    const optional = {
      BACKUPS,
      BACKUP_RECIPIENT: RECIPIENT,
      JURISDICTION: "eu",
      METRICS_TOKEN: "m".repeat(43),
    };
    for (const settings of [{}, optional])
      expect(faultySettings({ ...without([]), ...settings })).toEqual([]);
  });

  it("include the address of a local run, for readers from elsewhere", () => {
    const local = { ...without([]), PUBLIC_URL: "http://localhost:8787" };
    for (const here of [
      "http://localhost:8787/",
      "http://127.0.0.1:9000/v1/cases",
    ])
      expect(faultsAt(local, here, false)).toEqual([]);
    expect(faultsAt(local, "https://cases.newsroom.test/", true)).toEqual([
      expect.stringContaining("PUBLIC_URL"),
    ]);
  });
});
