/** The snippets of the embed guide that need no browser to check. */
import { expect, it } from "vitest";
import { htmlSnippet, mirrorSnippet } from "../worker/site/embed/snippets.ts";

const choice = {
  id: "ua-0-00",
  number: "UA 0/00",
  newsroom: "Casewire",
  lang: "uk",
  variant: "compact",
  theme: "dark",
} as const;

it("The snippet with a mirror is the whole code for a page, with two attributes more", () => {
  const origin = "https://casewire.test";
  const snippet = mirrorSnippet(choice, origin, "casewire.test/v1/log+1b2c3d4e+Ab3d");
  const attributes = ' sources="https://mirror.example.net/" log-key="casewire.test/v1/log+1b2c3d4e+Ab3d"';
  expect(snippet).toContain(attributes);
  expect(snippet.replace(attributes, "")).toBe(htmlSnippet(choice, origin));
});
