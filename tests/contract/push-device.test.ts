/**
 * A device that follows a case, in a real browser: what it shows, what it
 * keeps, and what is left of erased words.
 */
import { connect, createServer, type Socket } from "node:net";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addresses, paths } from "../../shared/addresses.ts";
import { preferredName } from "../../shared/case/schema.ts";
import {
  type PushService,
  startPushService,
} from "../../worker/tools/local/push-service.ts";
import { launchProfile } from "../support/browser.ts";
import { eraseSeen } from "../support/erasing.ts";
import { startWorker, type TestWorker } from "../support/harness.ts";
import { inventedCase } from "../support/invented.ts";
import { listening } from "../support/listening.ts";
import { step } from "../support/step.ts";
import { storedFiles } from "../support/stored-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { pushSettings } from "./push/push-newsroom.ts";

const profileFolder = temporaryFolder();
const NAME = "Zyxwvian";
const OTHER_NAME = "Qwxyzovna";
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
  worker = await startWorker({
    bot: false,
    env: { ...pushSettings(), PUBLIC_URL: origin },
  });
  await worker.untilLive(await worker.publish(fields));
  context = await launchProfile(profileFolder);
  // The browser's own push service is somewhere on the Internet: this one is on
  // this machine.
  const { endpoint, p256dh, auth } = service.subscribe();
  await context.addInitScript(
    (json) => {
      const subscription = {
        toJSON: () => json,
        unsubscribe: async () => sessionStorage.removeItem("subscribed"),
      };
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

/**
 * Chromium without a window has no notifications: the service worker's are
 * written down in it, as a browser does.
 */
async function writeDownNotifications(): Promise<void> {
  const [serviceWorker] = context.serviceWorkers();
  await (
    serviceWorker ?? (await context.waitForEvent("serviceworker"))
  ).evaluate(() => {
    const shown = new Map<string, object>();
    const { registration } = self as unknown as {
      registration: ServiceWorkerRegistration;
    };
    registration.showNotification = async (title, options = {}) =>
      void shown.set(options.tag ?? "", {
        title,
        ...options,
        close: () => shown.delete(options.tag ?? ""),
      });
    registration.getNotifications = async () =>
      [...shown.values()] as Notification[];
  });
}

const shownNotifications = async () =>
  context.serviceWorkers()[0]!.evaluate(async () => {
    const { registration } = self as unknown as {
      registration: ServiceWorkerRegistration;
    };
    return (await registration.getNotifications()).map(({ title, body }) => ({
      title,
      body,
    }));
  });

/**
 * Hands an event to the service worker's listeners, as the browser does, and
 * waits for their work.
 */
const happens = (
  name: string,
  more: Record<string, unknown>,
  { isClicked = false } = {},
) =>
  context.serviceWorkers()[0]!.evaluate(
    async ([name, more, isClicked]) => {
      const { registration, clients } = self as any;
      const opened: string[] = [];
      clients.openWindow = async (url: string) => void opened.push(url);
      const { json } = more;
      const newSubscription = json && { toJSON: () => json };
      const notification =
        isClicked && (await registration.getNotifications())[0];
      let work: unknown;
      const waitUntil = (given: unknown) => (work = given);
      dispatchEvent(
        Object.assign(new Event(name), {
          newSubscription,
          notification,
          waitUntil,
        }),
      );
      await work;
      return opened;
    },
    [name, more, isClicked] as const,
  );

const settings = () =>
  page.evaluate(
    async () =>
      (await (await caches.match("/follow/kept/settings"))?.json()) as {
        follows: object[];
      },
  );

/** Every byte of what the browser stores. */
async function placesOf(name: string): Promise<string[]> {
  const spellings = [
    Buffer.from(name),
    Buffer.from(name, "utf16le"),
    Buffer.from(Buffer.from(name).toString("base64").slice(0, 8)),
  ];
  return (await storedFiles(profileFolder)).flatMap((bytes) => {
    const at = Math.max(...spellings.map((one) => bytes.indexOf(one)));
    return at < 0
      ? []
      : [bytes.subarray(Math.max(0, at - 200), at + 100).toString("latin1")];
  });
}

it("A followed case changes on the device, opens while the newsroom is cut off, and leaves no erased word", async () => {
  let session: CDPSession;
  let registrationId = "";
  /**
   * Hands the next message to the browser, as its push service would, with the
   * newsroom cut off.
   */
  const deliver = async (count: number) => {
    await expect
      .poll(() => service.received.length, { timeout: 20_000 })
      .toBe(count);
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
  await step(
    "A browser that can't show notifications, or blocks them, is told so",
    async () => {
      const old = await context.newPage();
      await old.addInitScript(
        () => void delete (window as Partial<typeof window>).PushManager,
      );
      await old.goto(origin + addresses.follow(id, "en"));
      await old.getByText("This browser can’t show notifications").waitFor();
      expect(
        await old
          .getByRole("button", { name: "I understand: follow" })
          .isVisible(),
      ).toBe(false);
      await old.close();
      await page.goto(origin + addresses.follow(id, "en"));
      await page.getByRole("button", { name: "I understand: follow" }).click();
      await page
        .getByText("This browser blocks notifications from this site.")
        .waitFor();
      expect(await page.evaluate(() => caches.has("casewire-followed"))).toBe(
        false,
      );
      await context.grantPermissions(["notifications"], { origin });
    },
  );
  await step("The page follows after its warning, and says so", async () => {
    await page.goto(origin + addresses.follow(id, "en"));
    expect(await page.locator(".notice").textContent()).toContain(
      "Before you follow",
    );
    session = await context.newCDPSession(page);
    session.on(
      "ServiceWorker.workerRegistrationUpdated",
      ({ registrations }) => {
        registrationId = registrations.at(-1)?.registrationId ?? registrationId;
      },
    );
    await session.send("ServiceWorker.enable");
    await page.getByRole("button", { name: "I understand: follow" }).click();
    await page.getByText("This device follows it.").waitFor();
    await expect.poll(() => registrationId).not.toBe("");
    await writeDownNotifications();
  });
  const released = structuredClone(fields);
  released.people[0]!.custody!.value = "released";
  await step(
    "A release is shown, and its page opens, dated, without the newsroom",
    async () => {
      await worker.publish(released, {
        notify: "loud",
        note: { en: "Released." },
      });
      await deliver(1);
      await expect.poll(shownNotifications).toEqual([
        {
          title: expect.stringMatching(new RegExp(`${NAME}.*[Rr]eleased`)),
          body: expect.stringContaining("UA 75/00"),
        },
      ]);
      expect(
        await happens("notificationclick", {}, { isClicked: true }),
      ).toEqual([expect.stringContaining(`${origin}${addresses.page(id)}`)]);
      const text = await openCase();
      expect(text).toContain(NAME);
      expect(text).toContain("Released");
      expect(text).toMatch(/^\s*The newsroom can’t be reached[^\n]*\d{4}/);
      line.isCut = false;
    },
  );
  await step("A correction replaces it", async () => {
    const denied = structuredClone(fields);
    await worker.publish(denied, {
      notify: "none",
      kind: "correction",
      note: { en: "Not released." },
    });
    await deliver(2);
    await expect
      .poll(async () =>
        (await shownNotifications()).map(({ title }) => title).join(),
      )
      .toMatch(/[Nn]ot released/);
    expect(await openCase()).toContain("Not released");
    line.isCut = false;
  });
  await step(
    "An erasure shows the number only, and no byte of the browser's storage holds the erased word",
    async () => {
      expect(await placesOf(NAME)).not.toEqual([]);
      await page.goto(origin + addresses.follow(id, "en"));
      const person = fields.people[0]!.id;
      expect(preferredName(fields.people[0]!).value).toContain(NAME);
      await eraseSeen(worker.editor, id, [
        { what: "person", person } as never,
        { what: "earlier" },
      ]);
      await deliver(3);
      await expect
        .poll(shownNotifications)
        .toEqual([{ title: "UA 75/00", body: "" }]);
      const other = await context.newPage();
      await expect(
        other.goto(origin + addresses.page(id, "en")),
      ).rejects.toThrow();
      await other.close();
      line.isCut = false;
      await page.goto(origin + addresses.follow(id, "en"));
      const kept = await page.evaluate(async () => {
        const cache = await caches.open("casewire-followed");
        const texts = (await cache.keys()).map(async (key) =>
          (await cache.match(key))!.text(),
        );
        return (await Promise.all(texts)).join("\n");
      });
      expect(kept).not.toContain(NAME);
      // Once the newsroom can be reached, its own page opens. (A page read
      // before is in the browser's cache, as of any site.)
      expect(await openCase()).toMatch(/Redaction|removed/i);
    },
  );
  await step(
    "A followed word that is erased goes from the device's list, and the list ends what it names",
    async () => {
      await page.goto(origin + addresses.follow(undefined, "en"));
      await page.getByLabel("What").selectOption({ label: "A name or word" });
      await page
        .getByRole("textbox", { name: "A name or word" })
        .fill(OTHER_NAME);
      await page.getByRole("button", { name: "I understand: follow" }).click();
      await page.getByText("This device follows it.").waitFor();
      const listed = () => page.locator(".followed bdi").allTextContents();
      expect(await listed()).toEqual(["UA 75/00", OTHER_NAME]);
      const second = inventedCase(77);
      second.people[0]!.names[0]!.value = `Invented ${OTHER_NAME}`;
      await worker.publish(second, { notify: "loud" });
      await deliver(4);
      line.isCut = false;
      const person = second.people[0]!.id;
      await eraseSeen(worker.editor, second.id, [
        { what: "person", person } as never,
        { what: "earlier" },
      ]);
      await deliver(5);
      line.isCut = false;
      await page.goto(origin + addresses.follow(undefined, "en"));
      await expect.poll(listed).toEqual(["UA 75/00"]);
      expect(JSON.stringify(await settings())).not.toContain(OTHER_NAME);
      await page
        .getByRole("button", { name: "Stop following: UA 75/00" })
        .click();
      await page
        .getByText("Everything about this device was deleted.")
        .waitFor();
      await page.goto(origin + addresses.follow(id, "en"));
      await page.getByRole("button", { name: "I understand: follow" }).click();
      await page.getByText("This device follows it.").waitFor();
    },
  );
  await step(
    "A device that followed with another key of the newsroom says so, and subscribes anew",
    async () => {
      await page.evaluate(async () => {
        const cache = await caches.open("casewire-followed");
        const [key] = (await cache.keys()).filter(({ url }) =>
          url.endsWith("/settings"),
        );
        const settings = await (await cache.match(key!))!.json();
        await cache.put(
          key!,
          Response.json({ ...settings, pushKey: "another" }),
        );
      });
      await page.goto(origin + addresses.follow(id, "en"));
      await page.getByText("The newsroom has a new key").waitFor();
      const told = page.waitForResponse((answer) =>
        answer.url().endsWith(paths.forget),
      );
      const wished = page.waitForResponse((answer) =>
        answer.url().endsWith(paths.follow),
      );
      await page.getByRole("button", { name: "I understand: follow" }).click();
      expect([(await told).status(), (await wished).status()]).toEqual([
        204, 200,
      ]);
      await page.getByText("This device follows it.").waitFor();
      // As in a browser that was told to block notifications.
      await page.evaluate(() => sessionStorage.removeItem("subscribed"));
      await page.getByRole("radio", { name: "Quiet" }).check();
      await page
        .getByText("This device follows it.")
        .waitFor({ state: "hidden" });
      await page.evaluate(() => sessionStorage.setItem("subscribed", "yes"));
    },
  );
  await step(
    "A device goes on at the address that its browser changes",
    async () => {
      const { endpoint, p256dh, auth } = service.subscribe();
      await happens("pushsubscriptionchange", {
        json: { endpoint, keys: { p256dh, auth } },
      });
      const before = service.received.length;
      await worker.publish(
        { ...fields, people: [], asOf: { date: "2000-02-05" } },
        { notify: "loud" },
      );
      const heard = () =>
        service.received.slice(before).map(({ device }) => device);
      await expect.poll(heard, { timeout: 20_000 }).toContain(1);
      expect((await settings()).follows).toEqual([
        { scope: id, row: id, name: "UA 75/00", seen: expect.any(Number) },
      ]);
    },
  );
  await step(
    "One button forgets the device here, and there or says so, also while the newsroom is cut off",
    async () => {
      const forget = () =>
        page.getByRole("button", { name: "Forget this device" }).click();
      line.isCut = true;
      await forget();
      await page.getByText("The newsroom couldn’t be told").waitFor();
      expect(await page.evaluate(() => caches.has("casewire-followed"))).toBe(
        false,
      );
      line.isCut = false;
      await page.getByRole("button", { name: "I understand: follow" }).click();
      await page.getByText("This device follows it.").waitFor();
      const told = page.waitForResponse((answer) =>
        answer.url().endsWith(paths.forget),
      );
      await forget();
      expect((await told).status()).toBe(204);
      await page
        .getByText("Everything about this device was deleted.")
        .waitFor();
      expect(await page.evaluate(() => caches.has("casewire-followed"))).toBe(
        false,
      );
      await context.close();
      expect([
        ...(await placesOf(NAME)),
        ...(await placesOf(OTHER_NAME)),
      ]).toEqual([]);
    },
  );
});
