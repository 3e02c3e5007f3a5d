/**
 * `verify`: checks what readers are shown, a mirror or a backup against the
 * signed log, and says what that proves.
 */
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isCaseId } from "../../../shared/case/id.ts";
import type { Revision } from "../../../shared/revision.ts";
import { ApiError } from "../../editing/contract/client.ts";
import {
  applyChanges,
  type CopiedCase,
  type CopiedRevision,
  visibleIn,
} from "../../editing/contract/copy.ts";
import { entryBytes } from "../../editing/contract/log-entry.ts";
import { shownFault } from "../../editing/contract/log-faults.ts";
import { LogTree } from "../../editing/contract/log-tree.ts";
import {
  BACKUP,
  BadLine,
  entryOf,
  UnfitFile,
} from "../../objects/storage/backup-lines.ts";
import { keyLine, type VerifierKey } from "../../runtime/checkpoint.ts";
import { unknownVersion, verifyBackup } from "./audit-verify.ts";
import { type PublicDeployment, publicDeployment } from "./deployment.ts";
import { writeNew } from "./files.ts";
import {
  copyLog,
  type LogCopy,
  LogFault,
  mustBeSigned,
  mustContinue,
  requireCheckpoint,
  requireKey,
} from "./log-copy.ts";
import { deploymentLog, logBroken, mirrorLog } from "./log-sources.ts";
import { everyChange } from "./mirror.ts";
import { MirrorFiles } from "./mirror-files.ts";
import { type CommandOutcome, count, Stop } from "./outcome.ts";
import { checkViews } from "./view-faults.ts";

interface Options {
  checkpoint?: string;
  key?: string;
  save?: string;
}

interface Findings {
  /** The signed note; null for a backup, which has none. */
  note: string | null;
  tree: LogTree;
  key: VerifierKey | null;
  proved: string[];
  notProved: string[];
}

const WORDS =
  "that the words are those that were published. Their hashes cover secret salts, which are erased with the words: only the newsroom can check that, with `verify BACKUP`";

/** Every revision that readers can see, from the log of changes. */
async function everything(
  deployment: PublicDeployment,
): Promise<Map<string, CopiedRevision[]>> {
  const copies = new Map<string, CopiedCase>();
  applyChanges(copies, (await everyChange(deployment)).changes);
  return new Map([...copies].map(([id, copied]) => [id, visibleIn(copied)]));
}

const HISTORY_PAGE = 100;

type History =
  | { revisions: CopiedRevision[] }
  | { withdrawn: { id: string; number: number; liveAt: string } };

async function historyOf(
  deployment: PublicDeployment,
  id: string,
): Promise<History> {
  const revisions: Revision[] = [];
  try {
    for (;;) {
      const cursor = revisions.at(-1)?.number;
      const before = cursor === undefined ? {} : { cursor: String(cursor) };
      const page = await deployment.listRevisions({
        id,
        limit: String(HISTORY_PAGE),
        ...before,
      });
      revisions.push(...page.revisions);
      if (page.revisions.length < HISTORY_PAGE) break;
    }
    const { revision } = await deployment.readCase({ id });
    if (revision.hash !== revisions[0]?.hash)
      throw new LogFault(
        `The record of ${id} is not its newest revision. If an update went live just now, verify again.`,
      );
  } catch (error) {
    if (!(error instanceof ApiError && error.is("withdrawn"))) throw error;
    const { number, liveAt } = error.problem as unknown as {
      number: number;
      liveAt: string;
    };
    return { withdrawn: { id, number, liveAt } };
  }
  return {
    revisions: revisions.map((revision) => ({ state: "present", revision })),
  };
}

async function verifyDeployment(
  outcome: CommandOutcome,
  id: string | null,
  own: VerifierKey | undefined,
): Promise<Findings> {
  const deployment = publicDeployment(outcome);
  const run = async (): Promise<Findings> => {
    const source = deploymentLog(deployment);
    // Entries up to here must be shown; an update may go live while the rest is
    // read.
    const settled = requireCheckpoint(
      await source.checkpoint(),
      "The answer",
    ).size;
    const history = id === null ? null : await historyOf(deployment, id);
    const withdrawn =
      history && "withdrawn" in history ? history.withdrawn : null;
    const shown =
      id === null || history === null
        ? await everything(deployment)
        : new Map("revisions" in history ? [[id, history.revisions]] : []);
    const log = await copyLog(source, own);
    const fault = shownFault(log.entries, shown, {
      settled,
      isWhole: id === null,
      withdrawn,
    });
    if (fault) throw new LogFault(fault);
    const revisions = [...shown.values()].flat().length;
    const about =
      id === null
        ? `${count(shown.size, "case")} with ${count(revisions, "revision")} that readers can see are exactly those in the log: no number, kind, reason, moment or hash was changed, and no revision was left out`
        : withdrawn
          ? `${id} was withdrawn, as the log says`
          : `the record of ${id} and its ${count(revisions, "revision")} are exactly those in the log: no number, kind, reason, moment or hash was changed, and no revision was left out`;
    return {
      ...log,
      proved: [signedLine(log), about],
      notProved: [
        ...(own
          ? []
          : [
              `that the key is the newsroom's: it came from ${deployment.url} itself. Note it, and pass it as --key`,
            ]),
        WORDS,
      ],
    };
  };
  return run().catch((error: unknown) => {
    throw error instanceof ApiError ? deployment.stopOf(error) : error;
  });
}

const signedLine = ({ checkpoint, key }: Pick<LogCopy, "checkpoint" | "key">) =>
  `the log ${checkpoint.origin} has ${count(checkpoint.size, "entry", "entries")}, signed with ${keyLine(key)}`;

async function verifyMirror(
  folder: string,
  own: VerifierKey | undefined,
): Promise<Findings> {
  const files = new MirrorFiles(folder);
  const state = JSON.parse((await files.read("mirror.json")) ?? "{}") as {
    of?: string;
    logSize?: number | null;
    languages?: string[];
  };
  const shown = new Map<string, CopiedRevision[]>();
  for (const id of await files.names("cases")) {
    const text = (await files.read(`cases/${id}/revisions.json`)) ?? "{}";
    shown.set(
      id,
      (JSON.parse(text) as { revisions?: CopiedRevision[] }).revisions ?? [],
    );
  }
  const log = await copyLog(mirrorLog(files), own);
  const fault = shownFault(log.entries, shown, {
    settled: state.logSize ?? 0,
    isWhole: true,
    withdrawn: null,
  });
  if (fault) throw new LogFault(fault);
  const about = { key: keyLine(log.key), languages: state.languages ?? [] };
  const views = await checkViews(files, shown, about);
  return {
    ...log,
    proved: [
      signedLine(log),
      `${count(shown.size, "case")} in ${folder} have exactly the revisions in its copy of the log: no number, kind, reason, moment or hash was changed, and no revision was left out`,
      `${count(views, "view")} for the widget are signed with the same key, and the JSON, the card on the page and the lists of cases beside them say the same`,
    ],
    notProved: [
      ...(own
        ? []
        : [
            "that the key is the newsroom's: it came from the mirror. Note it, and pass it as --key",
          ]),
      `that the mirror is up to date: its log says nothing of what ${state.of ?? "the deployment"} published since`,
      "what stands on a page around its card, such as the history, the letter and links, and what a picture shows",
      `in record.json and revisions.json, and in whole quotations, ${WORDS}`,
    ],
  };
}

function backupIn(text: string): ReturnType<typeof verifyBackup> {
  try {
    return verifyBackup(text);
  } catch (error) {
    if (error instanceof UnfitFile) throw unknownVersion(error.message);
    throw error instanceof BadLine ? new LogFault(`${error.message}.`) : error;
  }
}

function verifyBackupFile(
  text: string,
  own: VerifierKey | undefined,
): Findings {
  const { log, audit, revisions } = backupIn(text);
  return {
    note: null,
    tree: new LogTree(log.map((line) => entryBytes(entryOf(line)))),
    key: own ?? null,
    proved: [
      `${count(revisions ?? 0, "revision")} and ${count(audit.length, "line")} of the audit log fit each other`,
      "each content that wasn't erased is what was committed",
      ...(log.length > 0
        ? [
            "every revision that went live is in the signed log, with its number, kind, reason, moment and hash",
            "the audit log is the one that each entry of the signed log was made with",
          ]
        : []),
    ],
    notProved:
      log.length > 0
        ? []
        : [
            "that the backup fits a signed log: nothing in it went live, so it has none",
          ],
  };
}

async function findingsAbout(
  outcome: CommandOutcome,
  what: string | undefined,
  own: VerifierKey | undefined,
): Promise<Findings> {
  const found = what === undefined ? null : await stat(what).catch(() => null);
  if (what !== undefined && found?.isDirectory())
    return verifyMirror(what, own);
  if (what !== undefined && found) {
    const text = await readFile(what, "utf8");
    if (text.startsWith(`{"format":"${BACKUP}"`))
      return verifyBackupFile(text, own);
  }
  if (what !== undefined && !isCaseId(what))
    throw new Stop("usage", {
      title: "There is nothing to verify",
      detail: `${what} is neither a case's id, nor the folder of a mirror, nor a backup.`,
      remedy:
        "Pass one of these, or nothing to verify everything that readers can see.",
    });
  return verifyDeployment(outcome, what ?? null, own);
}

/**
 * @param what a case's id, the folder of a mirror, or a backup; everything that
 * readers can see when absent
 */
export function verify(
  outcome: CommandOutcome,
  what: string | undefined,
  options: Options,
): Promise<void> {
  return verified(outcome, what, options).catch((error: unknown) => {
    throw error instanceof LogFault ? logBroken(error.message) : error;
  });
}

async function verified(
  outcome: CommandOutcome,
  what: string | undefined,
  options: Options,
): Promise<void> {
  const own = options.key === undefined ? undefined : requireKey(options.key);
  const seenNote =
    options.checkpoint && (await readFile(options.checkpoint, "utf8"));
  const seen = seenNote
    ? requireCheckpoint(seenNote, options.checkpoint as string)
    : null;
  const { note, tree, key, proved, notProved } = await findingsAbout(
    outcome,
    what,
    own,
  );
  if (seen) {
    if (key)
      await mustBeSigned(seen, key, `Your checkpoint ${options.checkpoint}`);
    mustContinue(tree, seen, "your checkpoint");
    proved.push(
      `the log continues your checkpoint of ${count(seen.size, "entry", "entries")}: nothing in it was changed or removed since`,
    );
    if (!key) notProved.push("that your checkpoint is signed. Pass --key");
  } else
    notProved.push(
      "that nothing was changed earlier. Save a checkpoint with --save FILE, and pass it next time as --checkpoint FILE",
    );
  notProved.push(
    "that other readers are shown the same log. Compare checkpoints with someone else's",
  );
  if (options.save !== undefined && note !== null)
    await save(options.save, note, options.checkpoint);
  outcome.say(
    "Proved:",
    ...proved.map((line) => `  ${line}.`),
    "Not proved:",
    ...notProved.map((line) => `  ${line}.`),
    ...(options.save !== undefined && note !== null
      ? [`Saved the checkpoint to ${options.save}.`]
      : []),
  );
  outcome.result({
    verified: true,
    entries: tree.size,
    key: key && keyLine(key),
    checkpoint: note,
    proved,
    notProved,
  });
}

/** A checkpoint replaces the one that it continues, and no other file. */
async function save(
  file: string,
  note: string,
  seen: string | undefined,
): Promise<void> {
  if (seen === undefined || resolve(seen) !== resolve(file))
    return writeNew(file, note);
  await writeFile(`${file}.part`, note);
  await rename(`${file}.part`, file);
}
