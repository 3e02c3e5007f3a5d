/**
 * Makes a draft case from a document: gate, zones, extractors, reconciliation.
 * The draft holds only fields that the document states beyond doubt, each with
 * its line, because a wrong field about a person at risk is far worse than a
 * missing one: an editor sees the document beside the form, and enters a
 * missing one at once. No status of a person is among them. The time it takes
 * is linear in the text's length.
 */

import type { Profile } from "../../../shared/profile/schema.ts";
import { findAction } from "./action.ts";
import { appealsIn } from "./appeals.ts";
import type { Draft } from "./draft.ts";
import { collect, doubt, type Findings, fact } from "./finding.ts";
import { type Admitted, admit } from "./gate.ts";
import { identify } from "./identity.ts";
import { type DocumentLine, linesOf } from "./lines.ts";
import { findPeople } from "./people.ts";
import { findPlace } from "./places.ts";
import { reconcile } from "./reconcile.ts";
import { datesOf } from "./texts.ts";
import { documentLines } from "./zones.ts";

export type { Draft } from "./draft.ts";

/** Runs the extractors. @returns the document's own date */
function* extract(
  lines: DocumentLine[],
  { issuer, language }: Admitted,
  profile: Profile,
): Findings<string | null> {
  const identity = yield* identify(lines, profile);
  const { source } = identity;
  if (language) {
    yield fact("/documents/0/lang", language, 1, "inferred");
    yield fact("/language", language, 1, "inferred");
    yield* findPlace(lines, source, language);
  }
  if (issuer) yield fact("/issuer", issuer.name, issuer.line);
  yield* findPeople(lines, source, language);
  yield* findAction(lines, identity, source);
  return identity.issuedOn;
}

/**
 * @param text a document's plain text, pasted or read from a file
 * @param profile names the issuers, and has the series UA and its words
 * @param unread parts of the file that have no text
 * @returns the draft, in which a document of no known layout, or of several
 * appeals, fills nothing
 */
export function draftFrom(
  text: string,
  profile: Profile,
  unread: string[] = [],
): Draft {
  const { found: doubts, result: rows } = collect(linesOf(text));
  if (unread.length > 0)
    doubts.unshift(doubt("not-read", null, unread.join(", ")));
  const lines = documentLines(rows);
  const appeals = appealsIn(lines);
  const admitted =
    appeals.length > 1
      ? "several-appeals"
      : admit(
          lines,
          profile.imports.flatMap(({ issuers }) => issuers),
        );
  const { found, result: issuedOn } =
    typeof admitted === "string"
      ? {
          found: [
            doubt(admitted, null, appeals.map(({ name }) => name).join(", ")),
          ],
          result: null,
        }
      : collect(extract(lines, admitted, profile));
  // Another organisation's text may mention a number, or have one of the
  // labels.
  const isKnown =
    typeof admitted === "string" ||
    found.some((one) => "certainty" in one && one.certainty === "stated");
  const kept = isKnown
    ? found
    : [...found.filter((one) => "tag" in one), doubt("unknown-layout", null)];
  return reconcile(
    lines,
    [...doubts, ...kept],
    datesOf(lines, issuedOn),
    appeals,
  );
}
