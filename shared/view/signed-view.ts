/**
 * Views that a deployment signs, so that mirrors and devices can show them
 * while it can't be reached. docs/log.md describes the format: a C2SP signed
 * note of this text, with the Ed25519 key of the signed log.
 */
import type { View } from "./schema.ts";

/**
 * The first line of the signed text. A log's name has no spaces, so a
 * checkpoint is never taken for a view, nor a view for a checkpoint.
 */
export const SIGNED_VIEW_HEADER = "casewire signed view 1";

/** The second line, as JSON. */
export interface SignedView {
  /** When the deployment showed this view. ISO 8601, UTC, milliseconds. */
  made: string;
  /** From this moment on it may not be shown any more. */
  expires: string;
  view: View;
}
