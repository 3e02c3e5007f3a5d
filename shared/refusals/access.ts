/**
 * Refusals about who may do what: sign-in, roles, editors, passkeys and tokens.
 */
import type { Refusals, Texts } from "./refusals.ts";

const refusedPasskeys = {
  challenge: [
    "The answer came too late, was used before, or was for something else.",
    "Begin again.",
  ],
  unknown: [
    "No editor has this passkey. It may have been removed.",
    "Use another passkey, or a recovery code.",
  ],
  copied: [
    "This passkey's count of signatures went back, so a copy of it may be in use.",
    "Sign in with another passkey or a recovery code, remove this one, and tell an administrator.",
  ],
  known: [
    "This passkey is already in use here.",
    "Choose another device or password manager.",
  ],
  invalid: [
    "The passkey's answer is not valid for this address.",
    "Open the desk at its own address, and begin again.",
  ],
} satisfies Texts;

export const accessRefusals = {
  unauthorized: [
    401,
    "Not signed in",
    ({ at }: { at?: "webhook" }) =>
      at === "webhook"
        ? [
            "The webhook's secret is missing or wrong.",
            "Only Telegram sends updates to this address. Set WEBHOOK_SECRET, then run npm run setup -- --no-deploy.",
          ]
        : [
            "The token is missing or isn't recognised.",
            "Send an editor's token in Authorization: Bearer.",
          ],
  ],
  "too-many-attempts": [
    429,
    "Too many failed attempts",
    "Too many unrecognised tokens came from this IP address.",
    "Wait {seconds} seconds and try again.",
  ],
  /** A token of EDITORS, after an administrator has a passkey. */
  "door-closed": [
    401,
    "This token opened only the first door",
    "Editors of this deployment have passkeys and tokens of their own, so the tokens of its setting EDITORS open nothing any more.",
    "Sign in at /desk with a passkey, or make a token there under Me.",
  ],
  /** `role` or `scope` is what is missing. */
  forbidden: [
    403,
    "Not allowed",
    ({ role, scope }: { role?: string; scope?: string }) =>
      scope === undefined
        ? [
            `This needs the role ${role}. Nothing was changed.`,
            `Ask a colleague who is ${role === "author" ? "an editor" : `${role === "administrator" ? "an" : "a"} ${role}`}, or ask an administrator for the role.`,
          ]
        : scope === "me" || scope === "editors"
          ? [
              "No token may do that. Nothing was changed.",
              "Sign in at /desk with a passkey, and do it there.",
            ]
          : [
              `This token may not do that: it lacks the scope ${scope}. Nothing was changed.`,
              `Make a token with the scope ${scope}, or do it in the desk.`,
            ],
  ],
  "passkey-needed": [
    403,
    "Use your passkey again",
    ({ seconds, token }: { seconds: number; token?: true }) => [
      `This needs a passkey that was used in the last ${seconds / 60} minutes. Nothing was changed.`,
      token
        ? `Make a new token in the desk, and send the request with it within ${seconds / 60} minutes.`
        : "Sign in with your passkey again, and repeat the request.",
    ],
  ],
  "passkey-refused": [
    422,
    "The passkey was refused",
    ({ why }: { why: keyof typeof refusedPasskeys }) => refusedPasskeys[why],
  ],
  "unknown-invitation": [
    404,
    "The invitation is not valid",
    "It was used, cancelled, or is older than seven days.",
    "Ask an administrator for a new one.",
  ],
  "unknown-editor": [
    404,
    "Editor not found",
    "There is no editor {name}.",
    "GET /v1/desk/people lists the editors.",
  ],
  "unknown-passkey": [
    404,
    "Passkey not found",
    "You have no such passkey.",
    "GET /v1/desk/me/access lists yours.",
  ],
  "unknown-token": [
    404,
    "Token not found",
    "There is no such token, or it is another editor's.",
    "GET /v1/desk/me/access lists yours.",
  ],
  "last-passkey": [
    409,
    "It is your only passkey",
    "Without it you could not sign in. Nothing was changed.",
    "Add another passkey first.",
  ],
  "last-administrator": [
    409,
    "It is the last administrator",
    "Nobody could invite or remove editors any more. Nothing was changed.",
    "Make another editor administrator first.",
  ],
  "name-taken": [
    409,
    "The name is taken",
    ({ name, reserved }: { name: string; reserved?: true }) =>
      reserved
        ? [
            `${name} is, or looks like, a name in the settings EDITORS or FIRST_EDITORS, and only the operator invites these.`,
            "Choose another name, or ask the operator: docs/deploy.md says how.",
          ]
        : [
            `${name} is, or looks like, the name of an editor, or of drafts or proposals that are stored.`,
            "Choose another name. To invite an editor again, remove them first, which erases their drafts, and approve or reject their proposals.",
          ],
  ],
  "too-many-editors": [
    409,
    "Too many editors",
    "The limit is {most} editors and 100 invitations.",
    "Remove an editor or an invitation first.",
  ],
  "too-many-passkeys": [
    409,
    "Too many passkeys",
    "The limit is {most} passkeys for each editor.",
    "Remove one that you no longer use.",
  ],
  "too-many-tokens": [
    409,
    "Too many tokens",
    "The limit is {most} tokens for each editor.",
    "Revoke one that you no longer use.",
  ],
} as const satisfies Refusals;
