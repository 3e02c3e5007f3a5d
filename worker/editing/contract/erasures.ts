/** Routes for erasures: an editor names what must be unsaid. */
import { paths } from "../../../shared/addresses.ts";
import { Proposed } from "../rules/desk.ts";
import { Erased, ErasurePreview, ErasureRequest } from "../rules/erase.ts";
import { CASE_LIMIT_BYTES, publishes } from "./editing.ts";
import { route } from "./route.ts";

const erasureRefusals = [
  "unknown-case",
  "withdrawn",
  "nothing-to-erase",
  "precondition-failed",
  "overtakes-pending",
  "unshowable",
] as const;

export const erasureRoutes = {
  erase: route({
    ...publishes,
    method: "POST",
    path: paths.deskErasure,
    summary: "Erase people, names, sentences or entries from a case, its pending revisions and other cases",
    precondition: "number",
    body: { schema: ErasureRequest, limitBytes: CASE_LIMIT_BYTES },
    answers: {
      201: { description: "Committed", schema: Erased },
      202: {
        description: "Proposed; where two editors must agree, one editor alone erases or withdraws once within an hour",
        schema: Proposed,
      },
    },
    refuses: [
      ...erasureRefusals,
      "other-outcome",
      "too-many-proposals",
      "name-remains",
      "name-elsewhere",
      "erasure-unseen",
      "unknown-draft",
      "unknown-proposal",
    ],
  }),
  previewErasure: route({
    ...publishes,
    method: "POST",
    path: paths.deskErasurePreview,
    summary: "Preview an erasure: each place, and what it leaves; nothing is stored",
    precondition: "number",
    body: { schema: ErasureRequest, limitBytes: CASE_LIMIT_BYTES },
    answers: { 200: { description: "What the erasure would do", schema: ErasurePreview } },
    refuses: [...erasureRefusals],
  }),
} as const;
