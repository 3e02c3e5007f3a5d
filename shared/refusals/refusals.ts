/** What each kind of refusal says. The tables beside this file hold them by subject; shared/failure.ts makes problems of them. */

/** An invalid field: its JSON Pointer (RFC 6901), and what it must be. */
export interface FieldIssue {
  pointer: string;
  message: string;
}

/** What happened, and what the client can do now. */
type Words = readonly [detail: string, remedy: string];

/** Words by the reason of a refusal. */
export type Texts = Record<string, Words>;

/** Refusals by kind. The parameter of `words` declares the fields that such a failure has. */
export type Refusals = Record<string, readonly [status: number, title: string, words: (failure: never) => Words]>;
