/**
 * Editors enrol, sign in, recover and leave in the desk, with a virtual
 * authenticator of the browser.
 */
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { closePages, sharedBrowser } from "../../support/browser.ts";

type Person = Awaited<ReturnType<typeof person>>;

/** A browser of one person, with an authenticator that confirms everything. */
export async function person(browser: Browser) {
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions,
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send(
    "WebAuthn.addVirtualAuthenticator",
    {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    },
  );
  return {
    page,
    /** Forgets every passkey, as when a phone is lost. */
    loseDevice: async (): Promise<void> =>
      void (await cdp.send("WebAuthn.clearCredentials", { authenticatorId })),
  };
}

/** Fills in the form of the screen "Editors". @returns the invitation's link */
export async function invite(
  page: Page,
  name: string,
  role: string,
): Promise<string> {
  await page.getByRole("link", { name: "Editors", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.locator("#invite-role").selectOption(role);
  await page.getByRole("button", { name: "Invite" }).click();
  return page.getByLabel(`Send this link to ${name} alone`).inputValue();
}

/** @returns the recovery codes */
export async function acceptInvitation(
  { page }: Person,
  link: string,
): Promise<string[]> {
  await page.goto(link);
  await page.getByRole("button", { name: "Make my passkey" }).click();
  await page.getByText("They are shown only now").waitFor();
  const codes = await page.locator(".codes code").allTextContents();
  expect(codes).toHaveLength(10);
  await page.getByRole("button", { name: "Copy" }).press("Enter");
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    codes.join("\n"),
  );
  // Only the codes are printed.
  await page.getByRole("button", { name: "Print", exact: true }).waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("button").filter({ visible: true }).count()).toBe(
    0,
  );
  expect(
    await page.locator(".codes code").filter({ visible: true }).count(),
  ).toBe(10);
  await page.emulateMedia({ media: "screen" });
  // By keyboard: a button that has just appeared under the pointer ignores a
  // click.
  await page.getByRole("button", { name: "I have kept them" }).press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  return codes;
}

async function signInWithPasskey(
  { page }: Person,
  desk: string,
): Promise<void> {
  // A change of the hash alone wouldn't reload the page.
  await page.goto("about:blank");
  await page.goto(desk);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/**
 * Presses a button of an administrator's screen and confirms. The question
 * stands in its place until the row is gone.
 */
export async function end(
  page: Page,
  name: string,
  within = page.locator("main"),
): Promise<void> {
  await within.getByRole("button", { name }).press("Enter");
  await page.getByRole("button", { name: "Delete" }).press("Enter");
  await page
    .getByRole("button", { name: "Delete" })
    .waitFor({ state: "detached" });
}

/**
 * Makes a token on an editor's own page.
 * @param scope as its checkbox is labelled
 */
export async function makeToken(
  page: Page,
  editor: string,
  scope: string,
): Promise<string> {
  await page.getByRole("link", { name: editor, exact: true }).click();
  await page.getByLabel("What it is for").fill("A script");
  await page.getByLabel(scope).check();
  await page.getByRole("button", { name: "Make a token" }).click();
  return page.getByLabel("Copy the token now").inputValue();
}

/** The whole life of editors in the desk. It closes the door for the token. */
export async function editorsLives(desk: string, token: string): Promise<void> {
  const browser = await sharedBrowser();
  const [ada, nora] = [await person(browser), await person(browser)];

  // The first door: the token of EDITORS invites the first administrator, and
  // opens nothing afterwards.
  await ada.page.goto(desk);
  await ada.page.getByLabel("Your token").fill(token);
  await ada.page.getByRole("button", { name: "Sign in", exact: true }).click();
  const link = await invite(ada.page, "Ada", "administrator");
  await acceptInvitation(ada, link);
  await ada.page.goto("about:blank");
  await ada.page.goto(desk);
  await ada.page.getByLabel("Your token").fill(token);
  await ada.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await ada.page.getByText("worked only for the first sign-in").waitFor();
  await ada.page.goto(link);
  await ada.page.getByText("This invitation was used").waitFor();

  await signInWithPasskey(ada, desk);
  const codes = await acceptInvitation(
    nora,
    await invite(ada.page, "Nora", "author"),
  );
  // An author sees no button that withdraws or redacts, and no list of editors.
  await nora.page.getByRole("link", { name: "Log", exact: true }).waitFor();
  expect(
    await nora.page.getByRole("link", { name: "Editors", exact: true }).count(),
  ).toBe(0);
  await nora.page.goto(`${desk}#/cases/ua-0-00`);
  await nora.page.getByRole("heading", { level: 1 }).waitFor();
  expect(await nora.page.locator(".risk").count()).toBe(0);

  // A lost phone: one recovery code makes a new passkey, which signs in.
  await nora.loseDevice();
  await nora.page.goto("about:blank");
  await nora.page.goto(desk);
  expect(await nora.page.locator(".masthead .name").textContent()).toBe(
    "Casewire the desk",
  );
  await nora.page.getByText("I have lost my passkey").click();
  await nora.page.getByLabel("Your name in this newsroom").fill("Nora");
  await nora.page.getByLabel("A recovery code").fill(codes[0] ?? "");
  await nora.page.getByRole("button", { name: "Use the code" }).click();
  await nora.page.getByRole("link", { name: "Nora", exact: true }).click();
  await nora.page.getByText("9 unused codes are left").waitFor();
  await nora.page.getByRole("button", { name: "Remove" }).first().click();
  await nora.page.getByRole("button", { name: "Delete" }).press("Enter");
  // Every session has ended with it.
  await nora.page.getByText("Your access has ended").waitFor();
  await signInWithPasskey(nora, desk);

  // A token, shown once.
  const made = await makeToken(nora.page, "Nora", "propose revisions");
  const ask = () =>
    fetch(new URL("/v1/desk/me", desk), {
      headers: { Authorization: `Bearer ${made}` },
    });
  expect(((await (await ask()).json()) as { scopes: string[] }).scopes).toEqual(
    ["read", "propose"],
  );

  // Her open page learns of another role with its next poll, or when she comes
  // back to it.
  await ada.page.getByRole("link", { name: "Cases", exact: true }).click();
  await ada.page.getByRole("link", { name: "Editors", exact: true }).click();
  let puts = 0;
  ada.page.on("request", (request) => {
    if (request.method() === "PUT") puts++;
  });
  const changed = ada.page.waitForResponse(
    (answer) => answer.request().method() === "PUT",
  );
  // An arrow key alone changes nothing.
  await ada.page.locator('[id="role Nora"]').press("ArrowDown");
  const change = ada.page.getByRole("button", {
    name: "Change Nora to: Publisher",
  });
  await change.waitFor();
  expect(puts).toBe(0);
  await change.press("Enter");
  expect((await changed).ok()).toBe(true);
  await nora.page.evaluate(() => dispatchEvent(new Event("focus")));
  await nora.page.locator("main .lead", { hasText: "Publisher" }).waitFor();

  // The administrator removes her: her open page and her token end at once.
  await end(ada.page, "Remove Nora");
  expect((await ask()).status).toBe(401);
  await nora.page.evaluate(() => dispatchEvent(new Event("focus")));
  await nora.page.getByText("Your access has ended").waitFor();
  await closePages(browser);
}
