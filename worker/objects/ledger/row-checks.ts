/** Checks rows of a backup that are served or that decide who may do what. */
import * as v from "valibot";
import { EditorName } from "../../../shared/editor-name.ts";
import { cleanPicture } from "../../editing/rules/picture.ts";
import { fieldIssues } from "../../editing/rules/publication.ts";
import { roles } from "../../editing/rules/roles.ts";
import { bytesDigest } from "../../runtime/digest.ts";
import { BadLine, type TableLine } from "../storage/backup-lines.ts";
import { bytesOf } from "../storage/table-rows.ts";
import { columnsOfDraft, storedDraft } from "./saved-drafts.ts";

const EditorColumns = v.looseObject({
  name: EditorName,
  role: v.picklist(roles),
});

/**
 * The columns of a row. A draft's columns beside its content are derived again,
 * because erasures find it by them. A draft or proposal that can't be read is
 * restored as it was.
 * @throws BadLine for an editor who may not be one, and for a picture that
 * isn't one, or not the one that its name says
 */
export function checkedColumns({
  row,
  columns,
}: TableLine): TableLine["columns"] {
  if (row === "editor") {
    const { issues } = v.safeParse(EditorColumns, columns);
    const [issue] = fieldIssues(issues ?? []);
    if (issue) throw new BadLine(`/columns${issue.pointer} ${issue.message}`);
  }
  if (row === "portrait") {
    const bytes = bytesOf(columns.content);
    if (
      cleanPicture(bytes)?.type !== columns.type ||
      bytesDigest(bytes) !== columns.image
    )
      throw new BadLine(
        "it is not a picture of its type, or not the one that its name says",
      );
  }
  const draft =
    row === "draft"
      ? storedDraft(String(columns.content), Number(columns.content_version))
      : null;
  return draft ? { ...columns, ...columnsOfDraft(draft) } : columns;
}
