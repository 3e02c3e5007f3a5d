/**
 * What editors may do, without the schemas, so that the desk loads no validator
 * for it.
 */

/** Each role may do what the roles before it may do. */
export const roles = ["author", "publisher", "administrator"] as const;
export type Role = (typeof roles)[number];

/** What a token may be made for. Reading the desk is part of each. */
export const tokenScopes = [
  "read",
  "draft",
  "propose",
  "publish",
  "export",
  "operate",
] as const;
/**
 * `me` and `editors` are for signed-in editors only: a stolen token must not be
 * able to make another one.
 */
export const scopes = [...tokenScopes, "me", "editors"] as const;
export type Scope = (typeof scopes)[number];

/** How a request was signed in. `secret` is a token of the setting EDITORS. */
export const credentialKinds = [
  "session",
  "recovery",
  "token",
  "secret",
] as const;

/** The editor behind a request. */
export interface Identity {
  editor: string;
  role: Role;
  kind: (typeof credentialKinds)[number];
  /** What it may be used for; null for everything that the role allows. */
  scopes: readonly Scope[] | null;
  /**
   * When a passkey was last used for this session, or made this token, in
   * milliseconds since the epoch.
   */
  passkeyAt: number | null;
  /**
   * The passkey behind the session, or with which the token was made; null for
   * a token of EDITORS.
   */
  passkey: string | null;
  /**
   * True for a token of EDITORS that may do nothing but invite an
   * administrator.
   */
  onlyInvites?: boolean;
}

/**
 * Who registered a webhook or linked a group. It stands for as long as they
 * have this passkey and their role.
 */
export type Registrant = Pick<Identity, "editor" | "passkey">;
/**
 * Why something that was registered doesn't stand any more: the editor or the
 * passkey was removed, or the role was lost.
 */
export const fallen = ["left", "role", "passkey"] as const;
export type Fallen = (typeof fallen)[number];

/**
 * The least role for what a token may be made for; any role for the other
 * scopes.
 */
export const roleOfScope: Partial<Record<Scope, Role>> = {
  publish: "publisher",
  export: "administrator",
  operate: "administrator",
};

/** Sensitive requests need a passkey that was used within this time. */
export const FRESH_MS = 5 * 60_000;
export const MAX_TOKEN_DAYS = 366;
export const MAX_TOKENS = 50;
export const MAX_EDITORS = 500;
export const MAX_PASSKEYS = 20;
export const RECOVERY_CODES = 10;

export const hasRole = (
  { role }: Pick<Identity, "role">,
  least: Role,
): boolean => roles.indexOf(role) >= roles.indexOf(least);
export const hasScope = (
  { scopes: given }: Pick<Identity, "scopes">,
  scope: Scope,
): boolean => given === null || given.includes(scope);

/** True if this editor's publish takes effect, and doesn't only propose. */
export const mayPublish = (
  identity: Pick<Identity, "role" | "scopes">,
): boolean => hasRole(identity, "publisher") && hasScope(identity, "publish");
