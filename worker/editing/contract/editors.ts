/**
 * Routes for editors themselves: signing in, their passkeys and tokens, and who
 * is one.
 */
import * as v from "valibot";
import { paths } from "../../../shared/addresses.ts";
import {
  EditorAccess,
  EditorList,
  Enrolled,
  Enrolment,
  EnrolmentOptions,
  EnrolmentQuestion,
  Invited,
  MadeToken,
  NewInvitation,
  NewPasskey,
  NewRole,
  NewToken,
  Options,
  PasskeySignIn,
  RecoveryCodes,
  RecoverySignIn,
  SignedIn,
} from "../rules/editor-access.ts";
import { object, route, routes } from "./route.ts";

/** An authenticator's answer has some kilobytes. */
const LIMIT_BYTES = 32 * 1024;

const open = routes({ keep: "never" });
const mine = routes({
  access: "editor",
  keep: "never",
  role: "author",
  scope: "me",
});
const managing = routes({
  access: "editor",
  keep: "never",
  role: "administrator",
  scope: "editors",
});

export const editorRoutes = {
  signInOptions: open("POST", paths.deskSignInOptions, {
    summary:
      "What a browser needs to sign in with a passkey; nothing is stored",
    answers: {
      200: { description: "For navigator.credentials.get", schema: Options },
    },
    refuses: ["too-many-attempts", "unavailable", "workshop-unavailable"],
  }),
  signIn: open("POST", paths.deskSignIn, {
    summary: "Sign in with a passkey",
    body: { schema: PasskeySignIn, limitBytes: LIMIT_BYTES },
    answers: {
      201: { description: "A session of at most 12 hours", schema: SignedIn },
    },
    refuses: [
      "passkey-refused",
      "too-many-attempts",
      "unavailable",
      "workshop-unavailable",
    ],
  }),
  recover: open("POST", paths.deskRecovery, {
    summary: "Use up a recovery code, to make a new passkey",
    body: { schema: RecoverySignIn, limitBytes: LIMIT_BYTES },
    answers: {
      201: {
        description: "A session of 15 minutes that can only make a passkey",
        schema: SignedIn,
      },
    },
    refuses: ["unauthorized", "too-many-attempts", "unavailable"],
  }),
  signOut: route("DELETE", paths.deskSession, {
    access: "editor",
    keep: "never",
    role: "author",
    scope: null,
    summary: "End the session or token that the request was sent with",
    answers: { 204: { description: "It opens nothing any more" } },
  }),

  enrolmentOptions: open("POST", paths.deskEnrolmentOptions, {
    summary:
      "Who an invitation is for, and what a browser needs to make their first passkey",
    body: { schema: EnrolmentQuestion, limitBytes: LIMIT_BYTES },
    answers: {
      200: {
        description: "For navigator.credentials.create",
        schema: EnrolmentOptions,
      },
    },
    refuses: [
      "unknown-invitation",
      "too-many-attempts",
      "unavailable",
      "workshop-unavailable",
    ],
  }),
  enrol: open("POST", paths.deskEnrolment, {
    summary: "Accept an invitation with a first passkey",
    body: { schema: Enrolment, limitBytes: LIMIT_BYTES },
    answers: {
      201: { description: "Signed in, with recovery codes", schema: Enrolled },
    },
    refuses: [
      "unknown-invitation",
      "passkey-refused",
      "too-many-attempts",
      "unavailable",
      "workshop-unavailable",
    ],
  }),

  readAccess: mine("GET", paths.deskAccess, {
    summary: "Your passkeys, tokens and recovery codes",
    answers: { 200: { description: "Without secrets", schema: EditorAccess } },
  }),
  passkeyOptions: mine("POST", paths.deskPasskeyOptions, {
    fresh: "or-recovery",
    summary: "What a browser needs to make a further passkey",
    answers: {
      200: { description: "For navigator.credentials.create", schema: Options },
    },
    refuses: ["workshop-unavailable"],
  }),
  addPasskey: mine("POST", paths.deskPasskeys, {
    fresh: "or-recovery",
    summary: "Add a passkey",
    body: { schema: NewPasskey, limitBytes: LIMIT_BYTES },
    answers: { 201: object("Added", { id: v.string() }) },
    refuses: ["passkey-refused", "too-many-passkeys", "workshop-unavailable"],
  }),
  removePasskey: mine("DELETE", paths.deskPasskey, {
    fresh: true,
    summary: "Remove one of your passkeys, and end your sessions",
    answers: { 204: { description: "Removed" } },
    refuses: ["unknown-passkey", "last-passkey"],
  }),
  newRecoveryCodes: mine("POST", paths.deskRecoveryCodes, {
    fresh: true,
    summary: "Make new recovery codes; the earlier ones end",
    answers: { 201: { description: "The codes", schema: RecoveryCodes } },
  }),
  makeToken: mine("POST", paths.deskTokens, {
    fresh: true,
    summary:
      "Make a token for a program; it can never do more than your role allows when it is used",
    body: { schema: NewToken, limitBytes: LIMIT_BYTES },
    answers: { 201: { description: "The token", schema: MadeToken } },
    refuses: ["too-many-tokens"],
  }),
  revokeToken: mine("DELETE", paths.deskToken, {
    summary: "Revoke a token: your own or, as an administrator, anyone's",
    answers: { 204: { description: "It opens nothing any more" } },
    refuses: ["unknown-token"],
  }),

  listEditors: managing("GET", paths.deskEditors, {
    summary: "Editors with their roles, invitations that wait, and tokens",
    answers: { 200: { description: "Without secrets", schema: EditorList } },
  }),
  invite: managing("POST", paths.deskInvitations, {
    fresh: true,
    byNewSecret: true,
    summary: "Invite an editor",
    body: { schema: NewInvitation, limitBytes: LIMIT_BYTES },
    answers: {
      201: {
        description: "The link, for the invited editor alone",
        schema: Invited,
      },
    },
    refuses: ["name-taken", "too-many-editors"],
  }),
  cancelInvitation: managing("DELETE", paths.deskInvitation, {
    summary: "Cancel an invitation",
    answers: { 204: { description: "Its link opens nothing any more" } },
    refuses: ["unknown-invitation"],
  }),
  changeRole: managing("PUT", paths.deskEditor, {
    fresh: true,
    summary: "Change an editor's role, from their next request on",
    body: { schema: NewRole, limitBytes: LIMIT_BYTES },
    answers: { 204: { description: "Changed" } },
    refuses: ["unknown-editor", "last-administrator"],
  }),
  removeEditor: managing("DELETE", paths.deskEditor, {
    fresh: true,
    summary:
      "Remove an editor: sessions, tokens and passkeys end at once, and their drafts are erased",
    answers: { 204: { description: "Removed" } },
    refuses: ["unknown-editor", "last-administrator"],
  }),
} as const;
