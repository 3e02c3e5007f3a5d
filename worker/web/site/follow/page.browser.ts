/**
 * The form with which a device follows, changes what it follows, and is
 * forgotten.
 */
import {
  type DeviceSettings,
  dropAll,
  dropCase,
  dropCases,
  dropOld,
  type KeptFollow,
  keptSettings,
  sendForget,
  sendWish,
} from "./kept.browser.ts";

type Said =
  | "following"
  | "lapsed"
  | "forgotten"
  | "untold"
  | "denied"
  | "failed"
  | "unsupported"
  | "stop";

const form = document.getElementById("device") as HTMLFormElement;
const fields = form.elements as unknown as Record<string, HTMLInputElement>;
const {
  keys = "",
  log = "",
  lang = "en",
  scope: caseId,
  name: caseName,
  seen = "0",
  words = "{}",
} = form.dataset;
const [newestKey = "", ...olderKeys] = keys.split(" ");
const said: Record<Said, string> = JSON.parse(words);
const status = form.querySelector("[role=status]") as HTMLElement;
const followed = form.querySelector(".followed") as HTMLElement;
const WORKER = "/follow-worker.js";

const isApple =
  /iP(hone|ad|od)/.test(navigator.userAgent) ||
  (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const canFollow =
  "serviceWorker" in navigator &&
  "PushManager" in window &&
  "Notification" in window;

const say = (name: Said | null) => {
  status.textContent = name && said[name];
};
const rowOf = (name: string) => fields[name]?.closest("label") as HTMLElement;
/** What the form is about. */
const wanted = (): string =>
  caseId ??
  (fields.what?.value === "~"
    ? `~${fields.word?.value ?? ""}`
    : (fields.what?.value ?? ""));

const registered = () => navigator.serviceWorker.getRegistration("/");

/** Shows what the device has of what the form is about. */
async function show(): Promise<void> {
  const now = await keptSettings();
  // A browser that blocks notifications since drops it.
  const subscription = await (
    await registered()
  )?.pushManager.getSubscription();
  const follows = subscription ? (now?.follows ?? []) : [];
  followed.hidden = follows.length === 0;
  followed.querySelector("ul")?.replaceChildren(
    ...follows.map(({ scope, name }) => {
      const [row, button] = [
        document.createElement("li"),
        document.createElement("button"),
      ];
      Object.assign(button, {
        type: "button",
        textContent: said.stop,
        ariaLabel: `${said.stop}: ${name}`,
      });
      button.addEventListener("click", () => run(() => stop(scope)));
      row.append(
        Object.assign(document.createElement("bdi"), { textContent: name }),
        " ",
        button,
      );
      return row;
    }),
  );
  (fields.forget as HTMLElement).hidden = !now;
  // A subscription is bound to the key that the newsroom had then.
  const isBound = now && [newestKey, ...olderKeys].includes(now.pushKey);
  if (follows.length > 0 && !isBound) say("lapsed");
  else
    say(follows.some(({ scope }) => scope === wanted()) ? "following" : null);
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
  if ((await Notification.requestPermission()) !== "granted")
    return say("denied");
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const now = await keptSettings();
  let subscription = await pushManager.getSubscription();
  if (subscription && now?.pushKey !== newestKey) {
    if (!(await sendForget(subscription)))
      throw new Error("the newsroom can't be reached");
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: newestKey,
  });
  const before = now?.follows.filter(({ scope }) => scope !== wanted()) ?? [];
  const chosen = fields.what as unknown as HTMLSelectElement | undefined;
  const name =
    caseName ??
    (fields.word?.value || chosen?.selectedOptions[0]?.text || wanted());
  await send(
    subscription,
    [...before, { scope: wanted(), seen: Number(seen), name }],
    newestKey,
  );
  await show();
}

async function send(
  subscription: PushSubscription,
  follows: KeptFollow[],
  pushKey: string,
): Promise<void> {
  const manner = form.querySelector<HTMLInputElement>("[name=manner]:checked")
    ?.value as DeviceSettings["manner"];
  const hours = fields.hours?.value as DeviceSettings["hours"];
  const words = fields.words?.value.trim() ?? "";
  await sendWish(subscription, {
    lang,
    manner,
    hours,
    words,
    follows,
    logKey: log || null,
    pushKey,
  });
  // What was shown must not stay when nothing may be seen any more.
  if (manner === "hidden")
    await Promise.all([dropCases(), closeNotifications()]);
}

const closeNotifications = async (id?: string) => {
  const shown = (await (await registered())?.getNotifications()) ?? [];
  for (const one of shown)
    if (id === undefined || one.data?.id === id) one.close();
};

async function stop(ended: string): Promise<void> {
  const now = await keptSettings();
  const left = now?.follows.filter(({ scope }) => scope !== ended) ?? [];
  const subscription = await (
    await registered()
  )?.pushManager.getSubscription();
  if (!now || left.length === 0 || !subscription) return forget();
  await sendWish(subscription, { ...now, follows: left });
  await Promise.all([dropCase(ended), closeNotifications(ended)]);
  await show();
}

async function forget(): Promise<void> {
  const registration = await registered();
  const subscription = await registration?.pushManager.getSubscription();
  const isTold = subscription ? await sendForget(subscription) : true;
  await closeNotifications();
  // Without a subscription the push service answers the newsroom that the
  // device is gone, which then forgets it too.
  await Promise.all([
    dropAll(),
    subscription?.unsubscribe().catch(() => false),
  ]);
  await registration?.unregister();
  await show();
  say(isTold ? "forgotten" : "untold");
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
    rowOf("words").hidden =
      form.querySelector<HTMLInputElement>("[value=hidden]")?.checked !== true;
    if (!caseId) rowOf("word").hidden = fields.what?.value !== "~";
    void show();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(start);
  });
  fields.forget?.addEventListener("click", () => run(forget));
  void fill();
}

if (canFollow) follow();
else {
  if (isApple) (form.querySelector(".apple") as HTMLElement).hidden = false;
  else say("unsupported");
  for (const one of form.querySelectorAll(
    "label, fieldset, .followed, .buttons",
  ))
    (one as HTMLElement).hidden = true;
}
