/**
 * Makes a draft case from a document: gate, zones, extractors, reconciliation. The draft holds only fields that the document states beyond
 * doubt, each with its line, because a wrong field about a person at risk is far worse than a missing one. No status of a person is among
 * them. The time it takes is linear in the text's length.
 */

import type { Profile } from "../../../shared/profile/schema.ts";
import { findAction } from "./action.ts";
import { appealsIn } from "./appeals.ts";
import type { Draft } from "./draft.ts";
import { doubt, type Finding, type Findings, fact } from "./finding.ts";
import { type Admitted, admit } from "./gate.ts";
import { findAsOf, findDates, findHeadline } from "./headline.ts";
import { identify } from "./identity.ts";
import { type DocumentLine, linesOf, splitSentences } from "./lines.ts";
import { findPeople } from "./people.ts";
import { findPlace } from "./places.ts";
import { reconcile } from "./reconcile.ts";
import { documentLines } from "./zones.ts";

export type { Draft } from "./draft.ts";

/** Runs the extractors. Each gets the lines and what the ones before it returned. */
function* extract(lines: DocumentLine[], { issuer, language }: Admitted, profile: Profile): Findings<Draft["dates"]> {
  const lang = language ?? "en";
  const identity = yield* identify(lines, profile);
  const source = identity.kind ?? "document";
  const running = lines.filter(({ number }) => !identity.furniture.has(number));
  if (language) {
    yield fact("/documents/0/lang", language, 1, "inferred");
    yield fact("/language", language, 1, "inferred");
  }
  if (issuer) yield fact("/issuer", issuer.name, issuer.line);
  yield* findPlace(lines, identity.headings, source, lang);
  const lead = yield* findHeadline(lines, identity, lang);
  const asOf = yield* findAsOf(lines, identity, lead, lang);
  yield* findPeople(lines, identity.furniture, source, lang, language !== null);
  yield* findAction(lines, identity, source, lang);
  const dates = yield* findDates(splitSentences(running), {
    asOf: asOf?.date ?? null,
    issuedOn: identity.issuedOn,
    lang,
  });
  return dates;
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

/** Says why a document fills nothing. */
function* leave(
  lines: DocumentLine[],
  why: "columns" | "unknown-layout" | "several-appeals",
  words = "",
): Findings<Draft["dates"]> {
  yield doubt(why, null, words);
  return yield* findDates(splitSentences(lines), null);
}

/**
 * @param text a document's plain text, pasted or read from a file
 * @param profile names the issuers, and has the series UA and its words
 * @param unread parts of the file that have no text
 * @returns the draft, in which a document of no known layout, or of several appeals, fills nothing
 */
export function draftFrom(text: string, profile: Profile, unread: string[] = []): Draft {
  const { found: doubts, result: rows } = collect(linesOf(text));
  if (unread.length > 0) doubts.unshift(doubt("not-read", null, unread.join(", ")));
  const lines = documentLines(rows);
  const appeals = appealsIn(lines);
  const admitted = admit(
    lines,
    profile.imports.flatMap(({ issuers }) => issuers),
  );
  const extracted =
    appeals.length > 1
      ? leave(lines, "several-appeals", appeals.map(({ number }) => number).join(", "))
      : typeof admitted === "string"
        ? leave(lines, admitted)
        : extract(lines, admitted, profile);
  const { found, result } = collect(extracted);
  return { ...reconcile(lines, [...doubts, ...found], result), appeals };
}
