/**
 * `npm run upgrade` in a checkout and an upstream of its own. The rehearsal is
 * a stand-in that answers as it is told.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runNode } from "./node-run.ts";

const folder = temporaryFolder();

it("npm run upgrade merges the newest release, says what it changes, and takes it back when it changes a case", async () => {
  const [upstream, checkout] = [
    join(folder, "upstream"),
    join(folder, "checkout"),
  ];
  const git = (where: string, ...args: string[]) =>
    execFileSync(
      "git",
      ["-c", "user.name=Test", "-c", "user.email=test@example.test", ...args],
      {
        cwd: where,
        stdio: "pipe",
      },
    ).toString();
  const write = (where: string, name: string, text: string) =>
    writeFileSync(join(where, name), text);
  const commit = (where: string, tag?: string) => {
    git(where, "add", "-A");
    git(where, "commit", "-qm", "A commit");
    if (tag) git(where, "tag", tag);
  };
  mkdirSync(join(upstream, "worker/tools"), { recursive: true });
  git(folder, "init", "-q", "-b", "main", "upstream");
  write(upstream, "CHANGELOG.md", "# Changes\n\n## 1.0.0\n\n- The first.\n");
  write(upstream, "wrangler.toml", "# One\n");
  write(
    upstream,
    "worker/tools/run.mjs",
    "process.exit(process.env.SAYS_SOMETHING_ELSE ? 1 : 0);",
  );
  commit(upstream, "v1.0.0");
  git(folder, "clone", "-q", "upstream", "checkout");
  write(
    upstream,
    "CHANGELOG.md",
    "# Changes\n\n## 1.10.0\n\n- The second.\n\n## 1.0.0\n\n- The first.\n",
  );
  commit(upstream, "v1.10.0");
  git(upstream, "tag", "v1.9.0");
  const upgrade = (args: string[] = [], env: Record<string, string> = {}) =>
    runNode(
      [join(root, "worker/tools/cli/upgrade.ts"), ...args],
      {
        GIT_AUTHOR_NAME: "Test",
        GIT_AUTHOR_EMAIL: "t@example.test",
        GIT_COMMITTER_NAME: "Test",
        ...env,
      },
      checkout,
    );
  const deployment = {
    PUBLIC_URL: "https://cases.newsroom.test",
    EDITOR_TOKEN: "invented",
    GIT_COMMITTER_EMAIL: "t@e.test",
  };
  const version = () => readFileSync(join(checkout, "CHANGELOG.md"), "utf8");

  expect(await upgrade()).toMatchObject({
    code: 1,
    output: expect.stringContaining("Set PUBLIC_URL and EDITOR_TOKEN"),
  });
  const other = await upgrade([], {
    ...deployment,
    SAYS_SOMETHING_ELSE: "yes",
  });
  expect(other).toMatchObject({
    code: 1,
    output: expect.stringContaining("v1.10.0 was taken back"),
  });
  expect(version()).not.toContain("The second");
  // A newsroom's own files are no conflict.
  mkdirSync(join(checkout, "newsroom"));
  write(checkout, "newsroom/settings.json", "{}");
  expect(await upgrade([], deployment)).toMatchObject({
    code: 1,
    output: expect.stringContaining("aren't committed"),
  });
  commit(checkout);
  const { code, output } = await upgrade([], deployment);
  expect(code, output).toBe(0);
  expect(output).toContain("The second");
  expect(output).not.toContain("The first");
  expect(version()).toContain("The second");
  expect((await upgrade([], deployment)).output).toContain(
    "has v1.10.0 already",
  );

  write(upstream, "wrangler.toml", "# Two\n");
  commit(upstream, "v2.0.0");
  write(checkout, "wrangler.toml", "# Mine\n");
  commit(checkout);
  expect(await upgrade([], deployment)).toMatchObject({
    code: 1,
    output: expect.stringMatching(/same files.*\nwrangler\.toml\n/),
  });
  expect(readFileSync(join(checkout, "wrangler.toml"), "utf8")).toBe(
    "# Mine\n",
  );
});
