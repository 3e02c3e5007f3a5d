/**
 * What no line may part: a number and its unit ("2 released", "12 years"), and
 * a reference ("no. 4", "UA 126/19", "revision 2)"). Years may end one.
 */
export const keepNumbers = (text: string): string =>
  text
    .replace(
      /(?<![\p{L}\d/.,\u00a0])(\d{1,3}) (?=\p{L})|(?<!\p{L})(\p{Lu}{2,3}|№|no\.) (?=\d)/gu,
      "$1$2\u00a0",
    )
    .replace(/ (?=\d{1,3}\))/g, "\u00a0");

/**
 * A view for a page. Texts that readers copy, and those for programs, keep
 * their spaces.
 */
export const typeset = <View>(view: View): View =>
  JSON.parse(JSON.stringify(view), (_, value) =>
    typeof value === "string" ? keepNumbers(value) : value,
  );
