import type { DeskDraft, Preview } from "../../../shared/desk.ts";

export interface PublishBarProps {
  /** The draft's id, and its version on the server; null when it was never saved. */
  id: string;
  version: number | null;
  draft: DeskDraft;
  onDraft: (change: (before: DeskDraft) => DeskDraft) => void;
  /** How many fields stand against publication. */
  problems: number;
  preview: Preview | null;
}

/** Whether the draft is saved, and the way to its publication. */
export function PublishBar(_: PublishBarProps) {
  return null;
}
