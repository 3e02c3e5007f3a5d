import { describe, expect, it } from "vitest";
import { pause } from "../support/waiting.ts";
import { demoCase, inState, present, widgetOf } from "./newsroom.ts";
import { card, newsroom, open, script, useStage } from "./stage.ts";

useStage();

const CASE = demoCase.id;

describe("A lazy widget", () => {
  const far = `<div style="height: 5000px"></div>`;
  const lazy = widgetOf(`case="${CASE}" lang="en" loading="lazy"`);
  const nothingAsked = async () => {
    await pause(200, "An element that is not lazy asks within a frame or two.");
    expect(newsroom.fetched).toEqual([]);
  };
  const opened = async (html: string) =>
    (await open(html + script(), { bypassCSP: true })).page;

  it("asks for nothing until it is less than a screen away, and shows the page's link until then", async () => {
    const page = await opened(far + lazy);
    await inState(page, "loading");
    await nothingAsked();
    expect(newsroom.connected).toEqual([]);
    expect(await page.getByText("Fallback").count()).toBe(1);
    const { height } = page.viewportSize()!;
    await page.evaluate((down) => scrollTo(0, down), 5_000 - 2 * height - 200);
    await nothingAsked();
    await page.evaluate((down) => scrollTo(0, down), 5_000 - 2 * height + 200);
    await inState(page, "ready");
    expect(newsroom.fetched).toHaveLength(1);
  });

  it("keeps what its server has rendered until then", async () => {
    const rendered = `<template shadowrootmode="open"><p>From the server</p></template>`;
    const page = await opened(far + lazy.replace("<a ", `${rendered}<a `));
    await inState(page, "loading");
    await nothingAsked();
    expect(await page.getByText("From the server").isVisible()).toBe(true);
    await page.locator("case-status").scrollIntoViewIfNeeded();
    await inState(page, "ready");
    expect(await page.getByText("From the server").count()).toBe(0);
  });

  it("near the top of the page asks at once", async () => {
    const page = await opened(lazy);
    await inState(page, "ready");
  });

  it("that isn't displayed waits until it is", async () => {
    const page = await opened(`<div hidden>${lazy}</div>`);
    await inState(page, "loading");
    await nothingAsked();
    await page.evaluate(() =>
      document.querySelector("[hidden]")!.removeAttribute("hidden"),
    );
    await inState(page, "ready");
  });

  it("shows the newest attributes when it is moved near, and goes on from there", async () => {
    newsroom.cases.set(
      "ua-9-00",
      present(1, { id: "ua-9-00", title: { en: "Another invented case" } }),
    );
    const page = await opened(`<main></main>${far}${lazy}`);
    await inState(page, "loading");
    await page.evaluate(() =>
      document.querySelector("case-status")!.setAttribute("case", "ua-9-00"),
    );
    await nothingAsked();
    await page.evaluate(() =>
      document
        .querySelector("main")!
        .append(document.querySelector("case-status")!),
    );
    await expect
      .poll(() => card(page).textContent())
      .toContain("Another invented case");
    expect(newsroom.fetched).toHaveLength(1);
    // It keeps itself current wherever it goes.
    await page.evaluate((id) => {
      const element = document.querySelector("case-status")!;
      document.body.append(element);
      element.setAttribute("case", id);
    }, CASE);
    await expect.poll(() => card(page).textContent()).toContain("UA 0/00");
  });

  it("asks at once when it stops being lazy", async () => {
    const page = await opened(far + lazy);
    await inState(page, "loading");
    await nothingAsked();
    await page
      .locator("case-status")
      .evaluate((element) => element.removeAttribute("loading"));
    await inState(page, "ready");
  });

  it("prints the page's link when nobody was near it", async () => {
    const page = await opened(far + lazy);
    await inState(page, "loading");
    await page.emulateMedia({ media: "print" });
    expect(await page.getByText("Fallback").isVisible()).toBe(true);
  });
});
