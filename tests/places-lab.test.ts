/** What a look finds on the pages of the lab: old texts, however they are worded, and no page wrongly accused. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { judge } from "../worker/editing/rules/old-text.ts";
import { type LookRequest, lookAtPage } from "../worker/web/workshop/look.ts";
import { asked, closed, labNetwork, pages } from "./places-lab/lab.ts";
import { profile } from "./profile.ts";

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => labNetwork(new Request(url, init)));
});
afterEach(() => vi.unstubAllGlobals());

const subject = { id: "ua-741-00", salt: "salt", digest: null, changed: true, history: closed, erased: null };
const look = (url: string, more: Partial<typeof subject> = {}, etag: string | null = null) =>
  lookAtPage({
    url,
    etag,
    subjects: [{ ...subject, ...more }],
    publicUrl: "https://casewire.test",
    profile,
  } as LookRequest);

async function found(url: string, history: typeof closed): Promise<string> {
  const [seen] = (await look(url, { id: history[0]!.case.id, history })).seen;
  if (seen?.verdict === "old") return `old ${seen.reason}`;
  return seen && "shows" in seen && seen.shows ? "widget" : (seen?.verdict ?? "");
}

/** Old pages that no rule finds: one says "she" in place of the name, one says "release" in a sentence that doesn't ask. */
const missed = ["a-old-asks-last-fr", "b-old-status-late-en"];

it("The lab accuses no page wrongly, and finds sixteen of eighteen old ones", async () => {
  const seen = await Promise.all(
    pages.map(async ({ name, url, history, expected }) => ({ name, expected, found: await found(url, history) })),
  );
  const wrong = seen.filter((one) => one.found !== one.expected);
  expect(wrong.filter(({ found }) => found !== "unknown")).toEqual([]);
  expect(wrong.map(({ name }) => name)).toEqual(missed);
  expect(seen.filter(({ expected }) => expected.startsWith("old"))).toHaveLength(18);
});

describe("In each language a page", () => {
  const judged = (text: string) => judge(`Mirela Fantova, UA 741/00.\n${text}`, closed, profile);
  it.each([
    ["en", "Take a minute and urge the authorities to let Mirela go free.", "The action has been closed."],
    [
      "es",
      "Escriba una carta respetuosa a la ministra y pídale la libertad de Mirela.",
      "No hace falta escribir más cartas.",
    ],
    [
      "fr",
      "Adressez un courriel poli au ministre et demandez sa libération.",
      "N’écrivez plus : l’action est terminée.",
    ],
    ["uk", "Напишіть листа міністрові й попросіть звільнити вчительку.", "Звернень надсилати вже не треба."],
    ["ru", "Отправьте открытку министру и попросите освободить учительницу, письма доходят.", "Кампания закрыта."],
    ["tr", "Adalet bakanına bir mektup yazın ve serbest bırakılmasını isteyin.", "Kampanya sona erdi."],
    ["crh", "Adliye nazirine mektüp yazıñız ve azat etilmesini talap etiñiz.", "Kampaniya soñuna irişti."],
    ["ar", "اكتبوا رسالة مهذبة إلى وزير العدل وطالبوا بالإفراج عن ميريلا.", "انتهت الحملة."],
  ])("that asks is old, and one that says it is over isn't (%s)", (_, asks, over) => {
    expect(judged(asks)).toEqual({ verdict: "old", revision: 3, reason: "asks" });
    expect(judged(`${asks}\n${over}`)).toEqual({ verdict: "unknown" });
    expect(judged(over)).toEqual({ verdict: "current" });
  });
});
