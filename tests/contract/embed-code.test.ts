import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { addresses } from "../../shared/addresses.ts";
import { localeTags } from "../../shared/locale.ts";
import { layoutShift } from "../support/layout-shift.ts";
import { frames } from "./embed-code/frames.ts";
import {
  opened,
  openWithSnippet,
  partnerUrl,
  snippetsOf,
  useGuide,
  worker,
} from "./embed-stage.ts";

useGuide();

const fitsPhone = async (page: Page) => {
  await page.setViewportSize({ width: 320, height: 600 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(
    320,
  );
};

describe("A snippet from the embed guide", () => {
  for (const variant of ["card", "compact", "timeline"] as const)
    it(`for a ${variant} shows the case under its policy in each form`, async () => {
      const given = await snippetsOf(
        `?case=ua-0-00&variant=${variant}&lang=uk&theme=dark`,
      );
      const forms = [
        [given.html, given.evergreen],
        [given.pinned, given.pinnedPolicy],
      ] as const;
      // The pinned script is the same for each.
      for (const [html, policy] of variant === "card"
        ? forms
        : forms.slice(0, 1))
        await openWithSnippet(html, policy, async ({ page, complaints }) => {
          await page.locator("case-status:state(ready)").waitFor();
          expect(
            await page.locator("case-status article").getAttribute("lang"),
          ).toBe("uk");
          expect(complaints).toEqual([]);
        });
      await openWithSnippet(
        given.frame,
        given.framePolicy,
        async ({ page, complaints }) => {
          const frame = page.frameLocator("iframe");
          await frame
            .locator(`.case${variant === "card" ? "" : `.${variant}`}[lang=uk]`)
            .waitFor();
          expect(await frame.locator("html").getAttribute("data-theme")).toBe(
            "dark",
          );
          expect(
            await page
              .locator("iframe")
              .evaluate((node) => getComputedStyle(node).borderTopWidth),
          ).toBe("0px");
          await fitsPhone(page);
          expect(complaints).toEqual([]);
        },
      );
    });

  it("leads from the card to a letter in five presses on a phone, and to the next addressee in the sixth", async () => {
    const { html } = await snippetsOf("?case=ua-3-00&lang=uk");
    const write = async (page: Page) => {
      const act = page.locator("case-status .act");
      const mail = act.locator(".mail:visible");
      // The browser would ask which program sends it.
      await page.evaluate(`addEventListener("click", (event) => {
        if (event.composedPath().some(({ protocol }) => protocol === "mailto:")) event.preventDefault();
      })`);
      expect(await act.locator(".button").textContent()).toMatch(
        /^Написати звернення.*\d+ дн/,
      );
      await act.locator(".button").tap();
      await act.locator("select").tap();
      // A press too: on an entry of the phone's own list.
      await act.locator("select").selectOption("en");
      await act.locator("input").tap();
      await page.keyboard.type("Olena");
      expect(await mail.getAttribute("href")).toMatch(
        /^mailto:one@.+Dear%20Minister.+Olena$/,
      );
      expect(
        (await act.locator(".letter:visible").boundingBox())!.y,
      ).toBeLessThan((await mail.boundingBox())!.y);
      await mail.tap();
      await act.locator("summary", { hasText: "Demo Office two" }).tap();
      expect(await mail.getAttribute("href")).toMatch(
        /^mailto:two@.+Dear%20Minister.+Olena$/,
      );
    };
    const viewport = { width: 390, height: 844 };
    await openWithSnippet(html, undefined, ({ page }) => write(page), {
      viewport,
      hasTouch: true,
      isMobile: true,
    });
    await openWithSnippet(html, undefined, async ({ page }) => {
      const act = page.locator("case-status .act");
      await act.locator(".button").click();
      await act.locator("select").selectOption("en");
      await act.getByText("цей довгий лист").first().waitFor();
      // The words stand there for two seconds.
      const said = act
        .locator(".said", { hasText: "Скопійовано" })
        .waitFor({ state: "attached" });
      await Promise.all([said, act.locator(".mail:visible").click()]);
    });
  });

  it("shows the letter in each language without a script, and no button that does nothing", () =>
    opened(
      worker.url + addresses.embed("ua-3-00", "uk"),
      async ({ page }) => {
        await page.locator(".act .button").click();
        expect(await page.locator(".letter:visible").count()).toBe(2);
        expect(
          await page.locator(".appeal :is(button, .fields):visible").count(),
        ).toBe(0);
      },
      { javaScriptEnabled: false },
    ));

  it("asks before it contacts anybody, under its policy, and names and dates the case until then", async () => {
    const { consent, server } = await snippetsOf(
      "?case=ua-0-00&variant=compact&lang=uk",
    );
    const strict = "; require-trusted-types-for 'script'";
    const fragment = await (await fetch(server.html)).text();
    const included = consent.html.replace(/<p>.*<\/p>/, () => fragment);
    const dated = /UA 0\/00: .+ · Факти станом на 20 листопада 2026/;
    for (const [html, policy] of [
      [consent.html, consent.policy + strict],
      [
        included,
        `${consent.policy} ${server.policy.split("style-src ")[1]}${strict}`,
      ],
    ] as const)
      await openWithSnippet(
        `${html}<p id="below">Below</p>`,
        policy,
        async ({ page, complaints }) => {
          const asked: string[] = [];
          page.on("request", (request) =>
            asked.push(new URL(request.url()).pathname),
          );
          const expectShown = async () => {
            if (html === included) {
              expect(
                await page.locator("case-status article").textContent(),
              ).toContain("UA 0/00");
              expect(
                (await page.locator("case-status article").boundingBox())!
                  .height,
              ).toBeGreaterThan(50);
            } else
              expect(await page.getByText(dated).first().isVisible()).toBe(
                true,
              );
          };
          const focused = () =>
            page.evaluate(() => document.activeElement?.localName);
          await expectShown();
          expect(asked).toEqual([]);
          // The newsroom is down: the placeholder stays, and the button can be
          // pressed again.
          let failed = 0;
          await page.route("**/widget.js", (route) => {
            failed++;
            return route.abort();
          });
          for (const times of [1, 2]) {
            await page.getByRole("button").press("Enter");
            await expect.poll(() => failed).toBe(times);
            await page.getByRole("button").waitFor();
            await expect.poll(focused).toBe("button");
            await expectShown();
          }
          await page.unroute("**/widget.js");
          // Its script answers, its case doesn't: the dated words stand in the
          // element.
          let isDown = true;
          await page.route("**/view?*", (route) =>
            isDown ? route.abort() : route.continue(),
          );
          await page.routeWebSocket(
            "**/live?*",
            (socket) =>
              void (isDown ? socket.close() : socket.connectToServer()),
          );
          await page.getByRole("button").press("Enter");
          await page
            .locator('case-status[lang=uk][variant="compact"]:state(stale)')
            .waitFor();
          await expectShown();
          isDown = false;
          await page
            .locator('case-status[lang=uk][variant="compact"]:state(ready)')
            .waitFor();
          expect(await page.getByRole("button").count()).toBe(0);
          expect(await focused()).toBe("case-status");
          expect(
            await page
              .locator("case-status")
              .evaluate((element) => element.clientHeight),
          ).toBeGreaterThan(20);
          expect(
            complaints.filter((complaint) => !complaint.includes("ERR_FAILED")),
          ).toEqual([]);
        },
      );
  });

  it("for a server-side include comes with a policy that is complete, with and without the script", async () => {
    const { server, html } = await snippetsOf("?case=ua-0-00");
    const fragment = await (await fetch(server.html)).text();
    const script = /<script[^>]*><\/script>/.exec(html)![0];
    for (const more of ["", script])
      await openWithSnippet(
        fragment + more,
        server.policy,
        async ({ page, complaints }) => {
          if (more) await page.locator("case-status:state(ready)").waitFor();
          const style = (selector: string, name: string) =>
            page
              .locator(selector)
              .evaluate(
                (node, property) =>
                  getComputedStyle(node).getPropertyValue(property),
                name,
              );
          expect(await style("case-status article", "border-top-width")).toBe(
            "3px",
          );
          expect(await style(".casewire-made", "visibility")).toBe(
            more ? "hidden" : "visible",
          );
          expect(complaints).toEqual([]);
        },
      );
  });

  it("makes a badge that holds its text on a phone, in every language and for an unknown case", () =>
    opened("about:blank", async ({ page }) => {
      const badges = ["ua-0-00", "ua-126-19"].flatMap((id) =>
        localeTags.map((lang) => addresses.badge(id, lang)),
      );
      const paths = [...badges, addresses.badge("W".repeat(30))];
      const images = await Promise.all(
        paths.map(async (path) => (await fetch(worker.url + path)).text()),
      );
      const drawn = await page.evaluate((all) => {
        // The style of one badge doesn't reach another.
        const root = document.body
          .appendChild(document.createElement("div"))
          .attachShadow({ mode: "open" });
        return all.map((markup) => {
          const image = new DOMParser().parseFromString(
            markup,
            "image/svg+xml",
          ).documentElement;
          root.replaceChildren(image);
          const boxes = Array.from(image.querySelectorAll("text"), (text) =>
            text.getBBox(),
          );
          return {
            room:
              Number(image.getAttribute("height")) -
              Math.max(...boxes.map(({ y, height }) => y + height)),
            widest: Math.max(...boxes.map(({ width }) => width)),
          };
        });
      }, images);
      for (const [index, { room, widest }] of drawn.entries()) {
        expect(widest, paths[index]).toBeGreaterThan(0);
        // The column of a phone, without its edges.
        expect(widest, paths[index]).toBeLessThanOrEqual(328 - 2 * 12);
        expect(room, paths[index]).toBeGreaterThanOrEqual(0);
      }
    }));

  it("gives a badge the place that it takes, and a text that stays true", async () => {
    const { badge, badgePolicy } = await snippetsOf("?case=ua-126-19&lang=fr");
    expect(badge).toMatch(/alt="UA 126\/19\s: situation du cas · Casewire"/);
    const html = `<h1>Above</h1>${badge}<p id=below>Below</p>`;
    await openWithSnippet(html, badgePolicy, async ({ page, complaints }) => {
      for (const width of [1_000, 320]) {
        await page.setViewportSize({ width, height: 600 });
        await page.goto(partnerUrl);
        expect(await layoutShift(page)).toBe(0);
        const shown = await page.locator("img").evaluate((node) => {
          const image = node as unknown as { [name: string]: number };
          return [
            image.width,
            image.height,
            image.naturalWidth,
            image.naturalHeight,
          ];
        });
        expect(shown[0]! / shown[1]!, `${width} pixels`).toBeCloseTo(
          shown[2]! / shown[3]!,
          1,
        );
        if (width >= 360) expect(shown.slice(0, 2)).toEqual(shown.slice(2));
      }
      await fitsPhone(page);
      expect(complaints).toEqual([]);
    });
  });

  frames();
});
