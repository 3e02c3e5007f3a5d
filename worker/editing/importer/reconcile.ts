/** Makes the draft from the findings. This is the only place that fills a field, and it holds the rules that every value must keep. */
import * as v from "valibot";
import { Case } from "../../../shared/case/schema.ts";
import { type Draft, type Told, toldFields, toldPointers, warningOf } from "./draft.ts";
import type { Finding } from "./finding.ts";
import type { DocumentLine } from "./lines.ts";
import { mixesScripts } from "./name-forms.ts";

/** Keeps a garbled page from flooding its editor with warnings. */
const MAX_WARNINGS_PER_TAG = 20;
const MAX_RESTATED_TEXTS = 200;
const MAX_RESTATED_LENGTH = 8000;
/** In characters on each side: dates on one long line would each repeat the line. */
const MAX_DATE_CONTEXT = 200;

/** A sentence's words around a date. */
function around(text: string, date: string): string {
  const at = text.indexOf(date);
  return text.slice(Math.max(0, at - MAX_DATE_CONTEXT), at + date.length + MAX_DATE_CONTEXT);
}

/** Fields whose value must be the document's own words. All others are codes, dates and numbers. */
const verbatim = /^\/(?:people\/\d+\/names\/\d+\/value|action\/targets\/\d+\/(?:name|address|email|salutation))$/;

/** White space and hyphens aside, since both may come from the end of a line. */
const solid = (text: string) => text.replace(/[\s\p{Pd}]+/gu, "");

/** A test for spans of the document. */
function spans(lines: DocumentLine[]): (value: string) => boolean {
  const text = solid(lines.map(({ text: words }) => words).join(""));
  return (value) => value.split("\n").every((part) => text.includes(solid(part)));
}

function put(fields: Draft["case"], pointer: string, value: unknown): void {
  const parts = pointer.slice(1).split("/");
  const last = parts.pop() as string;
  let at = fields as Record<string, unknown>;
  for (const [index, part] of parts.entries()) {
    at[part] ??= /^\d+$/.test(parts[index + 1] ?? last) ? [] : {};
    at = at[part] as Record<string, unknown>;
  }
  at[last] = value;
}

function remove(fields: Draft["case"], pointer: string): void {
  const parts = pointer.slice(1).split("/");
  const last = parts.pop() as string;
  const parent = parts.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], fields);
  delete (parent as Record<string, unknown> | undefined)?.[last];
}

/** Doubts about a list as a whole. The list is doubtful even if some of its entries are certain. */
const listDoubts = ["name-not-certain", "name-mixes-scripts", "count-differs", "target-not-certain"];

const isIn = (pointer: string | undefined, at: string) => `${pointer ?? ""}/`.startsWith(`${at}/`);

/** Fields that every entry of a list should have. They are doubtful when one entry lacks them. */
const ofEntries: Partial<Record<Told["field"], { list: string; pattern: RegExp }>> = {
  pronouns: { list: "/people", pattern: /^(\/people\/\d+)\/(pronouns$)?/ },
  languages: { list: "/action/targets", pattern: /^(\/action\/targets\/\d+)\/(languages$)?/ },
};

function toldOfEntries(
  field: Told["field"],
  { list, pattern }: { list: string; pattern: RegExp },
  { provenance, warnings }: Draft,
): Told {
  const known = new Set(provenance.map(({ pointer }) => pointer));
  // An entry of the list that was not read may have the field too.
  const doubt = warnings.find(
    ({ pointer = "", line, tag }) =>
      line !== null &&
      !known.has(pointer) &&
      (pattern.exec(pointer)?.[2] || (pointer === list && listDoubts.includes(tag))),
  );
  if (doubt) return { field, state: "doubtful", line: doubt.line as number, words: doubt.found };
  const told = (state: "filled" | "doubtful", { value, line }: Draft["provenance"][number]): Told => ({
    field,
    state,
    line,
    words: String(value),
  });
  const lacking = new Map<string, Draft["provenance"][number]>();
  let filled: Draft["provenance"][number] | undefined;
  for (const one of provenance) {
    const [, entry, own] = pattern.exec(one.pointer) ?? [];
    if (entry !== undefined && !lacking.has(entry)) lacking.set(entry, one);
    if (own !== undefined) filled ??= one;
  }
  if (!filled) return { field, state: "absent" };
  for (const { pointer } of provenance) {
    const [, entry, own] = pattern.exec(pointer) ?? [];
    if (entry !== undefined && own !== undefined) lacking.delete(entry);
  }
  const [lack] = lacking.values();
  return lack ? told("doubtful", lack) : told("filled", filled);
}

function told(draft: Draft): Told[] {
  const { provenance, toRestate, warnings } = draft;
  return toldFields.map((field): Told => {
    const entries = ofEntries[field];
    if (entries) return toldOfEntries(field, entries, draft);
    const at = toldPointers[field];
    const doubts = warnings.filter(({ pointer, line }) => line !== null && isIn(pointer, at));
    const fact = provenance.find(({ pointer }) => isIn(pointer, at));
    const isList = field === "people" || field === "addressees";
    const doubt = fact
      ? doubts.find(({ tag, pointer }) => isList && pointer === at && listDoubts.includes(tag))
      : doubts[0];
    if (doubt) return { field, state: "doubtful", line: doubt.line as number, words: doubt.found };
    const { value } = fact ?? {};
    if (fact)
      return {
        field,
        state: "filled",
        line: fact.line,
        words: typeof value === "string" ? value : JSON.stringify(value),
      };
    // The case gets no title before a person has written one.
    const words = toRestate.find(({ pointer }) => isIn(pointer, at));
    return words
      ? { field, state: field === "title" ? "filled" : "doubtful", line: words.line, words: words.text.slice(0, 200) }
      : { field, state: "absent" };
  });
}

/** @param lines the lines that the extractors read */
export function reconcile(lines: DocumentLine[], findings: Iterable<Finding>, dates: Draft["dates"]): Draft {
  const draft: Draft = {
    case: {},
    provenance: [],
    toRestate: [],
    warnings: [],
    found: [],
    appeals: [],
    dates: dates.map((one) => ({ ...one, text: around(one.text, one.asStated) })),
  };
  const { provenance, toRestate, warnings } = draft;
  const isSpan = spans(lines);
  const perTag = new Map<string, number>();
  const known = new Set<string>();
  const warn = (...about: Parameters<typeof warningOf>) => {
    const warning = warningOf(...about);
    const { tag, message, line, pointer } = warning;
    // One warning with a pointer says more than the same one without.
    const key = JSON.stringify([message, line, pointer]);
    if (
      known.has(key) ||
      (pointer === undefined && warnings.some((one) => one.message === message && one.line === line))
    )
      return;
    known.add(key);
    const count = (perTag.get(tag) ?? 0) + 1;
    perTag.set(tag, count);
    if (count <= MAX_WARNINGS_PER_TAG) warnings.push(warning);
  };
  for (const finding of findings) {
    const { line } = finding;
    if (finding.kind === "doubt") warn(finding.tag, line, finding.found, finding.pointer);
    else if (finding.kind === "prose") {
      const { pointer, text } = finding;
      if (text && toRestate.length < MAX_RESTATED_TEXTS)
        toRestate.push({ pointer, text: text.slice(0, MAX_RESTATED_LENGTH), line: finding.line });
    } else {
      const { pointer, value, certainty } = finding;
      if (typeof value === "string" && value.split(/\s/).some(mixesScripts)) {
        warn("name-mixes-scripts", line, value, pointer);
        continue;
      }
      if (verbatim.test(pointer) && !isSpan(value as string)) {
        warn("does-not-fit", line, value as string, pointer);
        continue;
      }
      put(draft.case, pointer, value);
      provenance.push({ pointer, value, line: finding.line, certainty });
    }
  }
  // Remove fields that the case's schema rejects, each with a warning, so that a draft holds no impossible value.
  for (const { path } of v.safeParse(Case, draft.case).issues ?? []) {
    const at = `/${(path ?? []).map(({ key }) => String(key)).join("/")}`;
    const filled = provenance.findIndex(({ pointer }) => isIn(at, pointer));
    const field = provenance[filled];
    if (!field) continue;
    remove(draft.case, field.pointer);
    provenance.splice(filled, 1);
    warn("does-not-fit", field.line, JSON.stringify(field.value), field.pointer);
  }
  draft.found = told(draft);
  return draft;
}
