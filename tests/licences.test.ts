/** The licences of the packages that a deployment or a local run contains. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/root.ts";

/**
 * Each allows distribution with this project's Apache-2.0; MPL-2.0 asks only
 * that changes to its own files stay open.
 */
const allowed = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MIT OR Apache-2.0",
  "MPL-2.0",
  "Unlicense",
]);

interface Locked {
  license?: string;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
  link?: boolean;
  /**
   * Of one system only, or a tool's addition: `sharp`, which the local runtime
   * can do without, is the only one under LGPL.
   */
  optional?: boolean;
}

const { packages } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
) as {
  packages: Record<string, Locked>;
};
const installed = Object.entries(packages).filter(
  ([path, { dev, devOptional, link, optional }]) =>
    path.startsWith("node_modules/") &&
    !dev &&
    !devOptional &&
    !link &&
    !optional,
);

test("Every package has a licence that fits this project's", () => {
  expect(installed.length).toBeGreaterThan(50);
  expect(
    installed
      .filter(([, { license = "" }]) => !allowed.has(license))
      .map(([path, { license }]) => [path, license]),
  ).toEqual([]);
});

test("Every package is pinned by its hash", () => {
  expect(
    installed.filter(([, { integrity }]) => !integrity).map(([path]) => path),
  ).toEqual([]);
});

test("Every dependency is named by its exact version", () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Record<string, Record<string, string>>;
  const versions = Object.entries({
    ...dependencies,
    ...optionalDependencies,
    ...devDependencies,
  });
  // A folder of this project is no package of another's.
  const loose = versions.filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$|^file:/.test(version),
  );
  expect(loose).toEqual([]);
});
