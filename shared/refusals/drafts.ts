/** Refusals about drafts, proposals and pictures. */
import type { Refusals } from "./refusals.ts";

export const draftRefusals = {
  "unknown-draft": [
    404,
    "Draft not found",
    "You have no saved draft {id}. It may have been published, deleted, or erased with its case.",
    "GET /v1/desk/drafts lists your drafts. To save a new one, send If-None-Match: *.",
  ],
  "draft-changed": [
    412,
    "The draft was saved elsewhere",
    "Version {version} was saved at {savedAt}, perhaps on another device. Nothing was changed.",
    'Read the draft again, merge your changes, and send If-Match: "{version}".',
  ],
  "draft-erased": [
    410,
    "The case was redacted",
    "Revision {number} of {id} erased all earlier content, and every draft based on it.",
    "Start again from GET /v1/desk/cases/{id}.",
  ],
  "draft-unread": [
    409,
    "A name in the draft was erased elsewhere",
    "An erasure in another case took out a name that stands in your draft {id}. Nothing was published.",
    "Read the draft, take the name out if it means the same person, and save it. Then publish.",
  ],
  "too-many-drafts": [
    409,
    "Too many drafts",
    "The limit is {most} drafts for each editor. This draft was not saved.",
    "Publish or delete a draft that you no longer need.",
  ],
  "unknown-proposal": [
    404,
    "Proposal not found",
    "There is no proposal {id}. It may have been approved, rejected, taken back, or erased with its case.",
    "GET /v1/desk/proposals lists the proposals that wait.",
  ],
  "proposal-changed": [
    412,
    "The hash is not that of the proposal",
    "An editor must approve exactly what they have read. Nothing was changed.",
    'Read the proposal. If you approve it, send If-Match: "{hash}".',
  ],
  "new-pair": [
    403,
    "You count as one person",
    "You and {author} are connected by invitations of the last 30 days: one of you invited the other, or the same editor invited both.",
    "Ask an editor whom somebody else invited. For a new newsroom, the operator confirms its first two editors in set-up (docs/deploy.md).",
  ],
  "own-proposal": [
    403,
    "A second editor must approve it",
    "Editors can't approve their own proposals.",
    "Ask another editor, or take it back (DELETE).",
  ],
  "proposal-overdue": [
    409,
    "The proposed moment has passed",
    "The proposed moment is {asked}, and the earliest possible moment is {earliest}. The proposal was not changed.",
    "Reject it. It returns to its author's drafts, and the author can propose it for a later moment.",
  ],
  "too-many-proposals": [
    409,
    "Too many proposals",
    "The limit is {most} proposals for each {of}.",
    "Approve, reject or take back a proposal first.",
  ],
  damaged: [
    500,
    "The stored content is damaged",
    "The stored content of {row} {id} can't be read.",
    "Discard the {row}, and write it again.",
  ],
  "too-many-portraits": [
    409,
    "Too many pictures",
    ({ most, unseen }: { most: number; unseen?: boolean }) =>
      unseen
        ? [
            `You have stored ${most} pictures that readers have not seen. This picture was not stored.`,
            "Publish them. Those that no revision names are erased 30 days after they were stored.",
          ]
        : [
            `The limit is ${most} pictures for each case. This picture was not stored.`,
            "Publish the case without the pictures that it no longer needs: they are erased at its moment.",
          ],
  ],
  "portrait-named": [
    409,
    "The picture is not only in drafts",
    "A revision or a proposal names this picture.",
    "Publish the case without it: the picture is erased at that moment. Or take the proposal back first.",
  ],
} as const satisfies Refusals;
