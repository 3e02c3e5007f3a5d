/** Every path and every npm script that a document names exists. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { root } from "./support/root.ts";

const documents = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
  {
    cwd: root,
    encoding: "utf8",
  },
)
  .trim()
  .split("\n")
  .filter((path) => !path.startsWith("tests/documents/"));

const top = /^(worker|widget|bot|shared|tests|docs|\.ci)\//;

/**
 * Paths in code spans and in relative links. Globs are skipped, and so are
 * dist/ and .wrangler/, which are generated.
 */
function pathsIn(text: string, folder: string): string[] {
  const spans = [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, span]) => span!)
    .filter((span) => top.test(span));
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(
    ([, target]) => join(folder, target!),
  );
  return [...spans.filter((span) => !/[*{}<>]/.test(span)), ...links];
}

test.each(documents)(
  "%s names only files and scripts that exist",
  (document) => {
    const text = readFileSync(join(root, document), "utf8");
    const missing = pathsIn(text, dirname(document)).filter(
      (path) => !existsSync(join(root, path)),
    );
    expect(missing).toEqual([]);
    const scripts = [...text.matchAll(/npm run ([a-z:-]+)/g)].map(
      ([, script]) => script!,
    );
    expect(
      scripts.filter((script) => !Object.hasOwn(manifest.scripts, script)),
    ).toEqual([]);
  },
);
