import type { DeskRecord } from "../../../shared/desk.ts";

export interface CaseDeedsProps {
  id: string;
  record: DeskRecord;
  /** Reads the case again. */
  onChanged: () => void;
}

/** What is pending, to be undone; withdrawal and redaction. */
export function CaseDeeds(_: CaseDeedsProps) {
  return null;
}
