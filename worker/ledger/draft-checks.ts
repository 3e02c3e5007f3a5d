/** Validates the drafts and proposals in a backup. Unlike revisions they have no hash chain, so their shape is all that can be checked. */
import * as v from "valibot";
import { Note } from "../../shared/case/schema.ts";
import { type Failure, problemOf } from "../../shared/failure.ts";
import { notifications } from "../../shared/revision.ts";
import { DeskDraft } from "../editorial/desk.ts";
import { fieldIssues } from "../editorial/publication.ts";
import { BadLine, caseOf, type TableLine } from "../storage/backup-lines.ts";
import { proposalHash } from "./proposals.ts";
import { columnsOfDraft } from "./saved-drafts.ts";

const uuid = v.pipe(v.string(), v.uuid("must be a UUID"));
const integerFrom = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));

const DraftColumns = v.looseObject({ id: uuid, version: integerFrom(1), saved_at: integerFrom(0) });

/** `ProposedCommand` as a schema. */
const Command = v.strictObject({
  id: v.string(),
  case: v.looseObject({ id: v.string() }),
  note: Note,
  kind: v.picklist(["update", "correction"]),
  notify: v.picklist(notifications),
  editor: v.string(),
  basedOn: integerFrom(0),
  liveAt: v.optional(integerFrom(0)),
  replace: v.optional(integerFrom(1)),
});
const ProposalColumns = v.looseObject({
  id: uuid,
  proposed_at: integerFrom(0),
  salt: v.string(),
  hash: v.string(),
  content_version: integerFrom(1),
});

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

function mustBe(columns: TableLine["columns"], wanted: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(wanted))
    if (columns[name] !== value) throw new BadLine(`/columns/${name} doesn't match the content`);
}

function checkDraft(columns: TableLine["columns"]): void {
  read(DraftColumns, columns, "");
  const draft = read(DeskDraft, json(columns.content, "/content"), "/content");
  // An erasure finds drafts by these columns.
  mustBe(columns, columnsOfDraft(draft));
}

function checkProposal(columns: TableLine["columns"]): void {
  const { salt, hash, content_version: version } = read(ProposalColumns, columns, "");
  const written = json(columns.command, "/command");
  const command = read(Command, written, "/command");
  mustBe(columns, { case_id: command.id, editor: command.editor });
  caseOf(command.case, version, "/columns/command/case");
  if (command.case.id !== command.id) throw new BadLine("/columns/command/case/id doesn't match /columns/command/id");
  if (proposalHash(written as object, salt, version) !== hash)
    throw new BadLine("/columns/command was changed after it was proposed");
  if (columns.refused === null || columns.refused === undefined) return;
  try {
    problemOf(json(columns.refused, "/refused") as Failure);
  } catch {
    throw new BadLine("/columns/refused is not a refusal");
  }
}

/** @throws BadLine when the desk cannot have written the row */
export function checkDraftOrProposal({ row, columns }: TableLine): void {
  if (row === "draft") checkDraft(columns);
  if (row === "proposal") checkProposal(columns);
}
