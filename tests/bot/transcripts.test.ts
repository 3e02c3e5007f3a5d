/** A whole conversation in each language, kept as it reads in transcripts/. */
import type { MessageEntity } from "grammy/types";
import { beforeAll, expect, it } from "vitest";
import { newsIn } from "../../bot/news.ts";
import type { Manner } from "../../bot/ports.ts";
import type { Outgoing } from "../../bot/text.ts";
import { erasedPost, updateMessage } from "../../bot/update-message.ts";
import type { Case } from "../../shared/case/schema.ts";
import { changesBetween } from "../../shared/change.ts";
import type { LocaleTag } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import { viewCase, viewWithdrawn } from "../../shared/view/view.ts";
import { updateMessages } from "../../worker/objects/dispatcher/update-messages.ts";
import { redactionNote } from "../../worker/objects/ledger/redaction-note.ts";
import { standInBot } from "../../worker/tools/local/stand-in.ts";
import { demo, edited } from "../shared/cases.ts";
import { inventedRevision } from "../support/invented.ts";
import { profile } from "../support/profile.ts";
import {
  bot,
  type Call,
  chat,
  keysOf,
  open,
  personIn,
  reader,
} from "./conversation.ts";

beforeAll(open);

/** The commands of a message that a tap sends. */
function tappable({ payload }: Call): string[] {
  const { text = "", entities = [] } = payload as {
    text?: string;
    entities?: MessageEntity[];
  };
  const copied = entities.filter(
    ({ type }) => type === "code" || type === "pre",
  );
  return [...text.matchAll(/(?<![\p{L}\p{N}_/])\/[a-z]+/gu)]
    .filter(
      ({ index }) =>
        !copied.some(
          ({ offset, length }) => index >= offset && index < offset + length,
        ),
    )
    .map(([command]) => command);
}

/** Commands that do nothing useful without an argument. */
const NEEDS_ARGUMENT = ["/case", "/act", "/follow"];

/** A message's text and buttons, as a reader sees them. */
const shown = ({ method, payload }: Call): string =>
  [
    `${method === "editMessageText" ? "[edited] " : ""}${(payload.text ?? "").replace(/[\u200e\u200f\u2060\u2066-\u2069]/g, "")}`,
    ...keysOf({ payload }).map(({ text }) => `  [ ${text} ]`),
  ].join("\n");

/**
 * What followers of the demo case hear, and what becomes of it: an update, its
 * correction, a redaction and a withdrawal.
 */
function told(tag: LocaleTag): [string, Outgoing][] {
  const links = { publicUrl: "https://casewire.test", profile };
  const messages = updateMessages(links, standInBot);
  const recipient = (manner: Partial<Manner> = {}, rank: 0 | 2 = 2) =>
    ({
      locale: tag,
      rank,
      manner: { silent: false, neutral: false, ...manner },
      scopes: [demo.id],
    }) as never;
  const freed = edited(demo, (copy) => {
    copy.asOf = { date: "2026-11-25" };
    const now = {
      value: "released",
      asOf: copy.asOf,
      statedBy: "Demo Rights Group",
    };
    Object.assign(copy.people[0]!.custody!, now);
  });
  const redacted = edited(demo, (copy) => void copy.people.shift());
  const revision = (
    number: number,
    kind: "update" | "correction" | "redaction",
    fields: Case,
    before: Case | null,
  ) =>
    inventedRevision({
      ...{ number, kind, liveAt: `2026-11-2${number}T10:00:00Z` },
      note:
        kind === "redaction"
          ? redactionNote(fields)
          : { en: "An invented note." },
      changes: kind === "redaction" ? [] : changesBetween(before, fields),
    });
  const state = (fields: Case, one: Revision) => ({
    state: "present" as const,
    record: { case: fields, revision: one },
  });
  const says = (of: ReturnType<typeof state>, to = recipient()) =>
    messages.message(demo.id, of as never, [], to, TOLD_AT);
  const update = state(freed, revision(2, "update", freed, demo));
  const correction = state(demo, revision(3, "correction", demo, freed));
  const redaction = state(redacted, revision(4, "redaction", redacted, demo));
  const withdrawal = {
    state: "withdrawn",
    revision: { ...revision(5, "update", demo, null), kind: "withdrawal" },
  };
  const viewOf = ({ record }: ReturnType<typeof state>) =>
    viewCase(record.case, record.revision, tag, TOLD_AT, profile);
  const post = { scopes: [], neutral: false, shares: false };
  const news = newsIn(demo, correction.record.revision, tag, profile);
  return [
    ["update", says(update)],
    [
      "update, hidden chat",
      says(update, recipient({ silent: true, neutral: true })),
    ],
    [
      "update, channel that posts the news only",
      says(update, recipient({ brief: true }, 0)),
    ],
    ["correction", says(correction)],
    [
      "the update's post after it",
      updateMessage(viewOf(correction), [], links, {
        ...post,
        news,
        corrected: true,
      }),
    ],
    ["redaction", says(redaction)],
    ["the posts after it", erasedPost(viewOf(redaction), links, post)],
    ["withdrawal", says(withdrawal as never)],
    [
      "the posts after it",
      erasedPost(
        viewWithdrawn(demo.id, withdrawal.revision as never, tag, profile),
        links,
        post,
      ),
    ],
  ];
}
const TOLD_AT = Date.parse("2026-11-26T12:00:00Z");

it.each(profile.languages)(
  "A whole conversation reads well in %s",
  async (tag) => {
    const someone = reader(tag);
    const lines: string[] = [];
    const note = (asked: string, calls: Call[]) => {
      // Help lists all commands.
      if (asked !== "/help" && asked !== "(group) /start")
        expect(
          calls
            .flatMap(tappable)
            .filter((command) => NEEDS_ARGUMENT.includes(command)),
          asked,
        ).toEqual([]);
      lines.push(
        `> ${asked}`,
        ...calls.filter(({ payload }) => payload.text).map(shown),
        "",
      );
    };
    const say = async (text: string) => note(text, await someone.say(text));
    const press = async (what: string, key: Parameters<typeof message>[1]) =>
      note(`(${what})`, await someone.press(message(tag, key)));
    for (const text of [
      "/start",
      "/help",
      "2/00",
      "/follow",
      "/follow Nobody Atall",
      "/case",
    ])
      await say(text);
    note("(sticker)", await someone.send({ sticker: {} }));
    note(
      "(photo: Good morning)",
      await someone.send({ caption: "Good morning", photo: [{}] }),
    );
    note(
      "(forwarded: UA 1/00, UA 3/00)",
      await someone.send({ text: "UA 1/00\nUA 3/00", forward_origin: {} }),
    );
    await say("/start f-UA-43");
    const [follow] = keysOf(bot.calls.at(-1)!);
    note("(follow)", await someone.press(follow!.text));
    for (const text of ["/follow 1/00", "1/00", "/following"]) await say(text);
    await say("/settings");
    await press("hours", "bot.hours");
    await press("quiet hours", "bot.hours.quiet");
    note("(clock)", await someone.press("14:00 · UTC+2/+3"));
    await press("once a day", "bot.hours.daily");
    await say("/stop");
    await press("stop all", "bot.following.stop");
    await say("/act 1/00");
    await press("check again", "bot.act.again");
    for (const text of ["/privacy", "/channel", "/forget"]) await say(text);
    for (const [index, [what, { text, entities, keyboard }]] of told(
      tag,
    ).entries()) {
      const fold = entities.find(
        ({ type }) => type === "expandable_blockquote",
      );
      // What is folded is in the first one.
      const brief =
        fold && index > 0
          ? `${text.slice(0, fold.offset)}▸ …${text.slice(fold.offset + fold.length)}`
          : text;
      expect(text.slice(fold?.offset).includes("Demo Person One"), what).toBe(
        index < 5,
      );
      note(`<${what}>`, [
        {
          method: "sendMessage",
          payload: { text: brief, reply_markup: keyboard },
        },
      ]);
    }
    const hidden = reader(tag);
    note(
      "(hidden chat) /start f-ua-2-00",
      await hidden.say("/start f-ua-2-00"),
    );
    note("(quietly)", await hidden.press(message(tag, "bot.safety.quietly")));
    for (const text of ["/following", "/unfollow 2/00", "/unfollow 2/00"])
      note(text, await hidden.say(text));
    note("(thanks)", await hidden.say("🙏"));
    const group = -1_002_000 - chat;
    bot.admins.push({
      user: { id: chat, is_bot: false },
      status: "administrator",
    });
    const member = personIn({ chat: group, user: chat, language: tag });
    for (const text of ["/start", "/follow RU"])
      note(`(group) ${text}`, await member.say(text));
    note("(do not)", await member.press(message(tag, "bot.safety.cancel")));
    const channel = -1_009_000_000 - chat;
    note(
      "(channel)",
      await hidden.send({
        chat_shared: { request_id: 1, chat_id: channel, title: "Invented" },
      }),
    );
    note(
      "(set up)",
      await hidden.press(message(tag, "bot.channel.understood")),
    );
    bot.admins.pop();
    await bot.followers.setManner(
      { chat, kind: "private" },
      { neutral: false },
    );
    note("(blocked, then unblocked)", await hidden.letIn("kicked"));
    const whole = lines.join("\n");
    // After the redaction nothing names whom it removed.
    expect(whole.slice(whole.indexOf("<redaction>"))).not.toContain(
      "Demo Person One",
    );
    expect(whole).not.toMatch(/undefined|\{\w+\}|\[object/);
    await expect(whole).toMatchFileSnapshot(`transcripts/${tag}.txt`);
  },
);
