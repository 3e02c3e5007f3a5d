/** The log of what editors did. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { axeFindings } from "../../axe.ts";
import { button, clientAs, invented, page, send, sendAll, useDesk } from "./stage.ts";

const logged = invented(14);
useDesk(() => sendAll([logged]));

test("The log shows who published, undid and withdrew, and can be downloaded", async () => {
  const { id } = logged;
  await send("Demo Editor One", id, { case: invented(14) }, 1);
  const editor = clientAs("Demo Editor One");
  await editor.undo({ id, number: 2 });
  await editor.withdraw({ id, reason: "mistake", basedOn: 1 });
  await page.getByRole("link", { name: "Log", exact: true }).click();
  await page.getByRole("cell", { name: "Took the case down, as revision 3" }).first().waitFor();
  const download = page.waitForEvent("download");
  await button("Download all (NDJSON)").click();
  const lines = (await readFile(await (await download).path(), "utf8")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).action)).toEqual(expect.arrayContaining(["publish", "undo", "withdraw"]));
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await axeFindings(page)).toEqual([]);
  await page.close();
});
