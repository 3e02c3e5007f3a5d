/**
 * The house: ten rooms on six floors. Every import leads to the same room or to
 * a lower floor, and no files import each other in a circle.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { root } from "./support/root.ts";

/** From the ground up. Rooms of a floor don't import each other. */
const floors = [
  ["shared"],
  ["bot", "widget", "worker/runtime", "worker/editing"],
  ["worker/reads", "worker/desk"],
  ["worker/objects"],
  ["worker/web"],
  ["worker/tools"],
];

const roomOf = (path: string) =>
  path.split("/", path.startsWith("worker/") ? 2 : 1).join("/");
const floorOf = (path: string) =>
  floors.findIndex((rooms) => rooms.includes(roomOf(path)));

/** What package.json's `imports` resolve to outside the Worker. */
const aliases: Record<string, string> = {
  "#catalogues": "shared/catalogues.ts",
  "#profiles": "worker/runtime/profiles/files.ts",
};

/**
 * Imports and exports from a file, imports for effect only, and dynamic
 * imports, of values or of types.
 */
const imports = [
  /\b(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"/g,
  /\bimport\s+"([^"]+)"/g,
  /\bimport\(\s*"([^"]+)"/g,
];

function importsIn(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const named = imports.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, name]) => name!),
  );
  const paths = named.flatMap((name) =>
    name.startsWith(".")
      ? posix.join(posix.dirname(path), name.replace(/\?.*/, ""))
      : (aliases[name] ?? []),
  );
  return [...new Set(paths)];
}

const files = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  {
    cwd: root,
    encoding: "utf8",
  },
)
  .split("\n")
  .filter(
    (path) =>
      /^(shared|bot|widget|worker)\/.*\.(ts|tsx|mjs)$/.test(path) &&
      !/\.config\.m?ts$/.test(path),
  )
  // Git still lists a file that was removed and not committed.
  .filter((path) => existsSync(join(root, path)));

const importsOf = new Map(files.map((path) => [path, importsIn(path)]));

/** Generated files belong to no room. */
const crossings = files.flatMap((from) =>
  (importsOf.get(from) ?? [])
    .filter((to) => !to.startsWith("dist/") && roomOf(to) !== roomOf(from))
    .map((to) => ({ from, to })),
);

test("Ten rooms on six floors, with at most 32 arrows, all of them downwards", () => {
  expect(new Set(files.map(roomOf))).toEqual(new Set(floors.flat()));
  expect(floors.flat().length).toBeLessThanOrEqual(10);
  expect(floors.length).toBeLessThanOrEqual(6);
  expect(
    crossings.filter(
      ({ from, to }) => floorOf(to) < 0 || floorOf(to) >= floorOf(from),
    ),
  ).toEqual([]);
  const arrows = new Set(
    crossings.map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`),
  );
  expect(arrows.size).toBeLessThanOrEqual(32);
});

/**
 * The way from a file back to one that is on it; null when there is none.
 * @param done files that need no second look
 */
function circleFrom(
  path: string,
  done: Set<string>,
  way: string[] = [],
): string[] | null {
  if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
  if (done.has(path)) return null;
  done.add(path);
  for (const next of importsOf.get(path) ?? []) {
    const circle = circleFrom(next, done, [...way, path]);
    if (circle) return circle;
  }
  return null;
}

test("No files import each other in a circle", () => {
  const done = new Set<string>();
  expect(
    files.flatMap((path) => circleFrom(path, done)?.join(" -> ") ?? []),
  ).toEqual([]);
});

test("The product imports no package that only the tests install", () => {
  const missing = files.flatMap((path) =>
    [
      ...readFileSync(join(root, path), "utf8").matchAll(
        /^(?:import|export) (?!type )[^;]*?from "([^".#][^"]*)"/gm,
      ),
    ]
      .map(([, name]) =>
        name!.split("/", name!.startsWith("@") ? 2 : 1).join("/"),
      )
      .filter(
        (name) =>
          !/^(node|cloudflare):/.test(name) &&
          !Object.hasOwn(manifest.dependencies, name),
      )
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("The global Env has the objects that wrangler.toml binds, each under the name of its class", () => {
  const settings = readFileSync(join(root, "wrangler.toml"), "utf8");
  const declared = readFileSync(join(root, "worker/runtime/env.d.ts"), "utf8");
  const objects = [
    ...declared.matchAll(/^ {2}(\w+): DurableObjectNamespace<(\w+)Port>;$/gm),
  ].map(([, name, port]) => `${name} ${port}`);
  expect(objects).toContain("LEDGER Ledger");
  for (const table of ["", "env.staging."]) {
    const binding = new RegExp(
      `^\\[\\[${table}durable_objects\\.bindings\\]\\]\\nname = "(\\w+)"\\nclass_name = "(\\w+)"`,
      "gm",
    );
    expect(
      [...settings.matchAll(binding)].map(
        ([, name, className]) => `${name} ${className}`,
      ),
    ).toEqual(objects);
  }
});

/** The files among which a build or package.json chooses one. */
const alternatives = [
  ["shared/catalogues.ts", "worker/runtime/catalogues.ts"],
  ["worker/runtime/profiles/built.ts", "worker/runtime/profiles/files.ts"],
];

test.each([
  [
    "exports",
    files.filter((path) => !path.endsWith(".d.ts")),
    /^export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type|enum) (\w+|\{.+\} =)/gm,
  ],
  [
    "routes",
    files.filter((path) => path.startsWith("worker/editing/contract/")),
    /^ {2}(\w+): \w+\("[A-Z]+", paths\./gm,
  ],
])("No two %s have one name", (_, paths, pattern) => {
  const places = paths.flatMap((path) => {
    const found = [
      ...readFileSync(join(root, path), "utf8").matchAll(pattern),
    ].map(([, names]) => names!);
    return [...new Set(found.flatMap((names) => names.match(/\w+/g)!))].map(
      (name) => ({ name, path }),
    );
  });
  const named = Map.groupBy(places, ({ name }) => name);
  expect(named.size).toBeGreaterThan(50);
  const shared = [...named].map(([name, found]) => ({
    name,
    paths: found.map(({ path }) => path).toSorted(),
  }));
  const isAllowed = (found: string[]) =>
    alternatives.some((pair) => pair.join() === found.join());
  expect(
    shared.filter(({ paths: found }) => found.length > 1 && !isAllowed(found)),
  ).toEqual([]);
});
