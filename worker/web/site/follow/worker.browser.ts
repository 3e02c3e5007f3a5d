/**
 * The service worker of a device that follows. It shows each message, keeps the
 * newest of each case, and opens it when the newsroom can't be reached. It
 * answers no other request.
 */
import type { PushMessage } from "../../../../shared/push-message.ts";
import type {
  Line,
  PersonView,
  PresentView,
  Run,
} from "../../../../shared/view/schema.ts";
import type { SignedView } from "../../../../shared/view/signed-view.ts";
import { isExpired, signedViewIn } from "../../../../widget/signed-view.ts";
import {
  type DeviceSettings,
  dropOld,
  type KeptCase,
  keepCase,
  keepSettings,
  keptCase,
  keptSettings,
  sendWish,
} from "./kept.browser.ts";

/** What the browser's library for pages doesn't declare. */
interface Extended extends Event {
  waitUntil(work: Promise<unknown>): void;
}
type PushEvent = Extended & { data: { json(): PushMessage } | null };
type ClickEvent = Extended & { notification: Notification };
type ChangeEvent = Extended &
  Record<"oldSubscription" | "newSubscription", PushSubscription | null>;
type FetchEvent = Event & {
  request: Request;
  respondWith(answer: Promise<Response>): void;
};
const worker = self as unknown as {
  registration: ServiceWorkerRegistration;
  clients: {
    openWindow(url: string): Promise<unknown>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
};
const on = <E>(name: string, listener: (event: E) => void) =>
  addEventListener(name, listener as never);

/** How long the newsroom's answer is waited for. */
const ANSWER_TIMEOUT_MS = 10_000;

on("install", (event: Extended) => event.waitUntil(worker.skipWaiting()));
on("activate", (event: Extended) =>
  event.waitUntil(Promise.all([worker.clients.claim(), dropOld()])),
);

/**
 * The view of a message; null where the browser can't verify it, or the
 * newsroom didn't sign it.
 */
async function viewIn(
  { view, case: { id } }: PushMessage,
  wanted: DeviceSettings | null,
): Promise<SignedView | null> {
  if (!view || !wanted?.logKey) return null;
  const bytes = Uint8Array.from(atob(view), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const note = await new Response(stream).text();
  return signedViewIn(note, { key: wanted.logKey, id, lang: wanted.lang });
}

async function receive(message: PushMessage): Promise<void> {
  await dropOld();
  const {
    notification,
    case: about,
    view,
    plain = notification.title,
  } = message;
  const { id, liveAt, kind, erased, gone = [] } = about;
  const { navigate: url, title, body, tag, lang, silent } = notification;
  const [wanted, before] = await Promise.all([keptSettings(), keptCase(id)]);
  if (wanted && gone.length > 0)
    await keepSettings({
      ...wanted,
      follows: wanted.follows.filter(({ row = "" }) => !gone.includes(row)),
    });
  const isHidden = about.hidden || wanted?.manner === "hidden";
  // `renotify`: a later message about the same case sounds again, a repeated
  // one doesn't.
  const renotify = !silent && !(before && liveAt <= before.liveAt);
  const show = (what: { title: string; body: string }) =>
    worker.registration.showNotification(
      isHidden ? wanted?.words || title : what.title,
      {
        ...{
          body: isHidden ? "" : what.body,
          tag,
          lang,
          silent,
          renotify,
          icon: "/icon.png",
          data: { url, id },
        },
      } as NotificationOptions,
    );
  if (kind === "reminder") return show({ title, body });
  // It was overtaken. A push that shows nothing costs the subscription, so the
  // newer one is shown again.
  if (before && liveAt < before.liveAt)
    return show(before.notification ?? { title: plain, body: "" });
  const kept: KeptCase = {
    liveAt,
    at: Date.now(),
    ...(isHidden ? {} : { notification: { title, body } }),
  };
  if (erased) {
    await show({ title, body }).catch(() => {});
    for (const other of await worker.registration.getNotifications())
      if (other.data?.id === id && other.tag !== tag) other.close();
    // The browser's own copy of the page, if it was read here.
    void fetch(url, { cache: "reload", credentials: "omit" }).catch(() => {});
    // No word of it: only so that a late message about an older revision isn't
    // shown.
    return keepCase(id, kept);
  }
  const signed = await viewIn(message, wanted).catch(() => null);
  if (signed && !isHidden && !isExpired(signed)) kept.signed = signed;
  await keepCase(id, kept);
  // A message that can't be verified says only that there is news.
  await show(
    view !== undefined && signed === null
      ? { title: plain, body: "" }
      : { title, body },
  );
}

/**
 * One after the other, so that an older message can't overtake a newer one
 * here.
 */
let received = Promise.resolve();
on("push", (event: PushEvent) => {
  const { data } = event;
  if (!data) return;
  received = received.catch(() => {}).then(() => receive(data.json()));
  event.waitUntil(received);
});

/** The browser gave the device another address. */
on("pushsubscriptionchange", (event: ChangeEvent) => {
  const renew = async () => {
    const wanted = await keptSettings();
    if (!wanted) return;
    const options = {
      userVisibleOnly: true,
      applicationServerKey: wanted.pushKey,
    };
    const next =
      event.newSubscription ??
      (await worker.registration.pushManager.subscribe(options));
    await sendWish(next, wanted);
  };
  event.waitUntil(renew());
});

on("notificationclick", (event: ClickEvent) => {
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(event.notification.data.url));
});

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const words = ({ text, lang, dir, ...more }: Run & Partial<Line>) => {
  const said = `<span${lang ? ` lang="${escaped(lang)}"` : ""}${dir ? ` dir="${dir}"` : ""}>${escaped(text)}</span>`;
  return [more.before, said, more.after]
    .map((part, at) => (at === 1 ? part : part && escaped(part)))
    .filter(Boolean)
    .join(" ");
};
const list = (items: string[]) =>
  items.length === 0
    ? ""
    : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
const person = ({ name, lines }: PersonView) =>
  `<b>${words(name)}</b>${list(lines.map(words))}`;

/** The kept view as a page that needs nothing from anywhere. */
function pageOf({
  words: said,
  revision,
  people,
  ...view
}: PresentView): string {
  const news = [
    ...(revision.note.text ? [words(revision.note)] : []),
    ...revision.changes.list.map(escaped),
  ];
  return `<!doctype html><html lang="${view.lang}" dir="${view.dir}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escaped(`${view.number} · ${view.title.text}`)}</title>
<style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}.kept{padding:.5rem;border:2px solid}</style>
<p class="kept" role="status">${escaped(said.offline)}</p>
${view.demo ? `<p>${escaped(view.demo)}</p>` : ""}<p>${escaped(view.number)} · ${escaped(view.issuer)}</p>
<h1>${words(view.title)}</h1>
<p><b>${escaped(revision.label)}</b> · ${escaped(revision.day)}</p>${list(news)}
${view.summary.text ? `<p>${words(view.summary)}</p>` : ""}
<p>${escaped(`${view.asOf.label} ${view.asOf.text} · ${view.asOf.stated}`)}${view.asOf.note ? ` · ${escaped(view.asOf.note)}` : ""}</p>
<p><b>${escaped(view.action.label)}</b></p>
<h2>${escaped(people.label)}</h2>${list((people.counts ?? []).map(words))}${list(people.list.map(person))}
${view.notes.map((note) => `<p>${escaped(note)}</p>`).join("")}</html>`;
}

async function keptPage(id: string): Promise<Response | null> {
  const signed = (await keptCase(id))?.signed;
  if (signed?.view.state !== "present" || isExpired(signed)) return null;
  const headers = {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
  };
  return new Response(pageOf(signed.view), { headers });
}

on("fetch", (event: FetchEvent) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const id = /^\/cases\/([^/]+)$/.exec(pathname)?.[1];
  if (
    request.mode !== "navigate" ||
    request.method !== "GET" ||
    origin !== location.origin ||
    !id
  )
    return;
  const late = new Promise<never>((_, reject) =>
    setTimeout(reject, ANSWER_TIMEOUT_MS),
  );
  const live = fetch(request);
  const good = live.then((answer) =>
    answer.status < 500 ? answer : Promise.reject(answer),
  );
  event.respondWith(
    Promise.race([good, late]).catch(async () => (await keptPage(id)) ?? live),
  );
});
