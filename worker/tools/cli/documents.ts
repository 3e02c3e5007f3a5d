/**
 * `check` and `import`. They run the desk's importer and checks on this
 * machine.
 */

import { languagesIn, sourceDigest } from "../../../shared/case/text.ts";
import { isFields } from "../../../shared/fields.ts";
import { printNumber } from "../../../shared/profile/numbers.ts";
import type { Profile } from "../../../shared/profile/schema.ts";
import type { Draft } from "../../editing/importer/importer.ts";
import { intoCase } from "../../editing/importer/into-case.ts";
import { readBeside } from "../../editing/rules/beside.ts";
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import {
  type Difference,
  differencesBetween,
} from "../../editing/rules/merge.ts";
import { pointerTo } from "../../editing/rules/pointers.ts";
import { parsePublication } from "../../editing/rules/publication.ts";
import type { ListedSentence } from "../../editing/rules/reading.ts";
import {
  type TranslationUnit,
  translationUnits,
} from "../../editing/rules/translations.ts";
import { inEnglish } from "./ask.ts";
import { configuredDeployment } from "./deployment.ts";
import {
  type Publication,
  publicationFile,
  quoted,
  readInput,
  writeNew,
} from "./files.ts";
import { type CommandOutcome, count, Stop } from "./outcome.ts";
import { configuredProfile } from "./profile.ts";

const printLine = (line: number | null) =>
  line === null ? "whole text" : `line ${line}`;

/** "UA 126/19, 6 people" */
function summaryOf(
  { number, people }: UnfinishedCase,
  profile: Profile,
): string {
  const named = number?.series && Number.isInteger(number.number);
  const known = named
    ? printNumber(number as never, profile)
    : "a case without a number";
  return `${known}, ${count(Array.isArray(people) ? people.length : 0, "person", "people")}`;
}

const readLine = (draft: Draft, profile: Profile) =>
  `Read: ${summaryOf(draft.case, profile)}; ${count(draft.provenance.length, "field")} filled.`;

const warningLines = ({ warnings }: Draft) => [
  ...(warnings.length > 0 ? [`Warnings (${warnings.length}):`] : []),
  ...warnings.map(
    ({ line, pointer, tag, found }) =>
      `  ${printLine(line)}${pointer ? ` ${pointer}` : ""}: ${inEnglish(`warning.${tag}`, { found })}`,
  ),
];

/**
 * What was filled in, and the sentences that a person must judge, of which
 * nothing is filled in.
 */
const readingLines = (
  { provenance }: Draft,
  sentences: readonly ListedSentence[],
) => [
  ...provenance.map(
    ({ pointer, value, line }) =>
      `  line ${line} ${pointer}: ${JSON.stringify(value).slice(0, 100)}`,
  ),
  ...(sentences.length > 0
    ? [
        `Sentences about people (${sentences.length}). Nothing is filled in from them; enter what they state:`,
      ]
    : []),
  ...sentences.map(({ line, sentence, offers, contradicts = [] }) => {
    const remarks = [
      ...contradicts.map(
        ({ field, now, value }) => `contradicts ${field} ${now}: ${value}`,
      ),
      ...offers.map(
        ({ person, field, value }) => `${person}: ${field} ${value}`,
      ),
    ];
    return `  line ${line}: ${sentence.slice(0, 160)}${remarks.length > 0 ? ` [${remarks.join("; ")}]` : ""}`;
  }),
];

/**
 * The texts that a language lacks, and its outdated translations. They don't
 * prevent a publish.
 */
const missingIn = (fields: UnfinishedCase, languages: readonly string[]) =>
  [...new Set([...languages, ...languagesIn(fields)])]
    .filter((lang) => lang !== fields.language)
    .map((lang) => {
      const units = translationUnits(fields, lang);
      const pointersOf = (wanted: TranslationUnit["state"]) =>
        units.flatMap(({ state, path }) =>
          state === wanted ? [pointerTo(["case", ...path])] : [],
        );
      return {
        lang,
        pointers: pointersOf("missing"),
        outdated: pointersOf("outdated"),
        of: units.length,
      };
    });

const missingLines = (translations: ReturnType<typeof missingIn>) =>
  translations.flatMap(({ lang, pointers, outdated, of }) => [
    ...(pointers.length > 0
      ? [`  ${lang}: ${pointers.length} of ${count(of, "text")} not translated`]
      : []),
    ...(outdated.length > 0
      ? [
          `  ${lang}: ${count(outdated.length, "translation")} outdated: ${outdated.join(", ")}`,
        ]
      : []),
  ]);

export async function check(
  outcome: CommandOutcome,
  file: string,
): Promise<void> {
  const profile = configuredProfile();
  const publication = await publicationFile(file);
  const { basedOn: _, note = {}, ...body } = publication;
  const { language } = publication.case;
  // A case without a note is valid, as from `show`: the note is written when
  // the case is published.
  const hasNote = !isFields(note) || Object.keys(note).length > 0;
  const candidate = {
    kind: "update",
    ...body,
    note: hasNote ? note : { [language ?? "en"]: "-" },
  };
  const parsed = parsePublication(candidate, Date.now(), profile);
  const missing = missingIn(publication.case, profile.languages);
  if ("issues" in parsed)
    throw new Stop("refused", {
      title: `${file} can't be published`,
      detail: `${summaryOf(publication.case, profile)}: ${count(parsed.issues.length, "field")} to fix.`,
      remedy: "Fix the fields listed, and check the file again.",
      issues: parsed.issues,
      missing,
    });
  const gaps = missingLines(missing);
  outcome.say(
    `${file} can be published: ${summaryOf(publication.case, profile)}.`,
    ...(gaps.length > 0 ? ["Missing, but not required:", ...gaps] : []),
  );
  outcome.result({ valid: true, missing });
}

/**
 * One line for a difference. For two objects, only the members that differ are
 * printed.
 */
export function differenceLine({ at, before, after }: Difference): string {
  const short = (value: unknown, other: unknown) => {
    if (value === undefined) return "nothing";
    const own =
      isFields(value) && isFields(other)
        ? Object.fromEntries(
            Object.entries(value).filter(
              ([key, part]) =>
                JSON.stringify(part) !== JSON.stringify(other[key]),
            ),
          )
        : value;
    const text = JSON.stringify(own);
    return text.length > 90 ? `${text.slice(0, 89)}…` : text;
  };
  return `  ${at}: ${short(before, after)} → ${short(after, before)}`;
}

export async function importDocument(
  outcome: CommandOutcome,
  file: string,
  { output, offline = false }: { output?: string; offline?: boolean },
): Promise<void> {
  const profile = configuredProfile();
  const read = await readInput(file, profile);
  if (read.what !== "document")
    throw new Stop("refused", {
      title: "This is already a case",
      detail: `${file} is JSON, not a document.`,
      remedy: "Publish it with `publish`.",
    });
  const { draft, text: document } = read;
  const { id } = draft.case;
  const current =
    offline || id === undefined
      ? null
      : await (await configuredDeployment(outcome)).newest(id);
  const fields = current?.case
    ? intoCase(current.case, draft.case)
    : draft.case;
  const { sentences, warnings } = readBeside(
    draft.case,
    document,
    current?.case ?? null,
    profile,
  );
  draft.warnings.push(...warnings);
  const differences = current?.case
    ? differencesBetween(current.case, fields)
    : [];
  const publication: Publication = {
    ...{
      basedOn: current?.revision.number ?? 0,
      case: fields,
      note: {},
      kind: "update",
    },
    ...(sentences.length > 0 && {
      reading: {
        document: sourceDigest(document),
        sentences: sentences.map(({ id, line, sentence }) => ({
          id,
          line,
          sentence,
          verdict: null,
        })),
      },
    }),
  };
  outcome.note(
    readLine(draft, profile),
    ...(current?.case
      ? [
          `Merged into revision ${current.revision.number} of ${id}: ${count(differences.length, "field")} changed.`,
          ...differences.map(differenceLine),
        ]
      : []),
    ...readingLines(draft, sentences),
    ...warningLines(draft),
  );
  const text = `${JSON.stringify(publication, null, 2)}\n`;
  if (output) await writeNew(output, text);
  else if (!outcome.json) outcome.terminal.stdout.write(text);
  if (output)
    outcome.note(
      `Wrote ${output}. Edit it, then run \`check ${quoted(output)}\` and \`publish ${quoted(output)}\`.`,
    );
  outcome.result({
    publication,
    differences,
    ...draft,
    sentences,
    case: undefined,
  });
}
