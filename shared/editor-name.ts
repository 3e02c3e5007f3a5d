/** Names of editors, in invitations, in settings and in set-up. */
import * as v from "valibot";

const MAX_NAME_CHARS = 60;
/** Scripts with letters that look like those of another one. */
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Cherokee",
  "Coptic",
].map((script) => new RegExp(`\\p{Script=${script}}`, "u"));
/**
 * Without control and formatting characters, which could make two names look
 * alike. In one script, for the same reason.
 */
export const EditorName = v.pipe(
  v.string(),
  v.regex(
    new RegExp(
      `^(?=.{1,${MAX_NAME_CHARS}}$)[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N} .'_-]*[\\p{L}\\p{M}\\p{N}.])?$`,
      "u",
    ),
    `must be a name of 1 to ${MAX_NAME_CHARS} letters, digits, spaces, hyphens, dots and apostrophes`,
  ),
  v.check(
    (name) => SCRIPTS.filter((script) => script.test(name)).length <= 1,
    "must be written in one script, such as Latin or Cyrillic",
  ),
);
/**
 * Letters and digits that look like the Latin letter at the end of their group,
 * in one of their cases.
 */
const LOOKS_LIKE =
  "аα\u0251a вβb сςc ԁd еεe нηһh іιıl1ӏi јj кκk мμm νn оο0o рρp ԛq ѕs тτt уυγy ԝw хχx ζz";
const LOOKS = new Map(
  LOOKS_LIKE.split(" ").flatMap((group) =>
    [...group].map((letter) => [letter, group.at(-1) as string]),
  ),
);

/** How a name looks: names that look alike have the same text. */
export const looksOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/./gu, (letter) => LOOKS.get(letter) ?? letter);

/**
 * The first of the names that looks like an earlier one; undefined when none
 * does.
 */
export const lookalikeIn = (names: readonly string[]): string | undefined =>
  names.find((name, index) =>
    names.slice(0, index).some((other) => looksOf(other) === looksOf(name)),
  );
