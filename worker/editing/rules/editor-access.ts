/**
 * Editors, their roles and their ways to sign in, as the API and the editors'
 * programs see them.
 */
import * as v from "valibot";
import {
  Count as count,
  described,
  Timestamp as moment,
} from "../../../shared/described.ts";
import { EditorName } from "../../../shared/editor-name.ts";
import { words } from "./erase.ts";
import { MAX_TOKEN_DAYS, roles, scopes, tokenScopes } from "./roles.ts";

const role = v.picklist(roles, `must be one of ${roles.join(", ")}`);

const label = words(100);
const secretText = v.pipe(
  v.string(),
  v.maxLength(200, "must be at most 200 characters"),
);

/**
 * An answer of a browser's authenticator, or options for one (WebAuthn, JSON
 * form).
 */
const webauthn = described(
  v.record(v.string(), v.unknown()),
  "The JSON form of WebAuthn Level 3",
);

export const Options = v.object({ options: webauthn });

export const PasskeySignIn = v.strictObject({ response: webauthn });
export const RecoverySignIn = v.strictObject({
  editor: v.pipe(secretText, v.trim()),
  code: secretText,
});
export const EnrolmentQuestion = v.strictObject({ invitation: secretText });
export const Enrolment = v.strictObject({
  invitation: secretText,
  label,
  response: webauthn,
});
export const NewPasskey = v.strictObject({ label, response: webauthn });

export const SignedIn = v.object({
  editor: v.string(),
  token: described(
    v.string(),
    "The bearer token of this session; it is shown only here",
  ),
  expires: moment,
});
export type SignedIn = v.InferOutput<typeof SignedIn>;

export const RecoveryCodes = v.object({
  codes: described(
    v.array(v.string()),
    "Each can be used once; they are shown only here",
  ),
});
export type RecoveryCodes = v.InferOutput<typeof RecoveryCodes>;

export const Enrolled = v.object({
  ...SignedIn.entries,
  ...RecoveryCodes.entries,
  role,
});
export type Enrolled = v.InferOutput<typeof Enrolled>;

export const EnrolmentOptions = v.object({
  ...Options.entries,
  editor: v.string(),
  role,
});

const Passkey = v.object({
  id: v.string(),
  label: v.string(),
  added: moment,
  lastUsed: described(v.nullable(v.string()), "The day"),
});

const EditorToken = v.object({
  id: v.string(),
  editor: v.string(),
  label: v.string(),
  scopes: v.array(v.picklist(scopes)),
  made: moment,
  expires: moment,
  lastUsed: described(
    v.nullable(v.string()),
    "The day; null if it was never used",
  ),
});
export type EditorToken = v.InferOutput<typeof EditorToken>;

/** An editor's own ways to sign in. */
export const EditorAccess = v.object({
  passkeys: v.array(Passkey),
  recoveryCodes: described(count, "How many are left"),
  tokens: v.array(EditorToken),
  sessions: described(count, "Signed-in desks, this one included"),
});
export type EditorAccess = v.InferOutput<typeof EditorAccess>;

const DAYS = `must be a whole number of days from 1 to ${MAX_TOKEN_DAYS}`;
export const NewToken = v.strictObject({
  label,
  scopes: v.pipe(
    v.array(
      v.picklist(tokenScopes, `must be one of ${tokenScopes.join(", ")}`),
    ),
    v.minLength(1, "must name at least one"),
    v.maxLength(tokenScopes.length, "must name each once"),
  ),
  days: v.optional(
    v.pipe(
      v.number(DAYS),
      v.integer(DAYS),
      v.minValue(1, DAYS),
      v.maxValue(MAX_TOKEN_DAYS, DAYS),
    ),
    90,
  ),
});
export type NewToken = v.InferOutput<typeof NewToken>;

export const MadeToken = v.object({
  id: v.string(),
  token: described(v.string(), "It is shown only here"),
  expires: moment,
});
export type MadeToken = v.InferOutput<typeof MadeToken>;

const Editor = v.object({
  name: v.string(),
  role,
  addedBy: v.string(),
  added: moment,
  passkeys: described(
    count,
    "0 after a restore: the editor must be invited again",
  ),
  sessions: count,
});
export type Editor = v.InferOutput<typeof Editor>;

const Invitation = v.object({
  id: v.string(),
  name: v.string(),
  role,
  invitedBy: v.string(),
  expires: moment,
});
export type Invitation = v.InferOutput<typeof Invitation>;

export const EditorList = v.object({
  editors: v.array(Editor),
  invitations: v.array(Invitation),
  tokens: v.array(EditorToken),
});
export type EditorList = v.InferOutput<typeof EditorList>;

export const NewInvitation = v.strictObject({ name: EditorName, role });
export type NewInvitation = v.InferOutput<typeof NewInvitation>;

export const Invited = v.object({
  id: v.string(),
  link: described(
    v.string(),
    "For the invited editor alone; it can be used once, and is shown only here",
  ),
  expires: moment,
});
export type Invited = v.InferOutput<typeof Invited>;

export const NewRole = v.strictObject({ role });
