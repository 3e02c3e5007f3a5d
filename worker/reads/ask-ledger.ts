import { Refusal } from "../../shared/failure.ts";
import { log } from "../runtime/log.ts";
import { newerDataDetail } from "../runtime/newer-data.ts";
import { withinTime } from "./within-time.ts";

/** A Ledger that says nothing for longer is unavailable to the reader who waits. */
export const QUESTION_TIMEOUT_MS = 10_000;

/** @throws Refusal `unavailable`, or `newer-data` from a Ledger whose storage newer code has changed */
export async function fromLedger<T>(answer: Promise<T>): Promise<T> {
  try {
    return await withinTime(QUESTION_TIMEOUT_MS, answer);
  } catch (error) {
    log.error("Reads: the Ledger did not answer", error);
    const detail = newerDataDetail(error);
    throw new Refusal(detail === null ? { tag: "unavailable" } : { tag: "newer-data", detail });
  }
}
