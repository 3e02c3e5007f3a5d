/**
 * Structured messages for Workers Logs, which indexes each field. A message
 * never holds a chat's id, a token, a reader's address or what a reader asked
 * for. Case ids and revisions are public.
 */

/** Cases, numbers and counts. */
type Fields = Record<string, string | number | boolean>;

/**
 * The part of the code is the first word of the message: "Ledger: the alarm
 * failed".
 */
const partOf = (message: string): string =>
  /^(\w+):/.exec(message)?.[1] ?? "Worker";

/**
 * Errors of grammY hold the request with its chat, and errors of fetch may hold
 * an address with a token, so only these are logged.
 */
function reasonOf(error: unknown): Fields {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { error: "unknown error" };
  return {
    error: error.message,
    ...(error.stack ? { stack: error.stack } : {}),
  };
}

export const log = {
  /** Something failed that a person may have to look at. */
  error(message: string, error?: unknown, fields: Fields = {}): void {
    console.error({
      level: "error",
      part: partOf(message),
      message,
      ...fields,
      ...reasonOf(error),
    });
  },
};
