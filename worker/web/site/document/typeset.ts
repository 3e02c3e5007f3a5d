/** A number and its unit stay on one line: "2 released", "12 years". Years and case numbers may end one. */
const keepNumbers = (text: string): string => text.replace(/(?<![\p{L}\d/.,\u00a0])(\d{1,3}) (?=\p{L})/gu, "$1\u00a0");

/** A view for a page. Texts that readers copy, and those for programs, keep their spaces. */
export const typeset = <View>(view: View): View =>
  JSON.parse(JSON.stringify(view), (_, value) => (typeof value === "string" ? keepNumbers(value) : value));
