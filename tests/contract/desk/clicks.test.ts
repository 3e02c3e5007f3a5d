/**
 * Double clicks, and clicks of a pointer that rests. The browser's clock stands
 * still, so that a slow machine doesn't stretch the gaps.
 */
import { beforeEach, expect, test } from "vitest";
import {
  button,
  confirm,
  dialog,
  invented,
  isLive,
  note,
  openCase,
  page,
  pending,
  saved,
  sendAll,
  title,
  useDesk,
} from "./stage.ts";

/**
 * Longer than a button that has just appeared ignores the pointer, and as long
 * as a quick person takes to aim.
 */
const REST_MS = 250;

const clicked = invented(15);
useDesk(() => sendAll([clicked]));
beforeEach(() => page.clock.install());

const stopClock = async () =>
  page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
const press = async () => {
  await page.mouse.down();
  await page.mouse.up();
};

test("A double click on Publish publishes, and presses nothing that appears in its place", async () => {
  const { id } = clicked;
  await openCase(id);
  await button("Write a revision").click();
  await title().fill("Clicked twice");
  await saved();
  await button("Publish …").click();
  await note().fill("A note");
  await confirm();
  await button(/^Publish revision/).hover();
  await stopClock();
  await page.clock.runFor(REST_MS);
  await press();
  // The answer takes its time, and the page draws it in steps, by timers.
  let passedMs = 0;
  for (; !(await pending().getByText("A note").isVisible()); passedMs++)
    await page.clock.runFor(1);
  // At this gap the second click once pressed what had appeared.
  await page.clock.runFor(Math.max(0, REST_MS - passedMs));
  await press();
  await page.clock.resume();
  expect(await dialog().count()).toBe(0);
  expect(await page.evaluate(() => location.hash)).toBe(`#/cases/${id}`);
  await isLive(2);
});

test("A button that appears under a resting pointer can be pressed after a moment", async () => {
  await openCase(clicked.id);
  const box = (await button("Erase …").boundingBox())!;
  const click = () => page.mouse.click(box.x + 9, box.y + 9);
  await click();
  await dialog().waitFor();
  await stopClock();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await click();
  expect(await dialog().count()).toBe(0);
  await page.clock.runFor(REST_MS);
  await click();
  await dialog().waitFor();
  await page.clock.resume();
});

test("A quick click on a neighbour that stood there before is never ignored", async () => {
  await openCase(clicked.id);
  await button("Write a revision").click();
  const [own, other] = [
    page.locator(".tabs button").nth(0),
    page.locator(".tabs button").nth(1),
  ];
  const box = (await own.boundingBox())!;
  await page.mouse.move(box.x + box.width - 4, box.y + box.height / 2);
  await stopClock();
  await page.clock.runFor(REST_MS);
  await press();
  // Less than a resting pointer's tremor, but across the border.
  await page.mouse.move(
    (await other.boundingBox())!.x + 4,
    box.y + box.height / 2,
  );
  await press();
  expect(await other.getAttribute("aria-pressed")).toBe("true");
  await page.clock.resume();
});
