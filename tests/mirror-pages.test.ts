/** What a mirror reads from the deployment's front page. */
import { expect, it } from "vitest";
import { languagesOf } from "../worker/tools/cli/mirror.ts";

const url = "https://casewire.test";
const link = (tag: string) =>
  `<link rel="alternate" hreflang="${tag}" href="${url}/?lang=${tag}">`;

it("A mirror reads the languages of the front page, also where a local run has another page without a query", async () => {
  const text = async (path: string) =>
    path === "/"
      ? "A home page"
      : ["en", "pt-BR", "uk", "uk", "x-default"].map(link).join("");
  expect(await languagesOf({ url, text })).toEqual(["en", "pt-BR", "uk"]);
  await expect(
    languagesOf({ url, text: async () => "A home page" }),
  ).rejects.toThrow("The front page names no language");
});
