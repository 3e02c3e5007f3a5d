/** The page about the bot: the one username, the deep link, and how to recognise a fake. */
import { describe, expect, it } from "vitest";
import { localeTags } from "../../../../shared/locale.ts";
import { message } from "../../../../shared/messages.ts";
import { telegramPage } from "../../../../worker/web/site/telegram/telegram-page.tsx";
import { profile } from "../../../profile.ts";

const site = { origin: "https://casewire.test", profile, bot: "casewire_test_bot" };

describe.each(localeTags)("The page about the bot in %s", (tag) => {
  const html = telegramPage(tag, site, site.bot);

  it("names the one username and links to it", () => {
    expect(html).toContain("@casewire_test_bot");
    const links = [...html.matchAll(/https:\/\/t\.me\/[^"<]*/g)].map(([link]) => link);
    expect(new Set(links)).toEqual(new Set(["https://t.me/casewire_test_bot"]));
  });

  it("says how to recognise a fake, and whom to tell", () => {
    expect(html).toContain(message(tag, "page.telegram.fake"));
    expect(html).toContain(profile.newsroom.contact);
    expect(html).toContain(`<h2 id="fake">`);
  });
});
