/**
 * Makes the draft from the findings. This is the only place that fills a field,
 * and it holds the rules that every value must keep.
 */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { type Draft, warningOf } from "./draft.ts";
import type { Finding } from "./finding.ts";
import type { DocumentLine } from "./lines.ts";
import { mixesScripts } from "./names.ts";
import { distinct } from "./numbers.ts";

/** Keeps a garbled page from flooding its editor with warnings. */
const MAX_WARNINGS_PER_TAG = 20;
/**
 * In characters on each side: dates on one long line would each repeat the
 * line.
 */
const MAX_DATE_CONTEXT = 200;

/** A sentence's words around a date. */
function around(text: string, date: string): string {
  const at = text.indexOf(date);
  return text.slice(
    Math.max(0, at - MAX_DATE_CONTEXT),
    at + date.length + MAX_DATE_CONTEXT,
  );
}

/**
 * Fields whose value must be the document's own words. All others are codes,
 * dates and numbers.
 */
const verbatim =
  /^\/(?:people\/\d+\/names\/\d+\/value|action\/targets\/\d+\/(?:name|address|email|salutation))$/;

/**
 * White space and hyphens aside, since both may come from the end of a line.
 */
const solid = (text: string) => text.replace(/[\s\p{Pd}]+/gu, "");

/** The object that holds a pointer's last key, made on demand; and that key. */
function parentOf(
  fields: object,
  pointer: string,
): [Record<string, unknown>, string] {
  const parts = pointer.slice(1).split("/");
  const last = parts.pop() as string;
  let at = fields as Record<string, unknown>;
  for (const [index, part] of parts.entries()) {
    at[part] ??= /^\d+$/.test(parts[index + 1] ?? last) ? [] : {};
    at = at[part] as Record<string, unknown>;
  }
  return [at, last];
}

const isIn = (pointer: string | undefined, at: string) =>
  `${pointer ?? ""}/`.startsWith(`${at}/`);

/** @param lines the lines that the extractors read */
export function reconcile(
  lines: DocumentLine[],
  findings: Finding[],
  dates: Draft["dates"],
  appeals: Draft["appeals"],
): Draft {
  const draft: Draft = {
    ...{ case: {}, provenance: [], warnings: [], appeals },
    dates: dates.map((one) => ({
      ...one,
      text: around(one.text, one.asStated),
    })),
  };
  const { provenance, warnings } = draft;
  const whole = solid(lines.map(({ text }) => text).join(""));
  const isSpan = (value: string) =>
    value.split("\n").every((part) => whole.includes(solid(part)));
  for (const finding of findings) {
    if ("tag" in finding) warnings.push(finding);
    else {
      const { pointer, value, line } = finding;
      const isMixed =
        typeof value === "string" && value.split(/\s/).some(mixesScripts);
      if (isMixed || (verbatim.test(pointer) && !isSpan(value as string))) {
        warnings.push(
          warningOf(
            isMixed ? "name-mixes-scripts" : "does-not-fit",
            line,
            value as string,
            pointer,
          ),
        );
        continue;
      }
      const [parent, key] = parentOf(draft.case, pointer);
      parent[key] = value;
      provenance.push(finding);
    }
  }
  // Remove fields that the case's schema rejects, each with a warning, so that
  // a draft holds no impossible value.
  for (const { path } of v.safeParse(Case, draft.case).issues ?? []) {
    const at = `/${(path ?? []).map(({ key }) => String(key)).join("/")}`;
    const filled = provenance.findIndex(({ pointer }) => isIn(at, pointer));
    const field = provenance[filled];
    if (!field) continue;
    const [parent, key] = parentOf(draft.case, field.pointer);
    delete parent[key];
    provenance.splice(filled, 1);
    warnings.push(
      warningOf(
        "does-not-fit",
        field.line,
        JSON.stringify(field.value),
        field.pointer,
      ),
    );
  }
  const perTag = new Map<string, number>();
  draft.warnings = distinct(warnings, JSON.stringify).filter(({ tag }) => {
    perTag.set(tag, (perTag.get(tag) ?? 0) + 1);
    return (perTag.get(tag) ?? 0) <= MAX_WARNINGS_PER_TAG;
  });
  return draft;
}
