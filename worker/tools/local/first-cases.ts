/**
 * The cases that come with the project. Every local run loads those of its
 * newsroom.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Case } from "../../../shared/case/schema.ts";
import { profileFaults } from "../../../shared/profile/faults.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import { root } from "./root.ts";

export interface FirstCase {
  id: string;
  /** As the profile prints it. */
  number: string;
}

export const readFirstCase = async (id: string): Promise<Case> =>
  JSON.parse(
    await readFile(join(root, `worker/tools/local/cases/${id}.json`), "utf8"),
  );

/**
 * The cases that fit the profile, the demo case first. None fits a newsroom of
 * its own, and perhaps none one that was made from one of ours: it may have the
 * same series and other words.
 */
export async function firstCasesOf(profile: Profile): Promise<FirstCase[]> {
  const found: FirstCase[] = [];
  for (const id of ["ua-0-00", "ua-126-19", "dpw-2026-14"])
    if (profileFaults(await readFirstCase(id), profile).length === 0)
      found.push({ id, number: numberOf(id, profile) });
  return found;
}
