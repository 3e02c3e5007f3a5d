/**
 * `rehearse`: restores a backup of a deployment under the code of this folder, in memory on this machine, and compares what both say of every
 * case in every language. Whatever differs, an upgrade would change for
 * readers.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  ApiError,
  type Client,
  clientOf,
} from "../../editing/contract/client.ts";
import {
  type Difference,
  differencesBetween,
} from "../../editing/rules/merge.ts";
import { buildLocal, bundle as ownBundle } from "../local/local-build.ts";
import { serveWorker } from "../local/runtime.ts";
import { save } from "./backup.ts";
import { configuredDeployment } from "./deployment.ts";
import { type CommandOutcome, completeExport, count, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

const AT_ONCE = 8;
/** Of one text. */
const MAX_SHOWN = 5;

/** The view, or the refusal that stands in its place. */
const viewFrom = (client: Client, id: string, lang: string): Promise<unknown> =>
  client.readView({ id, lang: lang as never }).catch((error) => {
    if (error instanceof ApiError && !error.is("unreachable"))
      return { refusal: error.problem.type };
    const { type } = (error as Stop).trouble ?? {};
    if (type) return { refusal: type };
    throw error;
  });

/**
 * @param bundle the Worker of the code to try; that of this folder when absent
 */
export async function rehearse(
  outcome: CommandOutcome,
  file: string | undefined,
  bundle?: string,
): Promise<void> {
  const there = await configuredDeployment(outcome);
  const { languages } = configuredProfile();
  const folder = await mkdtemp(join(tmpdir(), "casewire-rehearsal-"));
  const token = randomBytes(24).toString("base64url");
  const backup = file ?? join(folder, "backup.ndjson");
  try {
    const building = bundle === undefined ? buildLocal() : undefined;
    if (file === undefined)
      await completeExport(
        async () => save(await there.exportAll(), backup),
        "No file was written.",
      );
    await building;
    const worker = await serveWorker({
      bundle: bundle ?? ownBundle,
      port: 0,
      vars: {
        LEASE_SECONDS: "1",
        PUBLIC_URL: there.url,
        JURISDICTION: "",
        EDITORS: JSON.stringify({
          rehearsal: createHash("sha256").update(token).digest("hex"),
        }),
        ...(process.env.PROFILE ? { PROFILE: process.env.PROFILE } : {}),
      },
      onLog: () => {},
    });
    try {
      const here = clientOf({ origin: worker.url, token });
      const type = "application/x-ndjson" as const;
      const body = ReadableStream.from(
        createReadStream(backup) as AsyncIterable<Uint8Array>,
      );
      const { at, unshowable, damaged } = await here.restore({
        body,
        type,
        erasures: "none",
      });
      await delay(Math.max(0, Date.parse(at) - Date.now()));
      const ids = (await here.listDeskCases()).cases.map(({ id }) => id);
      const pairs = ids.flatMap((id) =>
        languages.map((lang) => ({ id, lang })),
      );
      const differences: ({ case: string; lang: string } & Difference)[] = [];
      for (let from = 0; from < pairs.length; from += AT_ONCE)
        await Promise.all(
          pairs.slice(from, from + AT_ONCE).map(async ({ id, lang }) => {
            const [before, after] = await Promise.all([
              viewFrom(there, id, lang),
              viewFrom(here, id, lang),
            ]);
            for (const found of differencesBetween(before, after))
              differences.push({ case: id, lang, ...found });
          }),
        );
      const compared = `${count(ids.length, "case")} in ${count(languages.length, "language")}`;
      outcome.result({
        cases: ids.length,
        languages,
        differences,
        unshowable,
        damaged,
      });
      if (differences.length === 0)
        return outcome.say(
          `${compared}: this code says of each what ${there.url} says.`,
        );
      const shown = Object.values(
        Object.groupBy(differences, (one) => `${one.case} ${one.lang}`),
      ).flatMap((found = []) => found.slice(0, MAX_SHOWN));
      throw new Stop("refused", {
        title: "This code says something else",
        detail: `${count(differences.length, "difference")} in ${compared}. Nothing was changed anywhere.\n${shown
          .map(
            ({ case: id, lang, at, before, after }) =>
              `  ${id} ${lang} ${at}: ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`,
          )
          .join("\n")}`,
        remedy:
          "Read CHANGELOG.md. What it doesn't announce is a fault: don't upgrade, and report it.",
      });
    } finally {
      await worker.close();
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Stop("refused", {
      title: "This code doesn't take the backup",
      detail: error.problem.detail,
      remedy: "Don't upgrade, and report it.",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
