/**
 * What the widget does when the newsroom publishes, on a page of another
 * origin.
 */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { revisionCode } from "../../shared/revision-code.ts";
import type { PresentView } from "../../shared/view/schema.ts";
import { pause } from "../support/waiting.ts";
import {
  demoCase,
  inState,
  present,
  revisionOf,
  widgetOf,
  withdrawn,
} from "./newsroom.ts";
import {
  connect,
  goOffline,
  newsroom,
  open,
  script,
  tell,
  textOf,
  useStage,
} from "./stage.ts";

const CASE = demoCase.id;
const SECOND_MS = 1_000;

useStage();

describe("An update in the widget", () => {
  it("changes the card in place, keeps what the reader unfolded, and is announced once", async () => {
    const hidden = `<div hidden>${widgetOf()}</div>`;
    const { page } = await open(
      script() +
        widgetOf() +
        widgetOf() +
        hidden +
        widgetOf(`case="${CASE}" lang="uk"`),
    );
    await page.evaluate(() =>
      document.body.prepend(document.querySelector("[hidden]")!),
    );
    await expect
      .poll(() => page.locator("case-status:state(ready)").count())
      .toBe(4);
    await expect.poll(() => newsroom.openSockets).toBe(2);
    const first = page.locator("case-status:visible").first();
    await first.locator(".act > summary").click();
    await first
      .locator("article")
      .evaluate((article) => Object.assign(article, { same: true }));
    expect(
      await page.evaluate(() => {
        const target = window as unknown as { said: string[] };
        target.said = [];
        return Array.from(
          document.querySelectorAll("case-status"),
          ({ shadowRoot }) => {
            const region = shadowRoot!.querySelector("[role=status]")!;
            new MutationObserver(
              () => region.textContent && target.said.push(region.textContent),
            ).observe(region, {
              childList: true,
              characterData: true,
              subtree: true,
            });
            return region.textContent;
          },
        );
      }),
    ).toEqual(["", "", "", ""]);
    newsroom.publish(CASE, present(2));
    await expect.poll(() => textOf(page)).toContain("Update 2");
    newsroom.push(CASE, present(2));
    newsroom.publish(CASE, present(3, {}, "Note 2"));
    await expect.poll(() => textOf(page)).toContain("Update 3");
    const changes = [
      { what: "person-added", person: "Demo Person Four" } as const,
    ];
    newsroom.publish(
      CASE,
      present(4, {}, "", { note: { en: "Note 4" }, changes }),
    );
    await expect.poll(() => textOf(page)).toContain("Update 4");
    expect(
      await first.locator("article").evaluate((article) => "same" in article),
    ).toBe(true);
    expect(await first.locator(".act").getAttribute("open")).not.toBeNull();
    const heard = await page.evaluate(
      () => (window as unknown as { said: string[] }).said,
    );
    expect(heard.map((text) => text.replaceAll("\u00a0", " ")).sort()).toEqual([
      "UA 0/00 · Update 2: Note 2",
      "UA 0/00 · Update 3: Note 2",
      "UA 0/00 · Update 4: Added: Demo Person Four",
      "UA 0/00 · Оновлення 2: Note 2 українською",
      "UA 0/00 · Оновлення 3: Note 2 українською",
      // News never mixes languages: the note is in another one.
      "UA 0/00 · Оновлення 4: Додано: Demo Person Four",
    ]);
    // Two languages, and the place to act.
    expect(newsroom.fetched).toHaveLength(3);
  });

  it("replaces the old status also after a page translator has replaced its text nodes", async () => {
    const { page } = await connect();
    await page.locator("case-status").evaluate(({ shadowRoot }) => {
      const walker = document.createTreeWalker(
        shadowRoot!,
        NodeFilter.SHOW_TEXT,
      );
      const texts: Text[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode as Text);
      for (const text of texts) {
        const font = document.createElement("font");
        font.textContent = `[translated] ${text.data}`;
        text.replaceWith(font);
      }
    });
    newsroom.publish(
      CASE,
      present(2, { action: { state: "closed", targets: [] } }),
    );
    await expect.poll(() => textOf(page)).toContain("Action closed");
    expect(await textOf(page)).not.toMatch(/Action open|Update 1|translated/);
  });

  const learns: [string, (page: Page) => unknown][] = [
    ["asks", (page) => page.evaluate(() => dispatchEvent(new Event("online")))],
    ["connects again", () => newsroom.dropSockets()],
    ["is pushed that", () => newsroom.push(CASE, present(1))],
  ];
  it.each(learns)(
    "is marked stale when it %s while the newsroom says less than it shows, as after a restore, and follows what is published then",
    async (_, learn) => {
      newsroom.cases.set(CASE, present(2));
      const { page } = await connect();
      newsroom.cases.set(CASE, present(1));
      await learn(page);
      await inState(page, "stale");
      expect(await textOf(page)).toContain("Update 2");
      // The socket says the same, and works.
      newsroom.push(CASE, present(1));
      await expect.poll(() => newsroom.openSockets).toBe(1);
      await page.evaluate(
        () =>
          new Promise((done) =>
            requestAnimationFrame(() => requestAnimationFrame(done)),
          ),
      );
      expect(await page.locator("case-status:state(stale)").count()).toBe(1);
      // The same number again, with another text and a later moment.
      const again = (lang: string | null) => {
        const view = present(2, {
          title: { en: "Invented case: published again" },
        })(lang);
        return {
          ...view,
          revision: { ...view.revision, liveAt: "2099-01-01T00:00:00.000Z" },
        } as typeof view;
      };
      newsroom.cases.set(CASE, again);
      await tell(page, "online");
      await inState(page, "ready");
      expect(await textOf(page)).toContain("published again");
    },
  );

  it("asks the newsroom about a push that is older than what it shows, and stays as it is when the push was only late", async () => {
    newsroom.cases.set(CASE, present(2));
    const { page } = await connect();
    newsroom.push(CASE, present(1));
    await expect.poll(() => newsroom.fetched.length).toBe(2);
    await inState(page, "ready");
    expect(await textOf(page)).toContain("Update 2");
  });

  it("leaves the reader's focus, selection and unfolded parts where they are, also when the line is lost", async () => {
    const { page } = await connect();
    await page.locator("case-status .act > summary").click();
    await page.locator("case-status .act a").focus();
    const kept = () =>
      page.locator("case-status").evaluate((host) => {
        const { shadowRoot } = host as HTMLElement & { shadowRoot: ShadowRoot };
        const range = document.createRange();
        range.selectNodeContents(shadowRoot.querySelector(".title")!);
        const seen = window as unknown as {
          seen?: { focus: Element | null; selection: Range };
        };
        seen.seen ??= { focus: shadowRoot.activeElement, selection: range };
        return {
          open: [...shadowRoot.querySelectorAll("details")].map(
            (each) => each.open,
          ),
          focused:
            shadowRoot.activeElement?.matches("details a") &&
            shadowRoot.activeElement === seen.seen.focus,
          // A selection collapses when its text is replaced.
          selected: String(seen.seen.selection),
        };
      });
    const before = await kept();
    expect(before).toMatchObject({
      focused: true,
      selected: (demoCase.title as { en: string }).en,
    });
    expect(before.open).toEqual([true]);
    newsroom.publish(
      CASE,
      present(2, { demo: false, summary: { en: "Another invented summary." } }),
    );
    await expect.poll(() => textOf(page)).toContain("Update 2");
    expect(await kept()).toEqual(before);
    await goOffline(page);
    await inState(page, "stale");
    expect(await kept()).toEqual(before);
  });

  it("that is a withdrawal leaves nothing of the content", async () => {
    const { page } = await connect();
    newsroom.publish(CASE, withdrawn(CASE, 2));
    await inState(page, "withdrawn");
    const shadow = await page
      .locator("case-status")
      .evaluate((host) => host.shadowRoot?.textContent ?? "");
    expect(shadow).toMatch(/UA 0\/00.*We no longer show this case/);
    expect(shadow).not.toContain("Demo Person");
  });

  it("arrives after every socket was dropped, starting from the revision the page has", async () => {
    const { page } = await connect();
    newsroom.cases.set(CASE, present(2));
    newsroom.dropSockets();
    await expect
      .poll(() => textOf(page), { timeout: 3_000 })
      .toContain("Update 2");
    expect(newsroom.connected.at(-1)).toContain(
      `revision=${revisionCode(revisionOf(1).liveAt)}`,
    );
    // After a restore, another revision may get the same number.
    newsroom.cases.set(CASE, (lang) => {
      const view = present(2, {}, "Published again")(lang) as PresentView;
      return {
        ...view,
        revision: { ...view.revision, liveAt: revisionOf(9).liveAt },
      };
    });
    newsroom.dropSockets();
    await expect
      .poll(() => textOf(page), { timeout: 3_000 })
      .toContain("Published again");
    await expect
      .poll(() => page.locator("case-status [role=status]").textContent())
      .toContain("Published again");
    expect(newsroom.fetched).toHaveLength(1);
    await inState(page, "ready");
  });
});

it("The widget fetches the view again once a deadline of the same revision has passed", async () => {
  const { expires } = present(1)("en") as { expires: string };
  const { page } = await connect("", {
    clock: new Date(Date.parse(expires) - 60 * SECOND_MS),
  });
  await pause(
    100,
    "A fetch too many would come at once; the page's own clock stands 60 s before the deadline.",
  );
  expect(newsroom.fetched).toHaveLength(1);
  await page.clock.fastForward(95 * SECOND_MS);
  await expect.poll(() => newsroom.fetched.length).toBe(2);
});
