/**
 * `npm run upgrade`: merges a release into this checkout, rehearses it with the
 * deployment's own cases, and takes it back if it changes them.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { Command } from "commander";

const git = (...args: string[]): string =>
  execFileSync("git", args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** The part of the release's CHANGELOG.md that this checkout's lacks. */
function newsOf(tag: string): string {
  const known = new Set(git("show", "HEAD:CHANGELOG.md").split("\n"));
  const [, ...sections] = git("show", `${tag}:CHANGELOG.md`).split(/^(?=## )/m);
  return sections
    .filter((section) => !known.has(section.split("\n", 1)[0] as string))
    .join("");
}

const values = new Command("npm run upgrade --")
  .description(
    `Moves this checkout to the newest release, and says what it changes. With PUBLIC_URL and EDITOR_TOKEN (an administrator's, with the
scopes read and export) it first rehearses the release with the deployment's cases. Nothing is deployed: that is npm run setup.`,
  )
  .option("--to <tag>", "another release than the newest, such as v1.2.0")
  .option(
    "--remote <name>",
    "where releases come from (default: upstream if there is one, else origin)",
  )
  .option("--without-rehearsal", "merge it unseen")
  .option(
    "--accept-differences",
    "keep it although it says something else of a case",
  )
  .parse()
  .opts<{
    to?: string;
    remote?: string;
    withoutRehearsal?: boolean;
    acceptDifferences?: boolean;
  }>();

const { PUBLIC_URL, EDITOR_TOKEN } = process.env;
if (git("status", "--porcelain") !== "")
  fail(
    "This checkout has changes that aren't committed. Commit them first, or take them back.",
  );
const rehearses = !values.withoutRehearsal;
if (rehearses && !(PUBLIC_URL && EDITOR_TOKEN))
  fail(
    "Set PUBLIC_URL and EDITOR_TOKEN to rehearse the release, or add --without-rehearsal.",
  );
const remote =
  values.remote ??
  (git("remote").split("\n").includes("upstream") ? "upstream" : "origin");
try {
  git("fetch", "--tags", remote);
} catch (error) {
  fail(
    `The releases of ${remote} can't be fetched: ${(error as Error).message}`,
  );
}
const tags = git("tag", "--list", "v*", "--sort=-v:refname").split("\n");
const tag = values.to ?? tags[0] ?? "";
if (!tags.includes(tag) || tag === "")
  fail(
    `There is no release ${tag || "yet"}. Releases: ${tags.join(", ") || "none"}.`,
  );
const before = git("rev-parse", "HEAD");
if (spawnSync("git", ["merge-base", "--is-ancestor", tag, "HEAD"]).status === 0)
  console.log(`This checkout has ${tag} already.`);
else {
  console.log(newsOf(tag));
  const takeBack = () => git("reset", "--hard", before);
  if (
    spawnSync("git", ["merge", "--no-edit", tag], { stdio: "pipe" }).status !==
    0
  ) {
    const files = git("diff", "--name-only", "--diff-filter=U");
    takeBack();
    fail(
      `You and the release have changed the same files, so nothing was merged:\n${files}\nSettings belong into newsroom/settings.json and profiles into newsroom/profiles/, which no release touches. Merge ${tag} by hand.`,
    );
  }
  const run = ["worker/tools/run.mjs", "rehearse"];
  const isSame =
    !rehearses ||
    spawnSync(process.execPath, run, { stdio: "inherit" }).status === 0;
  if (!isSame && !values.acceptDifferences) {
    takeBack();
    fail(
      `${tag} was taken back. If these differences are what CHANGELOG.md announces, add --accept-differences.`,
    );
  }
  console.log(
    `This checkout has ${tag} now. Deploy it with npm run setup. To take it back before: git reset --hard ${before}`,
  );
}
