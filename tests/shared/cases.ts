/** The project's two cases, parsed, and a first revision to show them with. */
import * as v from "valibot";
import { Case } from "../../shared/case/schema.ts";
import { localeTags } from "../../shared/locale.ts";
import { message } from "../../shared/messages.ts";
import type { Revision } from "../../shared/revision.ts";
import demoFile from "../../worker/tools/local/cases/ua-0-00.json" with { type: "json" };
import kukuFile from "../../worker/tools/local/cases/ua-126-19.json" with { type: "json" };

export const demo = v.parse(Case, demoFile);
export const ua12619 = v.parse(Case, kukuFile);

export const first: Revision = {
  number: 1,
  sequence: 1,
  kind: "update",
  note: Object.fromEntries(localeTags.map((tag) => [tag, message(tag, "page.history.first")])),
  committedAt: "2026-11-25T10:00:00.000Z",
  liveAt: "2026-11-25T10:00:07.000Z",
  hash: "",
  contentHash: "",
  previousHash: "",
  changes: [],
};
