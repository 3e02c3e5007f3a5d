/** Validates drafts and proposals in a backup. Unlike revisions they have no hash chain, so only their shape can be checked. */
import * as v from "valibot";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import { EditorName } from "../../../shared/editor-name.ts";
import { type Failure, problemOf } from "../../../shared/failure.ts";
import { notifications, withdrawalReasons } from "../../../shared/revision.ts";
import { DeskDraft } from "../../editing/rules/desk.ts";
import { ErasureRequest } from "../../editing/rules/erase.ts";
import { cleanPicture } from "../../editing/rules/picture.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { ReadSentences } from "../../editing/rules/reading.ts";
import { roles } from "../../editing/rules/roles.ts";
import { bytesDigest } from "../../runtime/digest.ts";
import { BadLine, caseOf, type TableLine } from "../storage/backup-lines.ts";
import { bytesOf } from "../storage/table-rows.ts";
import { proposalHash } from "./proposals.ts";
import { columnsOfDraft } from "./saved-drafts.ts";

type Columns = TableLine["columns"];

const uuid = v.pipe(v.string(), v.uuid("must be a UUID"));
const integerFrom = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));

const contentVersion = v.pipe(
  integerFrom(1),
  v.maxValue(CONTENT_VERSION, `must be at most ${CONTENT_VERSION}; a newer Casewire may have made this`),
);

const DraftColumns = v.looseObject({
  id: uuid,
  version: integerFrom(1),
  saved_at: integerFrom(0),
  content_version: v.optional(contentVersion, 1),
});

/** `ProposedCommand` as a schema. */
const Command = v.strictObject({
  id: v.string(),
  case: v.looseObject({ id: v.string() }),
  note: v.record(v.string(), v.string()),
  kind: v.picklist(["update", "correction", "withdrawal", "erasure"]),
  reason: v.optional(v.picklist(withdrawalReasons)),
  notify: v.picklist(notifications),
  editor: v.string(),
  basedOn: integerFrom(0),
  liveAt: v.optional(integerFrom(0)),
  replace: v.optional(integerFrom(1)),
  source: v.optional(v.record(v.string(), v.unknown())),
  reading: v.optional(ReadSentences),
  ...v.partial(ErasureRequest).entries,
});
const ProposalColumns = v.looseObject({
  id: uuid,
  proposed_at: integerFrom(0),
  salt: v.string(),
  hash: v.string(),
  content_version: contentVersion,
});

const EditorColumns = v.looseObject({ name: EditorName, role: v.picklist(roles), added_at: integerFrom(0) });

function read<S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = fieldIssues(parsed.issues);
  throw new BadLine(`/columns${where}${issue?.pointer ?? ""} ${issue?.message}`);
}

function json(text: unknown, where: string): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    throw new BadLine(`/columns${where} is not JSON`);
  }
}

function mustBe(columns: Columns, wanted: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(wanted))
    if (columns[name] !== value) throw new BadLine(`/columns/${name} doesn't match the content`);
}

const draftIn = ({ content }: Columns): DeskDraft => read(DeskDraft, json(content, "/content"), "/content");

function checkDraft(columns: Columns): void {
  // An erasure finds drafts by these columns.
  mustBe(columns, columnsOfDraft(draftIn(columns)));
}

function commandIn(columns: Columns) {
  const { content_version: version } = read(ProposalColumns, columns, "");
  const written = json(columns.command, "/command");
  const command = read(Command, written, "/command");
  caseOf(command.case, version, "/columns/command/case");
  return { written, command };
}

function checkProposal(columns: Columns): void {
  const { salt, hash, content_version: version } = read(ProposalColumns, columns, "");
  const { written, command } = commandIn(columns);
  mustBe(columns, { case_id: command.id, editor: command.editor });
  if (command.case.id !== command.id) throw new BadLine("/columns/command/case/id doesn't match /columns/command/id");
  if (proposalHash(written as object, salt, version) !== hash)
    throw new BadLine("/columns/command was changed after it was proposed");
  if (typeof columns.refused === "string" && !isRefusal(columns.refused))
    throw new BadLine("/columns/refused is not a refusal");
}

function isRefusal(text: string): boolean {
  try {
    return Boolean(problemOf(JSON.parse(text) as Failure));
  } catch {
    return false;
  }
}

/** True if the content is missing or has a shape that the desk can't have written. */
function isDamaged({ row, columns }: TableLine): boolean {
  try {
    if (row === "draft") draftIn(columns);
    if (row === "proposal") commandIn(columns);
    return false;
  } catch (error) {
    if (error instanceof BadLine) return true;
    throw error;
  }
}

/** A draft or proposal for a backup: marked when it is damaged, else with sound columns beside its content. */
export function exportedRow(line: TableLine): TableLine {
  const { row, columns } = line;
  if (row === "portrait" || row === "editor") return line;
  if (isDamaged(line)) return { ...line, damaged: true };
  if (row === "draft") return { row, columns: { ...columns, ...columnsOfDraft(draftIn(columns)) } };
  const refused = typeof columns.refused === "string" && isRefusal(columns.refused) ? columns.refused : null;
  return { row, columns: { ...columns, refused } };
}

/**
 * Accepts a damaged row only if it was damaged before the export.
 * @throws BadLine when the desk cannot have written the row
 */
export function checkDraftOrProposal(line: TableLine): void {
  const { row, columns, damaged } = line;
  if (row === "draft") read(DraftColumns, columns, "");
  if (row === "proposal") read(ProposalColumns, columns, "");
  if (row === "editor") read(EditorColumns, columns, "");
  if (damaged) {
    if (isDamaged(line)) return;
    throw new BadLine("it is marked as damaged, but its content is not");
  }
  if (row === "draft") checkDraft(columns);
  if (row === "proposal") checkProposal(columns);
  if (row === "portrait") checkPortrait(columns);
}

/** A picture is served, so it must be one, and the one that its name says. @throws BadLine */
function checkPortrait({ image, type, content }: Columns): void {
  const bytes = bytesOf(content);
  if (cleanPicture(bytes)?.type !== type || bytesDigest(bytes) !== image)
    throw new BadLine("it is not a picture of its type, or not the one that its name says");
}
