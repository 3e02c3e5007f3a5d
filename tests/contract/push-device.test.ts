/** A device that follows a case, in a real browser: what it shows, what it keeps, and what is left of erased words. */
import { connect, createServer, type Socket } from "node:net";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { preferredName } from "../../shared/case/schema.ts";
import { type PushService, startPushService } from "../../worker/tools/local/push-service.ts";
import { launchProfile } from "../browser.ts";
import { eraseSeen } from "../erasing.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { inventedCase } from "../invented.ts";
import { listening } from "../listening.ts";
import { step } from "../step.ts";
import { storedFiles } from "../stored-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { pushSettings } from "./push/push-newsroom.ts";

const profileFolder = temporaryFolder();
const NAME = "Zyxwvian";
const fields = inventedCase(75);
fields.people[0]!.names[0]!.value = `Invented ${NAME}`;
const { id } = fields;

let worker: TestWorker;
let service: PushService;
let context: BrowserContext;
let page: Page;
let origin: string;
/** The browser's only way to the newsroom. */
let line: { isCut: boolean; close(): void };

/** A relay that can be cut, as a network that blocks the newsroom. */
function lineTo(port: () => number) {
  const open = new Set<Socket>();
  const state = { isCut: false };
  const server = createServer((socket) => {
    if (state.isCut) return socket.destroy();
    const onward = connect(port(), "127.0.0.1");
    for (const one of [socket, onward]) {
      open.add(one.on("error", () => {}));
      one.on("close", () => open.delete(one));
    }
    return socket.pipe(onward).pipe(socket);
  });
  return {
    server,
    get isCut() {
      return state.isCut;
    },
    set isCut(isCut: boolean) {
      state.isCut = isCut;
      if (isCut) for (const socket of open) socket.destroy();
    },
    close: () => server.close(),
  };
}

beforeAll(async () => {
  service = await startPushService();
  const relay = lineTo(() => Number(new URL(worker.url).port));
  line = relay;
  origin = `http://localhost:${await listening(relay.server)}`;
  worker = await startWorker({ bot: false, env: { ...pushSettings(), PUBLIC_URL: origin } });
  await worker.untilLive(await worker.publish(fields));
  context = await launchProfile(profileFolder);
  await context.grantPermissions(["notifications"], { origin });
  // The browser's own push service is somewhere on the Internet: this one is on this machine.
  const { endpoint, p256dh, auth } = service.subscribe();
  await context.addInitScript(
    (json) => {
      const subscription = { toJSON: () => json, unsubscribe: async () => sessionStorage.removeItem("subscribed") };
      PushManager.prototype.subscribe = async () => {
        sessionStorage.setItem("subscribed", "yes");
        return subscription as never;
      };
      PushManager.prototype.getSubscription = async () =>
        (sessionStorage.getItem("subscribed") ? subscription : null) as never;
    },
    { endpoint, keys: { p256dh, auth } },
  );
  page = context.pages()[0] ?? (await context.newPage());
});

afterAll(async () => {
  await context?.close();
  line?.close();
  await worker?.close();
  await service?.close();
});

/** Chromium without a window has no notifications: the service worker's are written down in it, as a browser does. */
async function writeDownNotifications(): Promise<void> {
  const [serviceWorker] = context.serviceWorkers();
  await (serviceWorker ?? (await context.waitForEvent("serviceworker"))).evaluate(() => {
    const shown = new Map<string, object>();
    const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
    registration.showNotification = async (title, options = {}) =>
      void shown.set(options.tag ?? "", { title, ...options, close: () => shown.delete(options.tag ?? "") });
    registration.getNotifications = async () => [...shown.values()] as Notification[];
  });
}

const shownNotifications = async () =>
  context.serviceWorkers()[0]!.evaluate(async () => {
    const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
    return (await registration.getNotifications()).map(({ title, body }) => ({ title, body }));
  });

/** Every byte of what the browser stores. */
async function placesOfName(): Promise<string[]> {
  const spellings = [
    Buffer.from(NAME),
    Buffer.from(NAME, "utf16le"),
    Buffer.from(Buffer.from(NAME).toString("base64").slice(0, 8)),
  ];
  return (await storedFiles(profileFolder)).flatMap((bytes) => {
    const at = Math.max(...spellings.map((one) => bytes.indexOf(one)));
    return at < 0 ? [] : [bytes.subarray(Math.max(0, at - 200), at + 100).toString("latin1")];
  });
}

it("A followed case changes on the device, opens while the newsroom is cut off, and leaves no erased word", async () => {
  let session: CDPSession;
  let registrationId = "";
  /** Hands the next message to the browser, as its push service would, with the newsroom cut off. */
  const deliver = async (count: number) => {
    await expect.poll(() => service.received.length, { timeout: 20_000 }).toBe(count);
    line.isCut = true;
    await session.send("ServiceWorker.deliverPushMessage", {
      origin,
      registrationId,
      data: service.received.at(-1)!.text,
    });
  };
  const openCase = async () => {
    await page.goto(origin + addresses.page(id, "en"));
    return (await page.locator("body").textContent()) ?? "";
  };
  await step("The page follows after its warning, and says so", async () => {
    await page.goto(origin + addresses.follow(id, "en"));
    expect(await page.locator(".notice").textContent()).toContain("Before you follow");
    session = await context.newCDPSession(page);
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      registrationId = registrations.at(-1)?.registrationId ?? registrationId;
    });
    await session.send("ServiceWorker.enable");
    await page.getByRole("button", { name: "I understand: follow" }).click();
    await page.getByText("This device follows it.").waitFor();
    await expect.poll(() => registrationId).not.toBe("");
    await writeDownNotifications();
  });
  const released = structuredClone(fields);
  released.people[0]!.custody!.value = "released";
  await step("A release is shown, and its page opens, dated, without the newsroom", async () => {
    await worker.publish(released, { notify: "loud", note: { en: "Released." } });
    await deliver(1);
    await expect
      .poll(shownNotifications)
      .toEqual([
        { title: expect.stringMatching(new RegExp(`${NAME}.*[Rr]eleased`)), body: expect.stringContaining("UA 75/00") },
      ]);
    const text = await openCase();
    expect(text).toContain(NAME);
    expect(text).toContain("Released");
    expect(text).toMatch(/^\s*The newsroom can’t be reached[^\n]*\d{4}/);
    line.isCut = false;
  });
  await step("A correction replaces it", async () => {
    const denied = structuredClone(fields);
    await worker.publish(denied, { notify: "none", kind: "correction", note: { en: "Not released." } });
    await deliver(2);
    await expect
      .poll(async () => (await shownNotifications()).map(({ title }) => title).join())
      .toMatch(/[Nn]ot released/);
    expect(await openCase()).toContain("Not released");
    line.isCut = false;
  });
  await step(
    "An erasure shows the number only, and no byte of the browser's storage holds the erased word",
    async () => {
      expect(await placesOfName()).not.toEqual([]);
      await page.goto(origin + addresses.follow(id, "en"));
      const person = fields.people[0]!.id;
      expect(preferredName(fields.people[0]!).value).toContain(NAME);
      await eraseSeen(worker.editor, id, [{ what: "person", person } as never, { what: "earlier" }]);
      await deliver(3);
      await expect.poll(shownNotifications).toEqual([{ title: "UA 75/00", body: "" }]);
      const other = await context.newPage();
      await expect(other.goto(origin + addresses.page(id, "en"))).rejects.toThrow();
      await other.close();
      line.isCut = false;
      await page.goto(origin + addresses.follow(id, "en"));
      const kept = await page.evaluate(async () => {
        const cache = await caches.open("casewire-followed");
        const texts = (await cache.keys()).map(async (key) => (await cache.match(key))!.text());
        return (await Promise.all(texts)).join("\n");
      });
      expect(kept).not.toContain(NAME);
      // Once the newsroom can be reached, its own page opens. (A page read before is in the browser's cache, as of any site.)
      expect(await openCase()).toMatch(/Redaction|removed/i);
    },
  );
  await step("A device that followed with another key of the newsroom subscribes anew", async () => {
    await page.evaluate(async () => {
      const cache = await caches.open("casewire-followed");
      const [key] = (await cache.keys()).filter(({ url }) => url.endsWith("/settings"));
      const settings = await (await cache.match(key!))!.json();
      await cache.put(key!, Response.json({ ...settings, pushKey: "another" }));
    });
    await page.goto(origin + addresses.follow(id, "en"));
    const told = page.waitForResponse((answer) => answer.url().endsWith(paths.forget));
    const wished = page.waitForResponse((answer) => answer.url().endsWith(paths.follow));
    await page.getByRole("button", { name: "I understand: follow" }).click();
    expect([(await told).status(), (await wished).status()]).toEqual([204, 204]);
    await page.getByText("This device follows it.").waitFor();
    // As in a browser that was told to block notifications.
    await page.evaluate(() => sessionStorage.removeItem("subscribed"));
    await page.getByRole("radio", { name: "Quiet" }).check();
    await page.getByText("This device follows it.").waitFor({ state: "hidden" });
    await page.evaluate(() => sessionStorage.setItem("subscribed", "yes"));
  });
  await step("One button forgets the device, there and here", async () => {
    const told = page.waitForResponse((answer) => answer.url().endsWith(paths.forget));
    await page.getByRole("button", { name: "Forget this device" }).click();
    expect((await told).status()).toBe(204);
    await page.getByText("Everything about this device was deleted.").waitFor();
    expect(await page.evaluate(() => caches.has("casewire-followed"))).toBe(false);
    await context.close();
    expect(await placesOfName()).toEqual([]);
  });
});
