/** Every route for editors, called with every kind of credential. */
import { describe, expect, it } from "vitest";
import { addressOf } from "../../../../shared/addresses.ts";
import { contract } from "../../../../worker/editing/contract/contract.ts";
import type { Route } from "../../../../worker/editing/contract/route.ts";
import {
  type Role,
  roles,
  type Scope,
  tokenScopes,
} from "../../../../worker/editing/rules/roles.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { call, sql } from "./people.ts";

/**
 * Requests that reach each route's checks and change nothing: ids of nothing,
 * and no body.
 */
const exampleOf = ({ path, precondition, query }: Route) => ({
  address: addressOf(path, {
    ...Object.fromEntries(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [
        name,
        name === "number" ? "1" : "nothing",
      ]),
    ),
    ...(query?.reason ? { reason: "consent" } : {}),
    ...(query?.lang ? { lang: "en" } : {}),
  }),
  headers: {
    "Content-Type": "application/json",
    ...(precondition && {
      "If-Match": precondition === "hash" ? `"${"0".repeat(64)}"` : '"9"',
    }),
  } as Record<string, string>,
});

describe("Every declared route for editors", () => {
  const routes = Object.entries<Route>(contract).filter(
    ([, { access }]) => access === "editor",
  );

  it("declares the least role and scope, and only an administrator's touch people, exports and settings", () => {
    for (const [operation, { role, scope }] of routes) {
      expect(role, operation).toBeDefined();
      expect(scope, operation).toBeDefined();
    }
    const named = (isMeant: (route: Route) => unknown) =>
      routes
        .flatMap(([name, route]) => (isMeant(route) ? [name] : []))
        .toSorted();
    const expectNamed = (
      isMeant: (route: Route) => unknown,
      operations: string,
    ) => expect(named(isMeant).join(" ")).toBe(operations);
    expectNamed(
      ({ role, method }) => role === "author" && method !== "GET",
      "addPasskey addPortrait deleteDraft listQuestions makeToken newRecoveryCodes passkeyOptions preview publish readDocument rejectProposal removePasskey removePortrait revokeToken saveDraft signOut takeBackProposal",
    );
    expectNamed(
      ({ role }) => role === "publisher",
      "addPlace approveProposal erase exportAudit previewErasure removePlace undo withdraw",
    );
    // No token has this scope: a program is no second editor.
    expectNamed(
      ({ scope, role }) => scope === "editors" && role,
      "approveProposal cancelInvitation changeRole invite listEditors removeEditor",
    );
    expectNamed(
      ({ fresh }) => fresh,
      "addHook addPasskey changeRole exportAll exportErasures exportFollowers invite listBackups makeToken newRecoveryCodes passkeyOptions readBackup removeEditor removeHook removePasskey renewBackups restore restoreFollowers takeOverHook",
    );
  });

  it("holds each role, scope, age of a passkey, expiry and revocation to its declaration", async () => {
    const now = Date.now();
    const day = 86_400_000;
    type Kind = "session" | "recovery" | "token";
    const credentials: {
      role: Role;
      kind: Kind;
      scopes: Scope[] | null;
      state: string;
      token: string;
    }[] = [];
    for (const role of roles) {
      await sql(
        "INSERT OR REPLACE INTO editors VALUES (?, ?, 'test', 0, 'x')",
        `any ${role}`,
        role,
      );
      const add = async (kind: Kind, scopes: Scope[] | null, state: string) => {
        const token = `cwt_${role} ${kind} ${scopes} ${state}`
          .replaceAll(" ", "-")
          .replaceAll(",", "-");
        credentials.push({ role, kind, scopes, state, token });
        if (state === "revoked") return;
        const passkeyAt =
          kind === "session" ? now - (state === "stale" ? 301_000 : 0) : null;
        await sql(
          "INSERT INTO access VALUES (?, ?, ?, ?, 'test', ?, ?, 0, ?, NULL, NULL)",
          ...[
            digest(token),
            crypto.randomUUID(),
            kind,
            `any ${role}`,
            scopes && JSON.stringify(scopes),
          ],
          ...[passkeyAt, state === "expired" ? now - 1 : now + day],
        );
      };
      await add("session", null, "fresh");
      await add("session", null, "stale");
      await add("recovery", ["me"], "fresh");
      // No role but the highest, which every route would accept.
      if (role === roles.at(-1))
        for (const state of ["expired", "revoked"]) {
          await add("session", null, state);
          await add("token", ["read"], state);
        }
      // A scope counts the same for every role.
      if (role === roles[0]) await add("token", ["read"], "fresh");
      if (role === roles.at(-1))
        for (const scope of tokenScopes) await add("token", [scope], "fresh");
    }
    for (const [operation, route] of routes) {
      // It would end the credential; editors.test.ts calls it.
      if (operation === "signOut") continue;
      const { address, headers } = exampleOf(route);
      for (const { role, kind, scopes, state, token } of credentials) {
        const about = `${operation} as ${token}`;
        const body = route.method === "GET" ? {} : { body: "" };
        const answer = await call(route.method, address, {
          token,
          headers,
          ...body,
        });
        const text = await answer.text();
        const problem = answer.status >= 400 ? JSON.parse(text) : null;
        const tag = problem?.type.split(":").at(-1);
        if (state === "expired" || state === "revoked")
          expect(tag, about).toBe("unauthorized");
        else if (roles.indexOf(role) < roles.indexOf(route.role!))
          expect([answer.status, tag, problem.role], about).toEqual([
            403,
            "forbidden",
            route.role,
          ]);
        else if (route.scope && scopes && !scopes.includes(route.scope))
          expect([answer.status, tag, problem.scope], about).toEqual([
            403,
            "forbidden",
            route.scope,
          ]);
        else if (route.fresh && kind !== "token" && state === "stale")
          expect(tag, about).toBe("passkey-needed");
        else if (route.fresh === "or-new-token" && kind === "token")
          expect(tag, about).toBe("passkey-needed");
        else if (route.fresh === true && kind === "recovery")
          expect(tag, about).toBe("passkey-needed");
        else
          expect(
            ["unauthorized", "forbidden", "passkey-needed", "unexpected"],
            about,
          ).not.toContain(tag);
      }
    }
    await sql("DELETE FROM access WHERE label = 'test'");
    await sql("DELETE FROM editors WHERE added_by = 'test'");
  });
});
