/** Makes .docx files for tests. */
import { strToU8, zipSync } from "fflate";

const RELATIONSHIPS =
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const relationships = (targets: Record<string, string>): Uint8Array =>
  strToU8(
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Object.entries(
      targets,
    )
      .map(
        ([target, type], index) =>
          `<Relationship Id="r${index}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`,
      )
      .join("")}</Relationships>`,
  );

/**
 * @param document the XML of the main part
 * @param parts other parts of the folder `word/`, by name; the type of
 * "header1.xml" is `header`
 */
export function docxOf(
  document: string | Uint8Array,
  parts: Record<string, Uint8Array> = {},
  { main = "document.xml", level = 6 as 0 | 6 } = {},
): Uint8Array<ArrayBuffer> {
  const types = Object.fromEntries(
    Object.keys(parts).map((name) => [
      name,
      name.replace(/^.*\//, "").replace(/\d*\.\w+$/, ""),
    ]),
  );
  return zipSync(
    {
      "[Content_Types].xml": strToU8("<Types/>"),
      "_rels/.rels": relationships({ [`word/${main}`]: "officeDocument" }),
      [`word/_rels/${main}.rels`]: relationships(types),
      [`word/${main}`]:
        typeof document === "string" ? strToU8(document) : document,
      ...Object.fromEntries(
        Object.entries(parts).map(([name, bytes]) => [`word/${name}`, bytes]),
      ),
    },
    { level },
  ) as Uint8Array<ArrayBuffer>;
}
