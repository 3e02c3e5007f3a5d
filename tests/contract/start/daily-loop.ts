/**
 * `npm run dev` serves each change, and starts again after a build that failed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type LocalCopy,
  leftAfter,
  OWN_PROFILE,
  RUN_TIMEOUT_MS,
} from "../local-copy.ts";

/** With the English of each text as its German. */
function inGermanToo(value: any): any {
  if (Array.isArray(value)) return value.map(inGermanToo);
  if (typeof value !== "object" || value === null) return value;
  const texts = value.en === undefined ? value : { ...value, de: value.en };
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, inGermanToo(text)]),
  );
}

const keyOf = (texts: Record<string, string>, wanted: string) =>
  Object.keys(texts).find((key) => texts[key] === wanted) as string;

/**
 * @param copy returns the built copy of the project, whose sources this test
 * changes
 */
export function dailyLoop(copy: () => LocalCopy): void {
  test("npm run dev serves changes, keeps storage, and leaves no process behind", async () => {
    const local = copy();
    const replaceIn = async (path: string, from: string, to: string) => {
      const file = join(local.folder, path);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
    };
    const write = (path: string, value: unknown) =>
      writeFile(join(local.folder, path), JSON.stringify(value));
    const jsonOf = async (path: string) =>
      JSON.parse(await readFile(join(local.folder, path), "utf8"));
    const profile = await jsonOf(OWN_PROFILE);
    const run = local.npm(["run", "dev"], {
      PORT: String(local.port),
      PROFILE: "own",
    });
    const home = await run.value("home");
    await run.prints("first cases: live\n");
    const front = (lang = "en") =>
      fetch(`${home}/?lang=${lang}`).then(
        (answer) => answer.text(),
        () => "",
      );
    const title = "Human rights cases, with source and date";
    expect(await front()).toContain(`<h1>${title}</h1>`);
    await replaceIn("shared/locale.ts", "export ", "export export ");
    await run.prints("Failed running");
    expect(run.output()).toContain("shared/locale.ts");
    await replaceIn("shared/locales/en.json", title, "A changed front page");
    // A language of the newsroom's own, without a line of code.
    const about = {
      dir: "ltr",
      intl: "de",
      territory: "DE",
      name: "Deutsch",
      reviewed: false,
    };
    await write("shared/own-languages.json", { de: about });
    const texts = await jsonOf("shared/locales/en.json");
    await write("shared/locales/de.json", {
      ...texts,
      [keyOf(texts, "A changed front page")]: "Fälle mit Quelle und Datum",
    });
    await write(
      "worker/desk/locales/de.json",
      await jsonOf("worker/desk/locales/en.json"),
    );
    await write(
      OWN_PROFILE,
      inGermanToo({ ...profile, languages: [...profile.languages, "de"] }),
    );
    await replaceIn("shared/locale.ts", "export export ", "export ");
    await expect
      .poll(() => front(), { timeout: RUN_TIMEOUT_MS })
      .toContain("<h1>A changed front page</h1>");
    expect((await fetch(`${home}/v1/cases/ua-0-00`)).status).toBe(200);
    expect(await front("de")).toMatch(
      /<html lang="de".*<h1>Fälle mit Quelle und Datum<.h1>/s,
    );
    expect(
      await (await fetch(`${home}/v1/cases/ua-0-00/view?lang=de`)).json(),
    ).toMatchObject({ lang: "de" });
    expect(await (await fetch(`${home}/desk`)).text()).toContain("Deutsch");
    run.child.kill("SIGTERM");
    expect(await leftAfter(run.group)).toEqual([]);
  });
}
