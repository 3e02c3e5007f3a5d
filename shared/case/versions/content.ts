/**
 * Reads stored content of any version: upgrades it, and then parses it with the
 * current schema.
 */
import * as v from "valibot";
import { Case } from "../schema.ts";
import { CONTENT_VERSION, type Step, steps } from "./steps.ts";

/**
 * Thrown when content has a newer version than this code. Serving it could
 * leave out what a newer field says.
 */
export class NewerContent extends Error {
  constructor(version: number) {
    super(
      `the content has version ${version}, and this code knows only versions up to ${CONTENT_VERSION}`,
    );
  }
}

/**
 * Upgrades a case, finished or not, to the newest version. Doesn't validate it.
 * @param by a parameter, so that tests can use invented steps
 * @throws NewerContent
 */
export function upgrade(
  content: unknown,
  version: number,
  by: readonly Step[] = steps,
): unknown {
  if (version > by.length + 1) throw new NewerContent(version);
  return by
    .slice(version - 1)
    .reduce((older, step) => step(older as Record<string, unknown>), content);
}

/**
 * @returns the case, or the path of the first field that is wrong. The path is
 * safe to log: it contains none of the case's words.
 * @throws NewerContent
 */
export function parseContent(
  content: unknown,
  version: number,
): { case: Case } | { fault: string } {
  let upgraded: unknown;
  try {
    upgraded = upgrade(content, version);
  } catch (error) {
    if (error instanceof NewerContent) throw error;
    // The steps expect an object.
    return { fault: "the whole case" };
  }
  const parsed = v.safeParse(Case, upgraded);
  if (parsed.success) return { case: parsed.output };
  return { fault: v.getDotPath(parsed.issues[0]) ?? "the whole case" };
}
