/** Checks a page with axe-core. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * Half as long as `axe.source`, which a page parses anew after each navigation.
 */
const source = readFileSync(
  fileURLToPath(import.meta.resolve("axe-core/axe.min.js")),
  "utf8",
);

interface AxeOptions {
  /** Selector of the part to check. Default: the whole page. */
  within?: string;
  /** Whether to check the page's frames too. Default: true. */
  iframes?: boolean;
}

/** Returns axe's findings, one line per rule. */
export async function axeFindings(
  page: Page,
  options: AxeOptions = {},
): Promise<string[]> {
  // A page's policy can forbid other scripts, so axe is injected through the
  // debugger.
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send("Runtime.evaluate", {
    expression: "typeof axe",
  });
  if (result.value === "undefined")
    await session.send("Runtime.evaluate", { expression: source });
  await session.detach();
  return page.evaluate(async ({ within, iframes = true }) => {
    const { violations } = await (
      globalThis as unknown as { axe: typeof axe }
    ).axe.run(within ?? document, {
      iframes,
      // It would fetch style sheets again, for one rule about the orientation
      // of screens.
      preload: false,
      // Axe leaves out by default what only WCAG 2.2 demands. The desk's bars
      // stay in sight, so what lies below them at the moment has no size.
      rules: {
        "target-size": { enabled: !location.pathname.startsWith("/desk") },
      },
      // Axe describes each element of a result, which takes long for those that
      // pass.
      resultTypes: ["violations"],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
    );
  }, options);
}
