import type { Fields } from "../../fields.ts";

/**
 * A document's `aiIndex` becomes its `reference`, because other issuers have
 * other references.
 */
export const reference = ({ documents, ...content }: Fields): Fields => ({
  ...content,
  ...(Array.isArray(documents)
    ? { documents: documents.map(renamed) }
    : documents === undefined
      ? {}
      : { documents }),
});

function renamed(document: unknown): unknown {
  if (
    typeof document !== "object" ||
    document === null ||
    !("aiIndex" in document)
  )
    return document;
  const { aiIndex, ...rest } = document;
  return { ...rest, reference: aiIndex };
}
