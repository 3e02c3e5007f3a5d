/** The ways to follow a case, or all cases, and what each reveals to whom. */

import type { ComponentChildren } from "preact";
import script from "../../../../dist/follow-page.js";
import ownStyle from "../../../../dist/follow-page-style.css";
import worker from "../../../../dist/follow-worker.js";
import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import { botAddress, followCase } from "../../../../shared/bot-address.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { sayIn } from "../../../../shared/messages.ts";
import type { Run } from "../../../../shared/view/schema.ts";
import { Words } from "../../../../widget/case-card.tsx";
import {
  pagePolicyWith,
  renderDocument,
  type Site,
  styleWith,
} from "../document/document.tsx";
import { sourceOf } from "../document/policy.ts";

export interface FollowPageProps {
  locale: LocaleTag;
  site: Site;
  /**
   * The case; null to follow all, a place or a word. `seen` is its newest
   * revision.
   */
  subject: { id: string; number: string; title: Run; seen: number } | null;
  /** The places of all cases. */
  places: { code: string; name: string }[];
  /**
   * The newsroom's public keys for push services, newest first; empty where no
   * device can follow.
   */
  pushKeys: string[];
  /** The key that signs views; null without one. */
  logKey: string | null;
}

export const followWorker = (): string => worker;

type Say = ReturnType<typeof sayIn>;

/**
 * The steps on an iPhone: the Share button, the row of its menu, and the icon
 * on the home screen.
 */
const pictures = {
  share: "M24 30V8m-7 7 7-7 7 7M16 20h-4v20h24V20h-4",
  add: "M8 10h32v28H8zM24 17v14m-7-7h14",
  open: "M8 8h12v12H8zm20 0h12v12H28zM8 28h12v12H8zm20 0h12v12H28z",
} as const;

const AppleSteps = ({ say }: { say: Say }) => (
  <div class="apple" hidden>
    <p>{say("follow.page.ios")}</p>
    <ol>
      {(["share", "add", "open"] as const).map((step) => (
        <li>
          <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
            <path
              d={pictures[step]}
              fill="none"
              stroke="currentColor"
              stroke-width="3"
            />
          </svg>
          {say(`follow.page.ios.${step}`)}
        </li>
      ))}
    </ol>
  </div>
);

function Device({
  locale,
  say,
  subject,
  places,
  pushKeys,
  logKey,
}: FollowPageProps & { say: Say }) {
  const told = [
    "following",
    "lapsed",
    "forgotten",
    "untold",
    "denied",
    "failed",
    "unsupported",
    "stop",
  ] as const;
  const words = Object.fromEntries(
    told.map((name) => [name, say(`follow.page.${name}`)]),
  );
  const data = {
    "data-keys": pushKeys.join(" "),
    "data-log": logKey ?? "",
    "data-words": JSON.stringify(words),
    ...(subject
      ? {
          "data-scope": subject.id,
          "data-name": subject.number,
          "data-seen": subject.seen,
        }
      : {}),
  };
  return (
    <form id="device" data-lang={locale} {...data}>
      <AppleSteps say={say} />
      {!subject && (
        <>
          <label>
            {say("follow.page.what")}
            <select name="what">
              <option value="all">{say("follow.page.what.all")}</option>
              <optgroup label={say("follow.page.what.place")}>
                {places.map(({ code, name }) => (
                  <option value={code}>{name}</option>
                ))}
              </optgroup>
              <option value="~">{say("follow.page.what.word")}</option>
            </select>
          </label>
          <label hidden>
            {say("follow.page.what.word")}
            <input name="word" maxLength={58} autocomplete="off" />
          </label>
        </>
      )}
      <fieldset>
        <legend>{say("follow.page.manner")}</legend>
        {(["open", "quiet", "hidden"] as const).map((manner, at) => (
          <label>
            <input
              type="radio"
              name="manner"
              value={manner}
              checked={at === 0}
            />{" "}
            {say(`follow.page.${manner}`)}
          </label>
        ))}
      </fieldset>
      <label hidden>
        {say("follow.page.words")}
        <input name="words" maxLength={80} autocomplete="off" />
        <small>{say("follow.page.words.note")}</small>
      </label>
      <label>
        {say("follow.page.hours")}
        <select name="hours">
          {(["any", "night", "daily"] as const).map((hours) => (
            <option value={hours}>{say(`follow.page.hours.${hours}`)}</option>
          ))}
        </select>
      </label>
      <p class="buttons">
        <button name="start" type="submit">
          {say("follow.page.start")}
        </button>
        <button name="forget" type="button" hidden>
          {say("follow.page.forget")}
        </button>
      </p>
      <p role="status" />
      <div class="followed" hidden>
        <h3>{say("follow.page.list")}</h3>
        <ul />
      </div>
    </form>
  );
}

/** @param reveals what this way reveals, and to whom */
const Way = ({
  title,
  reveals,
  children,
}: {
  title: string;
  reveals: string;
  children: ComponentChildren;
}) => (
  <section>
    <h2>{title}</h2>
    {children}
    <p class="soft">{reveals}</p>
  </section>
);

/** @returns the page and its Content-Security-Policy */
export function followPage(props: FollowPageProps): {
  html: string;
  policy: string;
} {
  const { locale, site, subject, pushKeys } = props;
  const say = sayIn(locale);
  const id = subject?.id;
  const heading = subject
    ? say("follow.page.title", { number: subject.number })
    : say("follow.page.title.all");
  const law = (site.profile.bot?.safety ?? []).map(
    ({ text }) => text[locale] ?? text.en ?? "",
  );
  const style = styleWith(ownStyle);
  const html = renderDocument({
    locale,
    title: `${heading} · ${site.profile.newsroom.name}`,
    site,
    inLanguage: (tag) => addresses.follow(id, tag),
    style,
    head: <meta name="robots" content="noindex" />,
    children: (
      <main class="front following">
        <div class="intro">
          <h1>{heading}</h1>
          {subject && (
            <p>
              <Words
                as="a"
                href={addresses.page(subject.id, locale)}
                run={subject.title}
              />
            </p>
          )}
          <p>{say("follow.page.intro")}</p>
        </div>
        <div class="notice" role="note">
          <h2>{say("bot.safety.title")}</h2>
          {[say("follow.page.warning"), ...law].map((text) => (
            <p>{text}</p>
          ))}
        </div>
        {pushKeys.length > 0 && (
          <Way
            title={say("follow.page.device")}
            reveals={`${say("follow.page.reveals")} ${say("follow.page.blocked")}`}
          >
            <p>{say("follow.page.about")}</p>
            <Device {...props} say={say} />
          </Way>
        )}
        {site.bot !== undefined && (
          <Way
            title={say("page.telegram")}
            reveals={say("page.telegram.safety")}
          >
            <p>
              <a
                href={botAddress(
                  site.bot,
                  id === undefined ? undefined : followCase(id),
                )}
                rel="noopener"
              >
                {say("page.telegram.follow")}: <bdi dir="ltr">@{site.bot}</bdi>
              </a>
              {" · "}
              <a href={`${addresses.telegram(locale)}#fake`}>
                {say("page.telegram.fake")}
              </a>
            </p>
          </Way>
        )}
        <Way
          title={say("follow.page.feeds")}
          reveals={say("follow.page.feeds.reveals")}
        >
          <p>
            <a href={addresses.feed("atom", id, locale)}>{say("page.feed")}</a>
            {" · "}
            <a
              href={addressOf(
                id === undefined ? paths.calendar : paths.caseCalendar,
                { id, lang: locale },
              )}
            >
              {say("follow.page.calendar")}
            </a>
          </p>
        </Way>
        {pushKeys.length > 0 && (
          <script type="module" dangerouslySetInnerHTML={{ __html: script }} />
        )}
      </main>
    ),
  });
  const policy = pagePolicyWith(style, {
    "script-src": sourceOf(script),
    "worker-src": "'self'",
  });
  return { html, policy };
}
