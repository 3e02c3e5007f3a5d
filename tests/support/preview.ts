/**
 * Draws the link preview image, worker/web/site/preview/preview.png. It shows
 * no case, so it can't go stale.
 */
import { writeFile } from "node:fs/promises";
import { locales, localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import { PREVIEW_SIZE_PX } from "../../worker/web/site/preview/size.ts";
import { launchBrowser } from "./browser.ts";
import { root } from "./root.ts";

const lines = localeTags.map(
  (tag) =>
    `<p lang="${tag}" dir="${locales[tag].dir}">${message(tag, "page.front")}</p>`,
);

const browser = await launchBrowser();
const page = await browser.newPage({ viewport: PREVIEW_SIZE_PX });
await page.setContent(`<!doctype html><meta charset="utf-8"><style>
  body { display: flex; flex-direction: column; justify-content: space-between; box-sizing: border-box; height: 630px; margin: 0;
    padding: 72px 84px 64px; border-top: 22px solid #1b1b19; background: #fff; color: #1b1b19;
    font: 26px/1.3 "Noto Serif", "Liberation Serif", "Noto Naskh Arabic", serif; }
  h1 { margin: 0; font: 700 126px/1 "DejaVu Serif Condensed", "DejaVu Serif", serif; letter-spacing: -.03em; }
  i { display: block; width: 220px; height: 12px; margin-top: 34px; background: #a3200d; }
  .lines { display: grid; grid-template-columns: 1fr 1fr; gap: 18px 56px; }
  p { margin: 0; padding-top: 12px; border-top: 2px solid #d8d6cf; color: #45443f; text-wrap: balance; }
</style><div><h1>Casewire</h1><i></i></div><div class="lines">${lines.join("")}</div>`);
await writeFile(
  `${root}worker/web/site/preview/preview.png`,
  await page.screenshot(),
);
await browser.close();
