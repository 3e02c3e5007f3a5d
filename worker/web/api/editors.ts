/**
 * Endpoints for editors themselves: signing in, passkeys, tokens, roles and
 * invitations.
 */
import type { Context } from "hono";
import { Refusal } from "../../../shared/failure.ts";
import { hasRole, type Identity } from "../../editing/rules/roles.ts";
import type { StoredPasskey } from "../../objects/ledger/access.ts";
import type { Public } from "../../reads/freshness.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { digest } from "../../runtime/digest.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { addressesOf } from "../../runtime/settings.ts";
import { bearerOf, limitQuestion, refuseAttempt } from "./auth.ts";
import { unwrap } from "./request.ts";
import type { Handlers } from "./router.ts";

/** A browser's answer with a passkey, as JSON. */
type PasskeyAnswer = Record<string, unknown>;

/**
 * What the workshop reads in an answer.
 * @throws Refusal when it isn't valid for this address
 */
async function checked<T>(reading: Promise<T | null>): Promise<T> {
  const read = await reading;
  if (read === null)
    throw new Refusal({ tag: "passkey-refused", why: "invalid" });
  return read;
}

/** Where passkeys work, for the workshop. */
const placeOf = (env: Env): string => addressesOf(env).join(" ");

const verifyNewPasskey = async (
  { env }: Context<Public>,
  response: PasskeyAnswer,
  label: string,
) => ({
  ...(await checked(
    askWorkshop(env, (workshop) =>
      workshop.verifyNewPasskey(placeOf(env), response),
    ),
  )),
  label,
});

type NewPasskey = {
  name: string;
  handle: string;
  known: StoredPasskey[];
  challenge: string;
};

const newPasskeyOptions = ({ env }: Context<Public>, wanted: NewPasskey) =>
  askWorkshop(env, (workshop) =>
    workshop.newPasskeyOptions(
      placeOf(env),
      profileOf(env).newsroom.name,
      wanted,
    ),
  );

/** A passkey belongs to an editor of the Ledger, not to a name in EDITORS. */
function signedInEditor({ kind, editor }: Identity): string {
  if (kind === "secret") throw new Refusal({ tag: "forbidden", scope: "me" });
  return editor;
}

export const editorHandlers = {
  async signInOptions(c) {
    await limitQuestion(c);
    const challenge = await ledgerFor(c.env).access.challenge("sign-in");
    return c.json({
      options: await askWorkshop(c.env, (workshop) =>
        workshop.signInOptions(placeOf(c.env), challenge),
      ),
    });
  },
  async signIn(c, { body: { response } }) {
    const id = response.id;
    const known =
      typeof id === "string" ? await ledgerFor(c.env).access.passkey(id) : null;
    if (!known)
      return refuseAttempt(c, { tag: "passkey-refused", why: "unknown" });
    const { counter, challenge } = await checked(
      askWorkshop(c.env, (workshop) =>
        workshop.verifySignIn(placeOf(c.env), response, known),
      ),
    );
    return c.json(
      unwrap(
        await ledgerFor(c.env).access.signIn(known.id, counter, challenge),
      ),
      201,
    );
  },
  async recover(c, { body: { editor, code } }) {
    await limitQuestion(c);
    const outcome = await ledgerFor(c.env).editors.recover(editor, code);
    return "failure" in outcome
      ? refuseAttempt(c, outcome.failure)
      : c.json(outcome.done, 201);
  },
  async signOut(c) {
    await ledgerFor(c.env).access.end(digest(bearerOf(c) ?? ""));
    return c.body(null, 204);
  },

  async enrolmentOptions(c, { body: { invitation } }) {
    await limitQuestion(c);
    const found = await ledgerFor(c.env).editors.invitation(invitation);
    if (!found) return refuseAttempt(c, { tag: "unknown-invitation" });
    const options = await newPasskeyOptions(c, { ...found, known: [] });
    return c.json({ options, editor: found.name, role: found.role });
  },
  async enrol(c, { body: { invitation, label, response } }) {
    await limitQuestion(c);
    const passkey = await verifyNewPasskey(c, response, label);
    return c.json(
      unwrap(await ledgerFor(c.env).editors.enrol(invitation, passkey)),
      201,
    );
  },

  readAccess: async (c) =>
    c.json(await ledgerFor(c.env).access.list(c.get("editor"))),
  async passkeyOptions(c) {
    const name = signedInEditor(c.get("identity"));
    const found = await ledgerFor(c.env).access.furtherPasskey(name);
    if (!found) throw new Refusal({ tag: "unauthorized" });
    return c.json({ options: await newPasskeyOptions(c, { ...found, name }) });
  },
  async addPasskey(c, { body: { label, response } }) {
    const name = signedInEditor(c.get("identity"));
    const passkey = await verifyNewPasskey(c, response, label);
    return c.json(
      unwrap(await ledgerFor(c.env).access.addPasskey(name, passkey)),
      201,
    );
  },
  async removePasskey(c, { params: { id } }) {
    unwrap(
      await ledgerFor(c.env).access.removePasskey(
        signedInEditor(c.get("identity")),
        id,
      ),
    );
    return c.body(null, 204);
  },
  newRecoveryCodes: async (c) =>
    c.json(
      {
        codes: await ledgerFor(c.env).access.newCodes(
          signedInEditor(c.get("identity")),
        ),
      },
      201,
    ),
  async makeToken(c, { body }) {
    const { passkey } = c.get("identity");
    const registrant = { editor: signedInEditor(c.get("identity")), passkey };
    return c.json(
      unwrap(await ledgerFor(c.env).access.makeToken(registrant, body)),
      201,
    );
  },
  async revokeToken(c, { params: { id } }) {
    const identity = c.get("identity");
    const owner =
      hasRole(identity, "administrator") && identity.kind !== "recovery"
        ? null
        : identity.editor;
    if (
      !(await ledgerFor(c.env).access.revokeToken(id, identity.editor, owner))
    )
      throw new Refusal({ tag: "unknown-token" });
    return c.body(null, 204);
  },

  listEditors: async (c) => c.json(await ledgerFor(c.env).editors.list()),
  async invite(c, { body }) {
    const { onlyInvites, editor } = c.get("identity");
    if (onlyInvites && body.role !== "administrator")
      throw new Refusal({ tag: "door-closed" });
    const spends = onlyInvites ? digest(bearerOf(c) ?? "") : null;
    return c.json(
      unwrap(await ledgerFor(c.env).editors.invite(body, editor, spends)),
      201,
    );
  },
  async cancelInvitation(c, { params: { id } }) {
    if (!(await ledgerFor(c.env).editors.cancelInvitation(id, c.get("editor"))))
      throw new Refusal({ tag: "unknown-invitation" });
    return c.body(null, 204);
  },
  async changeRole(c, { params: { name }, body: { role } }) {
    unwrap(
      await ledgerFor(c.env).editors.changeRole(name, role, c.get("editor")),
    );
    return c.body(null, 204);
  },
  async removeEditor(c, { params: { name } }) {
    unwrap(await ledgerFor(c.env).editors.remove(name, c.get("editor")));
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;
