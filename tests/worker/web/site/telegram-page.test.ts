/**
 * The page about the bot: the one username, the deep link, and how to recognise
 * a fake.
 */
import { expect, it } from "vitest";
import { localeTags } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { telegramPage } from "../../../../worker/web/site/telegram/telegram-page.tsx";
import { profile } from "../../../support/profile.ts";

const site = {
  origin: "https://casewire.test",
  profile,
  bot: "casewire_test_bot",
};

it.each(localeTags)(
  "The page about the bot names and links its one username, and says what a fake is: %s",
  (tag) => {
    const html = telegramPage(tag, site, site.bot);
    expect(new Set(html.match(/https:\/\/t\.me\/[^"<]*/g))).toEqual(
      new Set(["https://t.me/casewire_test_bot"]),
    );
    for (const part of [
      "@casewire_test_bot",
      message(tag, "page.telegram.fake"),
      profile.newsroom.contact,
    ])
      expect(html).toContain(part);
    expect(html).toContain(`<h2 id="fake">`);
  },
);
