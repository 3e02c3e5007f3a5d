/** Parses the content of revisions as it leaves the storage. */

import type { Case } from "../../../shared/case/schema.ts";
import { parseContent } from "../../../shared/case/versions/content.ts";
import { CONTENT_VERSION } from "../../../shared/case/versions/steps.ts";
import { summaryOf } from "../../reads/summary.ts";
import { NewerData } from "../../runtime/newer-data.ts";
import type { Queries } from "../storage/queries.ts";
import { LedgerPart } from "./ledger-part.ts";
import type { RevisionRow } from "./revisions.ts";

type ContentRow = Pick<
  RevisionRow,
  "case_id" | "number" | "content" | "content_version"
>;

/** Rows in memory at once. */
const PAGE_ROWS = 50;

/** Parsed cases in memory. A case takes about 80 KB with its text. */
const MAX_PARSED = 100;

export class StoredContent extends LedgerPart {
  /**
   * By case, version and stored text, so that changed bytes are always parsed
   * again.
   */
  readonly #parsed = new Map<string, Case>();

  /**
   * The case in a revision.
   * @returns null when the content is erased, or "unshowable" when it isn't a
   * valid case
   */
  read(row: ContentRow): Case | "unshowable" | null {
    const { case_id: id, number, content, content_version: version } = row;
    if (content === null) return null;
    const key = `${id} ${version} ${content}`;
    const known = this.#parsed.get(key);
    if (known) return known;
    const parsed = parse(content, version, id);
    if ("fault" in parsed) {
      const fault = `shown: its stored content is invalid at ${parsed.fault}`;
      this.journal.logOnce(`${id} revision ${number}`, fault, {
        case: id,
        revision: number,
      });
      return "unshowable";
    }
    this.#parsed.set(key, parsed.case);
    if (this.#parsed.size > MAX_PARSED)
      this.#parsed.delete(this.#parsed.keys().next().value as string);
    return parsed.case;
  }

  /** The case in a revision; null when it is erased or can't be shown. */
  valid(row: ContentRow): Case | null {
    const found = this.read(row);
    return found === "unshowable" ? null : found;
  }

  /**
   * Forgets every case. Call it after an erasure, so that erased content
   * doesn't stay in memory.
   */
  forget(): void {
    this.#parsed.clear();
  }
}

function parse(
  content: string,
  version: number,
  id: string,
): ReturnType<typeof parseContent> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return { fault: "the whole case (it is not JSON)" };
  }
  const parsed = parseContent(value, version);
  return "case" in parsed && parsed.case.id !== id ? { fault: "id" } : parsed;
}

/**
 * @throws NewerData for a storage with content that only newer code understands
 */
export function refuseNewerContent(sql: Queries): void {
  for (const table of ["revisions", "drafts", "proposals", "derived"]) {
    const newest = sql.oneValue<number | null>(
      `SELECT MAX(content_version) FROM ${table}`,
    );
    if (newest !== null && newest > CONTENT_VERSION)
      throw new NewerData(
        `the Ledger holds content of version ${newest}, and this code knows only versions up to ${CONTENT_VERSION}.`,
      );
  }
}

/**
 * Derives summaries again when the version of content has changed, or a
 * migration has set the version in `derived` to 0 because summaries say more
 * than before.
 */
export function deriveSummaries({
  storage,
  sql,
  revisions,
  content,
  changes,
}: WholeJournal): void {
  if (sql.oneValue("SELECT content_version FROM derived") === CONTENT_VERSION)
    return;
  storage.transactionSync(() => {
    for (
      let page = revisions.after(0, PAGE_ROWS);
      page.length > 0;
      page = revisions.after(page.at(-1)!.sequence, PAGE_ROWS)
    )
      for (const row of page) {
        const fields = content.valid(row);
        if (row.content !== null)
          revisions.setSummary(
            row.sequence,
            fields && JSON.stringify(summaryOf(fields)),
          );
      }
    changes.renew();
    sql.exec("UPDATE derived SET content_version = ?", CONTENT_VERSION);
  });
}
