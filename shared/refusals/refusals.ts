/**
 * What each kind of refusal says. The tables beside this file hold them by
 * subject; shared/failure.ts makes problems of them.
 */

/** An invalid field: its JSON Pointer (RFC 6901), and what it must be. */
export interface FieldIssue {
  pointer: string;
  message: string;
}

/** What happened, and what the client can do now. */
type Words = readonly [detail: string, remedy: string];

/** Words by the reason of a refusal. */
export type Texts = Record<string, Words>;

type Heading = readonly [status: number, title: string];

/**
 * Refusals by kind. The `{names}` in the words are the fields that such a
 * failure has, or the parameter of a function that chooses the words declares
 * them.
 */
export type Refusals = Record<
  string,
  | readonly [...Heading, ...Words]
  | readonly [...Heading, (failure: never) => Words]
>;

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The fields that the words of a refusal need. */
export type FieldsOf<R> = R extends readonly [
  ...Heading,
  (failure: infer Fields) => unknown,
]
  ? Fields
  : R extends readonly [...Heading, infer Detail, infer Remedy]
    ? { [Name in NamesIn<Detail | Remedy>]: string | number }
    : never;
