/** A local run is refused on storage from which a file of SQLite was deleted. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { missingFile } from "../worker/tools/local/state.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "casewire-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function opened(): DatabaseSync {
  const database = new DatabaseSync(join(folder, "ledger.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE revisions (number INTEGER); INSERT INTO revisions VALUES (1)");
  return database;
}

test("Storage that was closed, or whose process was killed, is whole, and so is none", () => {
  expect(missingFile(join(folder, "none"))).toBeNull();
  const database = opened();
  expect(readdirSync(folder)).toHaveLength(3);
  expect(missingFile(folder)).toBeNull();
  database.close();
  expect(readdirSync(folder)).toEqual(["ledger.sqlite"]);
  expect(missingFile(folder)).toBeNull();
});

test.each(["ledger.sqlite-wal", "ledger.sqlite"])(
  "Storage without its %s, which SQLite opens as if empty, is refused by name",
  (file) => {
    const database = opened();
    rmSync(join(folder, file));
    expect(missingFile(folder)).toBe(file);
    database.close();
  },
);
