/** What a mirror reads from the deployment's front page, and what its own pages say of their age. */
import { expect, it } from "vitest";
import { languagesOf } from "../worker/tools/cli/mirror.ts";
import { restamped, stampOf, syncedTime } from "../worker/tools/cli/mirror-files.ts";

const url = "https://casewire.test";
const link = (tag: string) => `<link rel="alternate" hreflang="${tag}" href="${url}/?lang=${tag}">`;

it("A mirror reads the languages of the front page, also where a local run has another page without a query", async () => {
  const text = async (path: string) =>
    path === "/" ? "A home page" : ["en", "pt-BR", "uk", "uk", "x-default"].map(link).join("");
  expect(await languagesOf({ url, text })).toEqual(["en", "pt-BR", "uk"]);
  await expect(languagesOf({ url, text: async () => "A home page" })).rejects.toThrow(
    "The front page names no language",
  );
});

it("A mirror's pages say in words when they were synced, and a later sync replaces each form of the time", () => {
  const [first, second] = ["2026-11-26T10:42:40.141Z", "2026-12-01T00:00:00.000Z"];
  expect(syncedTime(first)).toMatch(
    /^<time data-stamp="synced-at:2026-11-26T10:42:40.141Z">26\u00a0November 2026.+10:42 UTC<.time>$/,
  );
  const page = (instant: string) => `<p>${syncedTime(instant)}</p><i>${stampOf(instant)}</i>`;
  expect(restamped(page(first), second)).toBe(page(second));
});
