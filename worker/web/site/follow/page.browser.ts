/** The form with which a device follows, changes what it follows, and is forgotten. */
import {
  type DeviceSettings,
  dropAll,
  dropCase,
  dropOld,
  keepSettings,
  keptSettings,
  sendForget,
  sendWish,
} from "./kept.browser.ts";

const form = document.getElementById("device") as HTMLFormElement;
const fields = form.elements as unknown as Record<string, HTMLInputElement>;
const { key = "", log = "", lang = "en", scope: caseId, seen = "0", words = "{}" } = form.dataset;
const said: Record<"following" | "forgotten" | "denied" | "failed" | "unsupported", string> = JSON.parse(words);
const status = form.querySelector("[role=status]") as HTMLElement;
const WORKER = "/follow-worker.js";

const isApple =
  /iP(hone|ad|od)/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const canFollow = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const say = (name: keyof typeof said | null) => {
  status.textContent = name && said[name];
};
const rowOf = (name: string) => fields[name]?.closest("label") as HTMLElement;
/** What the form is about. */
const wanted = (): string =>
  caseId ?? (fields.what?.value === "~" ? `~${fields.word?.value ?? ""}` : (fields.what?.value ?? ""));

const registered = () => navigator.serviceWorker.getRegistration("/");

/** Shows what the device has of what the form is about. */
async function show(): Promise<void> {
  const now = await keptSettings();
  // A browser that blocks notifications since drops it.
  const subscription = await (await registered())?.pushManager.getSubscription();
  const follows = Boolean(subscription) && now?.follows.some(({ scope }) => scope === wanted()) === true;
  (fields.stop as HTMLElement).hidden = !follows;
  (fields.forget as HTMLElement).hidden = !now;
  say(follows ? "following" : null);
}

/** Fills the form with what the device chose last. */
async function fill(): Promise<void> {
  await dropOld();
  const now = await keptSettings();
  if (now) {
    form.querySelector<HTMLInputElement>(`[value=${now.manner}]`)?.click();
    if (fields.hours) fields.hours.value = now.hours;
    if (fields.words) fields.words.value = now.words;
  }
  await show();
}

async function start(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const now = await keptSettings();
  let subscription = await pushManager.getSubscription();
  // It is bound to the key that the newsroom had then.
  if (subscription && now?.pushKey !== key) {
    await sendForget(subscription);
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const before = now?.follows.filter(({ scope }) => scope !== wanted()) ?? [];
  await send(subscription, [...before, { scope: wanted(), seen: Number(seen) }]);
  await show();
}

async function send(subscription: PushSubscription, follows: DeviceSettings["follows"]): Promise<void> {
  const manner = form.querySelector<HTMLInputElement>("[name=manner]:checked")?.value as DeviceSettings["manner"];
  const hours = fields.hours?.value as DeviceSettings["hours"];
  const words = fields.words?.value.trim() ?? "";
  const next = { lang, manner, hours, words, follows, logKey: log || null, pushKey: key };
  await sendWish(subscription, next);
  // What was shown must not stay when nothing may be seen any more.
  if (manner === "hidden") await Promise.all([dropAll(), closeNotifications()]);
  await keepSettings(next);
}

const closeNotifications = async (id?: string) => {
  const shown = (await (await registered())?.getNotifications()) ?? [];
  for (const one of shown) if (id === undefined || one.data?.id === id) one.close();
};

async function stop(): Promise<void> {
  const left = (await keptSettings())?.follows.filter(({ scope }) => scope !== wanted()) ?? [];
  const subscription = await (await registered())?.pushManager.getSubscription();
  if (left.length === 0 || !subscription) return forget();
  await send(subscription, left);
  if (caseId) await Promise.all([dropCase(caseId), closeNotifications(caseId)]);
  await show();
}

async function forget(): Promise<void> {
  const registration = await registered();
  const subscription = await registration?.pushManager.getSubscription();
  // First there: only then nothing can come any more, and the page may say so.
  if (subscription) await sendForget(subscription);
  await closeNotifications();
  await Promise.all([dropAll(), subscription?.unsubscribe()]);
  await registration?.unregister();
  await show();
  say("forgotten");
}

const run = (work: () => Promise<void>) => {
  say(null);
  work().catch((error) => {
    console.error(error);
    say("failed");
  });
};

function follow(): void {
  form.addEventListener("change", () => {
    rowOf("words").hidden = form.querySelector<HTMLInputElement>("[value=hidden]")?.checked !== true;
    if (!caseId) rowOf("word").hidden = fields.what?.value !== "~";
    void show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(start);
  });
  fields.stop?.addEventListener("click", () => run(stop));
  fields.forget?.addEventListener("click", () => run(forget));
  void fill();
}

if (canFollow) follow();
else {
  if (isApple) (form.querySelector(".apple") as HTMLElement).hidden = false;
  else say("unsupported");
  for (const one of form.querySelectorAll("label, fieldset, .buttons")) (one as HTMLElement).hidden = true;
}
