/** `npm run pictures`: draws every surface in every state into pictures/, and the pictures of README.md, docs/widget.md and docs/desk.md. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addresses } from "../../shared/addresses.ts";
import { buildScripts, bundleWorker, root, serveWorker } from "../../worker/tools/local/runtime.ts";
import { launchBrowser } from "../browser.ts";
import { startWorker } from "../harness.ts";
import { freePort, spawnStandIn } from "../stand-in-process.ts";
import { demoCase, Newsroom, present, scriptOf, visit } from "../widget/newsroom.ts";
import { edges, unknown, withdrawn } from "./cases.ts";
import { drawMessage } from "./chat.ts";
import { drawDesk } from "./desk.ts";
import { drawGuide } from "./guide.ts";
import { drawHome } from "./home.ts";

await buildScripts();
const folder = join(root, "pictures");
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const pathOf = (name: string) => join(folder, `${name}.png`);

const [browser, telegramPort, port] = await Promise.all([launchBrowser(), freePort(), freePort()]);
const worker = await startWorker({
  port,
  env: { PUBLIC_URL: `http://localhost:${port}` },
  telegram: { apiRoot: `http://127.0.0.1:${telegramPort}` },
});
const telegram = await spawnStandIn({
  port: telegramPort,
  botToken: worker.env.BOT_TOKEN!,
  webhookUrl: `${worker.url}/telegram`,
  webhookSecret: worker.env.WEBHOOK_SECRET!,
});
const published = await Promise.all(
  [withdrawn, ...edges.map(({ fields }) => fields)].map((one) => worker.publish(one)),
);
await Promise.all(published.map((one) => worker.untilLive(one)));
await worker.untilLive(await worker.withdraw(withdrawn.id));

interface Drawn {
  name: string;
  url: string;
  width?: number;
  height?: number;
  dark?: boolean;
}

/** Draws a page once everything has loaded. */
async function draw({ name, url, width = 1_080, height = 40, dark = false }: Drawn): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  await page.goto(url, { waitUntil: "networkidle" });
  await page.screenshot({ path: pathOf(name), fullPage: height === 40 });
  await page.close();
}

const variants = ["card", "compact", "timeline"];

/** All variants of the element on a partner's page. */
async function drawElement(
  name: string,
  id: string,
  state: string,
  { lang = "en", width = 720, dark = false }: { lang?: string; width?: number; dark?: boolean } = {},
): Promise<void> {
  const elements = variants.map(
    (variant) => `<case-status case="${id}" lang="${lang}" variant="${variant}"></case-status>`,
  );
  const partner = await visit(
    browser,
    { origin: worker.url },
    scriptOf({ origin: worker.url }) + elements.join("<br>"),
    {
      viewport: { width, height: 40 },
      colorScheme: dark ? "dark" : "light",
      bypassCSP: true,
    },
  );
  await partner.page.locator(`case-status:state(${state})`).last().waitFor();
  await partner.page.screenshot({ path: pathOf(name), fullPage: true });
  await partner.close();
}

const chat = telegram.chat(4_200_001);
const states = [
  ...edges.map(({ name, fields }) => ({ name, id: fields.id, state: "ready" })),
  { name: "withdrawn", id: withdrawn.id, state: "withdrawn" },
  { name: "unknown", id: unknown, state: "unknown" },
];
for (const { name, id, state } of states) {
  await drawElement(`${name}-element`, id, state);
  await drawElement(`${name}-element-narrow-ar`, id, state, { lang: "ar", width: 320, dark: true });
  for (const variant of variants)
    await draw({
      name: `${name}-frame-${variant}`,
      url: worker.url + addresses.embed(id, "en", { variant }),
      width: 600,
      height: { card: 560, compact: 128, timeline: 480 }[variant]!,
    });
  await draw({ name: `${name}-page`, url: worker.url + addresses.page(id, "en") });
  await draw({ name: `${name}-page-narrow-ar`, url: worker.url + addresses.page(id, "ar"), width: 390, dark: true });
  await draw({ name: `${name}-badge`, url: worker.url + addresses.badge(id, "en"), width: 344, height: 140 });
  const said = `/case ${id}`;
  await drawMessage(browser, said, await chat.ask(said), pathOf(`${name}-bot`));
}
await draw({ name: "front", url: `${worker.url}/` });
await draw({ name: "front-narrow", url: `${worker.url}/?lang=ar`, width: 390, dark: true });
await draw({ name: "nowhere-page", url: `${worker.url}/nowhere` });
await draw({ name: "embed-guide", url: worker.url + addresses.embedGuide("ua-2-00", "en"), width: 1_440 });
await draw({
  name: "embed-guide-narrow-ar",
  url: worker.url + addresses.embedGuide("ua-3-00", "ar"),
  width: 390,
  dark: true,
});

// Without a connection, the element keeps its last view with its date; after a day only the dates. Without its script, the link stays.
const newsroom = await new Newsroom().open();
newsroom.cases.set(demoCase.id, present(1));
const elements = variants.map(
  (variant) =>
    `<case-status case="${demoCase.id}" lang="en" variant="${variant}"><a href="/">UA 0/00</a></case-status><br>`,
);
const partner = await visit(browser, newsroom, scriptOf(newsroom) + elements.join(""), {
  viewport: { width: 720, height: 40 },
  clock: true,
  bypassCSP: true,
});
await partner.page.locator("case-status:state(ready)").last().waitFor();
newsroom.fetching = "fails";
newsroom.sockets = "refused";
newsroom.dropSockets();
for (const [state, step] of [
  ["stale", 5_000],
  ["expired", 3_600_000],
] as const) {
  while ((await partner.page.locator(`case-status:state(${state})`).count()) === 0) {
    await partner.page.clock.fastForward(step);
    await partner.page.waitForTimeout(20);
  }
  await partner.page.screenshot({ path: pathOf(`${state}-element`), fullPage: true });
}
await partner.close();
const blocked = await visit(browser, { origin: "http://localhost:1" }, scriptOf(newsroom) + elements.join(""), {
  viewport: { width: 720, height: 40 },
});
await blocked.page.screenshot({ path: pathOf("blocked-element"), fullPage: true });
await blocked.close();
await newsroom.close();

const bundles = await mkdtemp(join(tmpdir(), "casewire-pictures-"));
const bundle = await bundleWorker("tests/worker/unreachable.ts", join(bundles, "unreachable"));
const unreachable = await serveWorker({ bundle, port: 0, vars: worker.env });
await draw({ name: "unreachable-page", url: unreachable.url + addresses.page("ua-2-00", "en") });
await draw({
  name: "unreachable-page-narrow-ar",
  url: unreachable.url + addresses.page("ua-2-00", "ar"),
  width: 390,
  dark: true,
});
await draw({
  name: "unreachable-frame-card",
  url: unreachable.url + addresses.embed("ua-2-00", "en"),
  width: 600,
  height: 560,
});
await draw({
  name: "unreachable-frame-compact",
  url: unreachable.url + addresses.embed("ua-2-00", "en", { variant: "compact" }),
  width: 600,
  height: 128,
});
await draw({
  name: "unreachable-badge",
  url: unreachable.url + addresses.badge("ua-2-00", "en"),
  width: 344,
  height: 140,
});
await unreachable.close();
await rm(bundles, { recursive: true, force: true });

await drawDesk(browser, worker, pathOf);
await drawGuide(browser);
await drawHome(browser);
await telegram.close();
await worker.close();
await browser.close();
console.log(`pictures: ${folder}`);
