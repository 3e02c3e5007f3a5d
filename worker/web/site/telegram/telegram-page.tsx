/**
 * The page about the newsroom's bot: its one username, and how to tell it from
 * a fake.
 */
import { addresses } from "../../../../shared/addresses.ts";
import { botAddress } from "../../../../shared/bot-address.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { message, sayIn } from "../../../../shared/messages.ts";
import { renderDocument, type Site } from "../document/document.tsx";
import { LinkPreview } from "../document/head.tsx";

export function telegramPage(
  locale: LocaleTag,
  site: Site,
  bot: string,
): string {
  const say = sayIn(locale);
  const { name, contact } = site.profile.newsroom;
  const address = site.origin + addresses.telegram(locale);
  const title = `${name}. ${say("page.telegram.title")}`;
  return renderDocument({
    locale,
    title,
    site,
    inLanguage: addresses.telegram,
    head: (
      <>
        <link rel="canonical" href={address} />
        <LinkPreview
          locale={locale}
          site={site}
          title={title}
          description={say("page.telegram.about")}
          address={address}
        />
      </>
    ),
    children: (
      <main class="front">
        <div class="intro">
          <h1>{say("page.telegram.title")}</h1>
        </div>
        <section class="legal">
          <p>{say("page.telegram.about")}</p>
          <p>
            {say("page.telegram.official", { newsroom: name })}{" "}
            <b>
              <bdi dir="ltr">@{bot}</bdi>
            </b>
          </p>
          <p>
            <a href={botAddress(bot)} rel="noopener">
              {say("page.telegram.open")}:{" "}
              <bdi dir="ltr">{botAddress(bot).replace("https://", "")}</bdi>
            </a>
          </p>
          <p>{say("page.telegram.safety")}</p>
        </section>
        <section class="after" aria-labelledby="fake">
          <h2 id="fake">{say("page.telegram.fake")}</h2>
          <ul class="signs">
            {(["name", "asks", "first"] as const).map((sign) => (
              <li>{say(`page.telegram.fake.${sign}`)}</li>
            ))}
            <li>
              {say("page.telegram.fake.report")}{" "}
              <a href={contact}>
                <bdi dir="ltr">{contact.replace(/^mailto:/, "")}</bdi>
              </a>
            </li>
          </ul>
        </section>
      </main>
    ),
  });
}

/**
 * A link to that page for the footer of another page; nothing where there is no
 * bot.
 */
export function TelegramLink({
  site,
  locale,
}: {
  site: Site;
  locale: LocaleTag;
}) {
  if (site.bot === undefined) return null;
  return (
    <a href={addresses.telegram(locale)}>{message(locale, "page.telegram")}</a>
  );
}
