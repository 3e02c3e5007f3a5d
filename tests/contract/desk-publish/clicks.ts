/** Double clicks, and clicks of a pointer that rests. */
import { expect, test } from "vitest";
import { button, cases, dialog, isLive, note, openCase, page, pending, saved, title } from "./editor.ts";

export function clicks(): void {
  test("A double click on Publish publishes, and presses nothing that appears in its place", async () => {
    const id = cases.clicked;
    let number = 1;
    // The gaps at which the second click once pressed what had appeared. The next test covers the others.
    for (const gap of [200, 250]) {
      number++;
      await openCase(id);
      await button("Write a revision").click();
      await title().fill(`Clicked twice within ${gap} ms`);
      await saved();
      await button("Publish …").click();
      await note().fill("A note");
      const box = (await button(/^Publish revision/).boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForTimeout(700);
      await page.mouse.down();
      await page.mouse.up();
      await page.waitForTimeout(gap);
      await page.mouse.down();
      await page.mouse.up();
      await pending().getByText("A note").waitFor();
      await page.waitForTimeout(400);
      expect(await dialog().count()).toBe(0);
      expect(await page.evaluate(() => location.hash)).toBe(`#/cases/${id}`);
      await isLive(number);
    }
  });

  test("A button that takes the place of another ignores the second half of a double click", async () => {
    for (const gap of [50, 100, 200, 250, 300]) {
      await page.evaluate(() => {
        const first = document.createElement("button");
        first.id = "probe";
        first.textContent = "Publish";
        first.style.cssText = "position:fixed;top:200px;left:200px;width:120px;height:60px;z-index:9";
        first.onclick = () => {
          const second = first.cloneNode() as HTMLButtonElement;
          second.textContent = "Undo";
          second.onclick = () => second.setAttribute("data-pressed", "");
          setTimeout(() => first.replaceWith(second), 40);
        };
        document.body.append(first);
      });
      await page.mouse.move(30, 30);
      await page.mouse.move(250, 230);
      const press = async () => {
        await page.mouse.down();
        await page.mouse.up();
      };
      await press();
      await page.waitForTimeout(gap);
      await press();
      await page.locator("#probe", { hasText: "Undo" }).waitFor();
      expect(await page.locator("[data-pressed]").count(), `${gap} ms`).toBe(0);
      await page.waitForTimeout(700);
      await press();
      expect(await page.locator("[data-pressed]").count()).toBe(1);
      await page.evaluate(() => document.querySelector("#probe")?.remove());
    }
  });

  test("A button that appears under a resting pointer can be pressed after a moment", async () => {
    await openCase(cases.clicked);
    const box = (await button("Withdraw the case …").boundingBox())!;
    await page.mouse.click(box.x + 9, box.y + 9);
    await dialog().waitFor();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await page.waitForTimeout(700);
    await page.mouse.click(box.x + 9, box.y + 9);
    await dialog().waitFor();
  });
}
