/** Draws the pictures of docs/widget.md with an invented case. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { root } from "../support/root.ts";
import {
  demoCase,
  Newsroom,
  present,
  scriptOf,
  visit,
  widgetOf,
} from "../widget/newsroom.ts";

const pictures = [
  { name: "card", attributes: `variant="card"`, width: 720 },
  {
    name: "card-dark",
    attributes: `variant="card" theme="dark" lang="uk"`,
    width: 720,
  },
  { name: "compact", attributes: `variant="compact"`, width: 1080 },
  { name: "timeline", attributes: `variant="timeline"`, width: 720 },
  {
    name: "own-colours",
    attributes: `variant="timeline" theme="light"`,
    width: 720,
    style:
      "case-status { --case-status-paper: #eef4f1; --case-status-tint: #e0ece6; --case-status-mark: #0a6350; --case-status-ink: #10302a; --case-status-title-font: system-ui } case-status::part(card) { border-radius: 10px }",
  },
];

export async function drawGuide(browser: Browser): Promise<void> {
  const newsroom = await new Newsroom().open();
  newsroom.cases.set(demoCase.id, present(1));
  for (const { name, attributes, width, style } of pictures) {
    const { page, close } = await visit(
      browser,
      newsroom,
      scriptOf(newsroom) + widgetOf(`case="${demoCase.id}" ${attributes}`),
      {
        viewport: { width, height: 40 },
        deviceScaleFactor: 1.5,
        bypassCSP: true,
      },
    );
    await page.addStyleTag({ content: `body { margin: 12px } ${style ?? ""}` });
    await page.locator("case-status:state(ready)").waitFor();
    await page.screenshot({
      path: join(root, `docs/widget-${name}.png`),
      fullPage: true,
    });
    await close();
  }
  await newsroom.close();
}
