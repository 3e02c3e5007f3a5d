/** The snippets of the embed guide that need no browser to check. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { servePartner } from "../worker/tools/local/home-files.ts";
import { styleText } from "../worker/web/site/embed/look.ts";
import {
  htmlSnippet,
  serverSnippets,
} from "../worker/web/site/embed/snippets.ts";
import { root } from "./support/root.ts";

const choice = {
  id: "ua-0-00",
  number: "UA 0/00",
  newsroom: "Casewire",
  lang: "uk",
  variant: "compact",
  theme: "dark",
} as const;

it("The documentation's snippets are those of the embed guide", () => {
  const origin = "https://casewire.example.org";
  const first = (file: string) =>
    /```html\n([\s\S]+?)\n```/.exec(
      readFileSync(join(root, file), "utf8"),
    )![1]!;
  const card = { ...choice, variant: "card", theme: "auto" } as const;
  expect(first("docs/widget.md")).toBe(
    htmlSnippet({ ...card, lang: "en" }, origin),
  );
  expect(readFileSync(join(root, "docs/widget.md"), "utf8")).toContain(
    serverSnippets({ ...card, lang: "en" }, origin).esi,
  );
  expect(first("README.md")).toBe(
    htmlSnippet({ ...card, id: "ua-126-19", number: "UA 126/19" }, origin),
  );
});

it("The local partner page reserves the height that the embed guide's snippet does", async () => {
  const partner = await servePartner(0, "http://localhost:1", []);
  const { port } = partner.address() as { port: number };
  const read = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  expect(await read("/courier.css")).toContain(styleText("card"));
  expect(await read("/")).toContain("<case-status ");
  partner.close();
});
