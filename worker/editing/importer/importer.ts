/**
 * Makes a draft case from an issuer's document: gate, zones, extractors, reconciliation. The draft holds only fields that the document
 * states beyond doubt, each with its line, because a wrong field about a person at risk is far worse than a missing one. People's
 * statuses are candidates, which a person accepts. The time it takes is linear in the text's length.
 */

import type { Profile } from "../../../shared/profile/schema.ts";
import { findAction } from "./action.ts";
import { candidatesIn } from "./candidates.ts";
import type { Draft } from "./draft.ts";
import { type Finding, type Findings, fact } from "./finding.ts";
import { type Admitted, admit, type RefusedDocument } from "./gate.ts";
import { findAsOf, findDates, findHeadline, findQuotations } from "./headline.ts";
import { identify } from "./identity.ts";
import { type DocumentLine, linesOf, splitSentences, unreadable } from "./lines.ts";
import { findPeople } from "./people.ts";
import { findPlace } from "./places.ts";
import { reconcile } from "./reconcile.ts";
import { documentLines } from "./zones.ts";

export type { Draft } from "./draft.ts";
export type { RefusedDocument } from "./gate.ts";

/** Runs the extractors. Each gets the lines and what the ones before it returned. */
function* extract(
  lines: DocumentLine[],
  { issuer, language }: Admitted,
  profile: Profile,
): Findings<Pick<Draft, "dates" | "candidates">> {
  const lang = language ?? "en";
  const identity = yield* identify(lines, profile);
  const source = identity.kind ?? "document";
  const running = lines.filter(({ number }) => !identity.furniture.has(number));
  if (language) {
    yield fact("/documents/0/lang", language, 1, "inferred");
    yield fact("/language", language, 1, "inferred");
  }
  if (issuer) yield fact("/issuer", issuer.name, issuer.line);
  const country = yield* findPlace(lines, identity.headings, source, lang);
  const lead = yield* findHeadline(lines, identity, lang);
  const asOf = yield* findAsOf(lines, identity, lead);
  const people = yield* findPeople(lines, identity.furniture, source, lang, language !== null, country);
  yield* findAction(lines, identity, source, lang);
  const sentences = splitSentences(running);
  const dates = yield* findDates(sentences, asOf);
  yield* findQuotations(running);
  return { dates, candidates: candidatesIn(splitSentences(lines), people, profile) };
}

/** Runs a generator of findings to its end. */
function collect<T>(findings: Findings<T>): { found: Finding[]; result: T } {
  const found: Finding[] = [];
  for (;;) {
    const { value, done } = findings.next();
    if (done) return { found, result: value };
    found.push(value);
  }
}

/**
 * @param text a document's plain text, pasted or extracted from a file
 * @param profile names the issuers, and has the series UA and its words
 * @returns the draft, or why nothing was filled
 */
export function draftFrom(text: string, profile: Profile): { draft: Draft } | { refused: RefusedDocument } {
  const reason = unreadable(text);
  if (reason) return { refused: { tag: "unreadable", reason } };
  const { found: doubts, result: rows } = collect(linesOf(text));
  const lines = documentLines(rows);
  const admitted = admit(
    lines,
    profile.imports.flatMap(({ issuers }) => issuers),
  );
  if ("refused" in admitted) return admitted;
  const { found, result } = collect(extract(lines, admitted, profile));
  return { draft: reconcile(lines, [...doubts, ...found], result) };
}
