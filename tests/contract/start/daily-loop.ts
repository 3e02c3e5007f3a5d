/** `npm run dev` serves each change, and starts again after a build that failed. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type LocalCopy, leftAfter, RUN_TIMEOUT_MS } from "../local-copy.ts";

/** @param copy returns the built copy of the project, whose sources this test changes */
export function dailyLoop(copy: () => LocalCopy): void {
  test("npm run dev serves changes, keeps storage, and leaves no process behind", async () => {
    const local = copy();
    const replaceIn = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
    };
    const run = local.npm(["run", "dev"], { PORT: String(local.port) });
    const home = await run.value("home");
    await run.prints("first cases: live\n");
    const front = () =>
      fetch(`${home}/?lang=en`).then(
        (answer) => answer.text(),
        () => "",
      );
    const title = "Human rights cases, with source and date";
    expect(await front()).toContain(`<h1>${title}</h1>`);
    await replaceIn("shared/locale.ts", "export ", "export export ");
    await run.prints("Failed running");
    expect(run.output()).toContain("shared/locale.ts");
    await replaceIn("shared/locales/en.json", title, "A changed front page");
    await replaceIn("shared/locale.ts", "export export ", "export ");
    await expect.poll(front, { timeout: RUN_TIMEOUT_MS }).toContain("<h1>A changed front page</h1>");
    expect((await fetch(`${home}/v1/cases/ua-0-00`)).status).toBe(200);
    run.child.kill("SIGTERM");
    expect(await leftAfter(run.group)).toEqual([]);
  });
}
