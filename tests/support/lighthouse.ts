/**
 * `npm run lighthouse`: runs Lighthouse on a partner's page with the widget and on the server-rendered pages. Fails unless
 * accessibility, best practices and SEO have full scores. Performance depends
 * on the machine and is only printed. Lighthouse is larger than all other
 * dependencies together, so npx fetches it on demand: the first run needs npm's
 * registry.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { addresses } from "../../shared/addresses.ts";
import { firstCasesOf } from "../../worker/tools/local/first-cases.ts";
import { servePartner } from "../../worker/tools/local/home-files.ts";
import { demo, ua12619 } from "../shared/cases.ts";
import { launchBrowser } from "./browser.ts";
import setup from "./contract-setup.ts";
import { startWorker } from "./harness.ts";
import { profile } from "./profile.ts";
import { freePort } from "./stand-in-process.ts";

const LIGHTHOUSE = "lighthouse@13.5.0";
const required = ["accessibility", "best-practices", "seo"];

interface Report {
  runtimeError?: { message: string };
  categories: Record<
    string,
    {
      title: string;
      score: number | null;
      auditRefs: { id: string; weight: number }[];
    }
  >;
  audits: Record<
    string,
    { title: string; score: number | null; details?: { items?: unknown[] } }
  >;
}

const [port, partnerPort, debugging] = [
  await freePort(),
  await freePort(),
  await freePort(),
];
const origin = `http://localhost:${port}`;

/**
 * @param form the kind of device; `mobile` is harder, with a slow network and a
 * slow processor
 */
async function judge(url: string, form: "mobile" | "desktop"): Promise<Report> {
  const options = [
    "--quiet",
    "--output=json",
    `--port=${debugging}`,
    ...(form === "desktop" ? ["--preset=desktop"] : []),
  ];
  const { stdout } = await promisify(execFile)(
    "npx",
    ["--yes", LIGHTHOUSE, url, ...options],
    { maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as Report;
}

const stopSetup = await setup();
const worker = await startWorker({ port, env: { PUBLIC_URL: origin } });
for (const fields of [ua12619, demo])
  await worker.untilLive(await worker.publish(fields));
const partner = await servePartner(
  partnerPort,
  origin,
  await firstCasesOf(profile),
);
const browser = await launchBrowser({
  args: ["--no-sandbox", `--remote-debugging-port=${debugging}`],
});
const pages = {
  "partner's page": `http://localhost:${partnerPort}/`,
  "a case": origin + addresses.page(demo.id, "en"),
  "a case in Arabic": origin + addresses.page(demo.id, "ar"),
  "the front page": origin + addresses.front("en"),
  "the front page in Arabic": origin + addresses.front("ar"),
  "the page for webmasters": origin + addresses.embedGuide(demo.id, "en"),
  "the page for webmasters in Arabic":
    origin + addresses.embedGuide(demo.id, "ar"),
};
const lines: string[] = [];
try {
  console.log(
    `| page | as on | ${required.join(" | ")} | performance |\n|---|---|${"---:|".repeat(required.length + 1)}`,
  );
  for (const [name, url] of Object.entries(pages))
    for (const form of ["mobile", "desktop"] as const) {
      const { categories, audits, runtimeError } = await judge(url, form);
      if (runtimeError) throw new Error(runtimeError.message);
      const points = (id: string) =>
        Math.round((categories[id]?.score ?? 0) * 100);
      console.log(
        `| ${name} | ${form} | ${[...required, "performance"].map(points).join(" | ")} |`,
      );
      for (const id of required.filter((category) => points(category) < 100))
        for (const ref of categories[id]?.auditRefs ?? []) {
          const audit = audits[ref.id];
          if (
            ref.weight > 0 &&
            audit &&
            audit.score !== null &&
            audit.score < 1
          )
            lines.push(
              `${name}, ${form}, ${id}: ${audit.title} ${JSON.stringify(audit.details?.items ?? "")}`,
            );
        }
    }
} finally {
  await browser.close();
  await partner.close();
  await worker.close();
  await stopSetup();
}
for (const line of lines) console.error(line);
process.exit(lines.length > 0 ? 1 : 0);
