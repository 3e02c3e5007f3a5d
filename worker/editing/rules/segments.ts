/**
 * Cuts texts into sentences. A file of its own, because the editors' page cuts
 * them in the same way as the Ledger.
 */
const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });

/** The sentences of a text, each with the spaces after it. */
export const segmentsOf = (text: string): string[] =>
  [...segmenter.segment(text)].map(({ segment }) => segment);

/** The sentences of a text, without the spaces around them. */
export const wholeSentencesOf = (text: string): string[] =>
  segmentsOf(text).flatMap((one) => one.trim() || []);
