/**
 * The messages that devices get. A message is the page: it carries the view,
 * signed as for mirrors, which the device shows while the newsroom can't be
 * reached. It is declarative Web Push too, so that a browser without our
 * service worker shows its notification.
 */
import { newsIn } from "../../../bot/news.ts";
import { addresses } from "../../../shared/addresses.ts";
import { base64Of } from "../../../shared/base64.ts";
import type { LocaleTag } from "../../../shared/locale.ts";
import { message as messageIn } from "../../../shared/messages.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { PushMessage } from "../../../shared/push-message.ts";
import type { PresentView } from "../../../shared/view/schema.ts";
import { viewCase } from "../../../shared/view/view.ts";
import { signedViewText } from "../../reads/signed-text.ts";
import { headOf } from "../../reads/state.ts";
import type { Signer } from "../../runtime/checkpoint.ts";
import type { Follower, Notice, TellableState } from "./carrier.ts";
import type { FollowedWords } from "./followed-words.ts";
import { reminded } from "./update-messages.ts";

/** What an encrypted message has room for, in bytes. */
const MAX_MESSAGE_BYTES = 3_993;
/** In characters: what a notification shows. */
const MAX_TITLE_LENGTH = 120;
const MAX_BODY_LENGTH = 240;
/** The people of a view that was cut. */
const PEOPLE_KEPT = 6;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

async function deflated(text: string): Promise<string> {
  const stream = new Blob([text])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  return base64Of(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** News, counts and the first people of a view. */
const cut = (view: PresentView, people: number): PresentView => ({
  ...view,
  summary: { text: "" },
  people: { ...view.people, list: view.people.list.slice(0, people) },
  timeline: { ...view.timeline, list: [] },
  assessments: [],
  quotations: { list: [] },
  impact: { ...view.impact, list: [] },
  next: { ...view.next, list: [] },
  sources: { ...view.sources, list: [] },
  notes: [],
});

/** Whether a message takes back what the device has shown. */
const takesBack = (state: TellableState): boolean =>
  state.state === "withdrawn" || headOf(state).kind === "redaction";

/** @param signer null where views can't be signed */
export function pushMessages(
  publicUrl: string,
  profile: Profile,
  signer: () => Promise<Signer | null>,
  words: Pick<FollowedWords, "erasedOf">,
) {
  function message(
    id: string,
    state: TellableState,
    { locale, manner, scopes }: Follower,
    {
      title,
      body,
      isReminder,
    }: { title: string; body: string; isReminder?: true },
  ): PushMessage {
    const { number, kind, liveAt } = headOf(state);
    const gone = words.erasedOf(scopes);
    return {
      web_push: 8030,
      mutable: true,
      notification: {
        title: manner.neutral
          ? messageIn(locale, "bot.neutral")
          : shortened(title, MAX_TITLE_LENGTH),
        body: manner.neutral ? "" : shortened(body, MAX_BODY_LENGTH),
        navigate: publicUrl + addresses.page(id, locale),
        tag: isReminder ? `${id} reminder` : id,
        lang: locale,
        silent: manner.silent,
      },
      case: {
        id,
        number,
        kind: isReminder ? "reminder" : kind,
        liveAt,
        ...(manner.neutral && { hidden: true }),
        ...(gone.length > 0 && { gone }),
      },
    };
  }

  async function update(
    id: string,
    state: TellableState,
    follower: Follower,
    now: number,
  ): Promise<PushMessage> {
    const { locale, manner } = follower;
    const number = numberOf(id, profile);
    if (state.state === "withdrawn" || takesBack(state)) {
      const gone = message(id, state, follower, { title: number, body: "" });
      return { ...gone, case: { ...gone.case, erased: true } };
    }
    const { case: fields, revision } = state.record;
    const view = viewCase(fields, revision, locale, now, profile);
    const news = newsIn(fields, revision, locale, profile);
    const [title, about] =
      news.text === null
        ? [view.title.text, number]
        : [news.text, `${number} · ${view.title.text}`];
    const told = message(id, state, follower, {
      title,
      body: `${news.dated}\n${about}`,
    });
    // A hidden follower's device keeps nothing.
    return manner.neutral ? told : withView(told, view, locale, now);
  }

  async function withView(
    told: PushMessage,
    view: PresentView,
    locale: LocaleTag,
    now: number,
  ): Promise<PushMessage> {
    const signs = await signer();
    if (signs === null) return told;
    for (const shown of [view, cut(view, PEOPLE_KEPT), cut(view, 0)]) {
      const whole = {
        ...told,
        plain: messageIn(locale, "bot.neutral"),
        view: await deflated(
          await signs.signText(
            signedViewText(shown, locale, now, "follow.copy"),
          ),
        ),
      };
      if (bytesOf(JSON.stringify(whole)) <= MAX_MESSAGE_BYTES) return whole;
    }
    return told;
  }

  return async (
    notice: Exclude<Notice, { kind: "desk" }>,
    follower: Follower,
    now: number,
  ): Promise<PushMessage | null> => {
    const { id, state } = notice;
    if (notice.kind === "update") return update(id, state, follower, now);
    const due = reminded(state, notice.number, follower.locale, now, profile);
    return (
      due &&
      message(id, state, follower, {
        title: due.text,
        body: due.view.number,
        isReminder: true,
      })
    );
  };
}
