/**
 * The page that says how punctual the deployment is, for readers who are not
 * programmers.
 */
import ownStyle from "../../../../dist/status-style.css";
import { addresses, addressOf, paths } from "../../../../shared/addresses.ts";
import type { LocaleTag } from "../../../../shared/locale.ts";
import { sayIn } from "../../../../shared/messages.ts";
import { numberOf } from "../../../../shared/profile/numbers.ts";
import { instantIn } from "../../../../shared/view/date.ts";
import type { Status, Surface } from "../../../editing/contract/status.ts";
import type { Handlers } from "../../api/router.ts";
import { readStatus } from "../../operations/status.ts";
import {
  pagePolicyWith,
  renderDocument,
  type Site,
  styleWith,
} from "../document/document.tsx";
import { localeOf, pageHeaders, siteFor } from "../pages.tsx";

/** In the order of the page. */
const surfaces: Surface[] = [
  "page",
  "widgets",
  "frame",
  "badge",
  "record",
  "view",
  "telegram",
];

interface StatusProps {
  locale: LocaleTag;
  site: Site;
  status: Status;
}

function Moments({ locale, site, status }: StatusProps) {
  const say = sayIn(locale);
  if (status.moments.length === 0) return <p>{say("page.status.none")}</p>;
  return (
    <ul>
      {status.moments.map(({ case: id, revision, liveAt, surfaces: late }) => (
        <li class="story">
          <h3>
            <a href={addresses.page(id, locale)}>
              {say("page.status.update", {
                number: numberOf(id, site.profile),
                revision,
              })}
            </a>
          </h3>
          <p class="moment">
            <time dateTime={liveAt}>{instantIn(locale, liveAt)}</time>
          </p>
          <dl>
            {surfaces.map(
              (surface) =>
                late[surface] !== undefined && (
                  <div>
                    <dt>{say(`page.status.${surface}`)}</dt>
                    <dd>
                      {say("page.status.delay", {
                        seconds: late[surface] / 1000,
                      })}
                    </dd>
                  </div>
                ),
            )}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function Telegram({ locale, status: { telegram } }: StatusProps) {
  const say = sayIn(locale);
  if (telegram === null) return null;
  const { running, waitingFor, lag } = telegram;
  const waits =
    waitingFor > 0
      ? say("page.status.waiting", { seconds: waitingFor })
      : say("page.status.idle");
  return (
    <>
      <dt>{say("page.status.sending")}</dt>
      <dd>
        {running ? waits : say("page.status.stopped")}
        {lag !== null && ` ${say("page.status.lag", { seconds: lag })}`}
      </dd>
    </>
  );
}

const style = styleWith(ownStyle);

function statusPage(props: StatusProps): string {
  const { locale, site, status } = props;
  const say = sayIn(locale);
  return renderDocument({
    locale,
    site,
    title: say("page.status"),
    inLanguage: (lang) => addressOf(paths.status, { lang }),
    style,
    children: (
      <main class="punctuality">
        <div class="intro">
          <h1>{say("page.status")}</h1>
          <p>{say("page.status.intro")}</p>
        </div>
        <h2>{say("page.status.moments")}</h2>
        <Moments {...props} />
        <dl class="about">
          <Telegram {...props} />
          <dt>{say("page.status.measured")}</dt>
          <dd>
            <time dateTime={status.at}>{instantIn(locale, status.at)}</time>
          </dd>
        </dl>
      </main>
    ),
  });
}

export const statusHandlers = {
  async statusPage(c) {
    const locale = localeOf(c);
    const html = statusPage({
      locale,
      site: siteFor(c),
      status: await readStatus(c.env),
    });
    return c.body(html, 200, pageHeaders(locale, pagePolicyWith(style)));
  },
} satisfies Partial<Handlers>;
