/**
 * Data of a newer version than this code knows, as after a rollback. Nothing is
 * served from it: this code could misread it.
 */

const REFUSING = "Refusing to serve:";

/**
 * Thrown by a Durable Object's constructor, so that every call fails with the
 * message.
 */
export class NewerData extends Error {
  constructor(detail: string) {
    super(`${REFUSING} ${detail}`);
  }
}

/**
 * The message of a `NewerData`, also after it has crossed an RPC boundary,
 * where its class is lost; null for any other error.
 */
export function newerDataDetail(error: unknown): string | null {
  const message = error instanceof Error ? error.message : "";
  const at = message.indexOf(REFUSING);
  return at < 0 ? null : message.slice(at);
}
