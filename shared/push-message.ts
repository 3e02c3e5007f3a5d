/**
 * The message that a device gets, as the Dispatcher writes it and the service
 * worker reads it.
 */
import type { RevisionKind } from "./revision.ts";

export interface PushMessage {
  /**
   * Declarative Web Push: a browser may show the notification without a service
   * worker, which may change it.
   */
  web_push: 8030;
  mutable: true;
  notification: {
    title: string;
    body: string;
    navigate: string;
    /** A later message with the same tag replaces this one. */
    tag: string;
    lang: string;
    silent: boolean;
  };
  case: {
    id: string;
    number: number;
    kind: RevisionKind | "reminder";
    liveAt: string;
    /** The device must delete what it keeps of the case. */
    erased?: true;
    /** The device shows the words that its reader chose, and keeps nothing. */
    hidden?: true;
    /**
     * The followed words that were erased, by the names that the newsroom gave
     * them: the device deletes them too.
     */
    gone?: string[];
  };
  /** What a browser shows that can't verify the view. */
  plain?: string;
  /**
   * The signed view, compressed (raw deflate, base64). Absent where it must not
   * be kept, or can't be signed.
   */
  view?: string;
}
