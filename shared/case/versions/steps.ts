/**
 * The versions of stored content. Public records always have the newest one.
 */
import type { Fields } from "../../fields.ts";
import { reference } from "./2-reference.ts";
import { severalProceedings } from "./3-several-proceedings.ts";
import { textSources } from "./4-text-sources.ts";

/**
 * Upgrades a case by one version. Pure. Any field may be missing, because saved
 * drafts are upgraded too. Released steps never change. Each one is a file of
 * its own in this folder.
 */
export type Step = (content: Fields) => Fields;

/** Oldest first: the first step upgrades version 1 to version 2. */
export const steps: readonly Step[] = [
  reference,
  severalProceedings,
  textSources,
];

/** The version that this code writes, and the newest that it can read. */
export const CONTENT_VERSION = steps.length + 1;
