/** Editors with passkeys: the first door, sign-in, recovery, tokens, and what each role and each stolen thing can't do. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { addressOf, paths } from "../../../shared/addresses.ts";
import { contract } from "../../../worker/contract/contract.ts";
import type { Route } from "../../../worker/contract/route.ts";
import { digest } from "../../../worker/digest.ts";
import { type Role, roles, type Scope, tokenScopes } from "../../../worker/editorial/roles.ts";
import { png } from "../../drawn-pictures.ts";
import { draftOf, inventedCase } from "../../invented.ts";
import { backdate } from "../backdate.ts";
import {
  accept,
  call,
  challengeIn,
  type Enrolled,
  enrol,
  invitationFor,
  json,
  newPasskey,
  ORIGIN,
  secretOf,
  signIn,
  sql,
  tagOf,
  tokenWith,
} from "./people.ts";

let ada: Enrolled;
let paul: Enrolled;
let nora: Enrolled;

const NEW = { "If-None-Match": "*" };
const publish = (token: string, number: number, headers: Record<string, string> = NEW, more: object = {}) =>
  call("PUT", `/v1/cases/ua-${number}-00`, {
    token,
    headers,
    body: { case: inventedCase(number), note: { en: "Note" }, kind: "update", notify: "none", ...more },
  });
const auditActions = async () =>
  (await sql("SELECT editor, action, about FROM audit ORDER BY id")).map((row) => Object.values(row).join(" "));

describe("The first door", () => {
  it("lets a token of EDITORS do everything until an administrator has a passkey, and nothing afterwards", async () => {
    await json(201, publish("test-token", 1));
    await json(
      200,
      call("GET", "/v1/desk/erasures", { token: "test-token" }).then((answer) => new Response("{}", answer)),
    );
    // Drafts of a name in EDITORS stay with the person who has its token.
    const draft = draftOf({});
    await json(
      201,
      call("PUT", `/v1/desk/drafts/${crypto.randomUUID()}`, { token: "boris-token", body: draft, headers: NEW }),
    );
    const asBoris = { name: "boris", role: "publisher" };
    expect(await tagOf(call("POST", "/v1/desk/invitations", { token: "test-token", body: asBoris }))).toBe(
      "409 name-taken",
    );
    await json(201, call("POST", "/v1/desk/invitations", { token: "boris-token", body: asBoris }));
    // A name in EDITORS has no passkeys to add to.
    expect(await tagOf(call("POST", "/v1/desk/me/passkey-options", { token: "test-token" }))).toBe("403 forbidden");

    ada = await enrol("test-token", "ada", "administrator");
    for (const token of ["test-token", "boris-token"])
      expect(await tagOf(call("GET", "/v1/desk/me", { token }))).toBe("401 door-closed");
    expect(await json(200, call("GET", "/v1/desk/me", { token: ada.token }))).toMatchObject({
      editor: "ada",
      role: "administrator",
      signedInBy: "session",
      scopes: null,
    });
    expect(ada.codes).toHaveLength(10);
  });

  it("opens again for a new token in EDITORS, once, and only to invite an administrator", async () => {
    const EDITORS = JSON.stringify({ operator: digest("new-token") });
    const ask = (body: object) => call("POST", "/v1/desk/invitations", { token: "new-token", body, EDITORS });
    expect(await tagOf(call("GET", "/v1/desk/cases", { token: "new-token", EDITORS }))).toBe("401 door-closed");
    expect(await tagOf(ask({ name: "otto", role: "publisher" }))).toBe("401 door-closed");
    // Not as somebody who is here already.
    expect(await tagOf(ask({ name: "Ada", role: "administrator" }))).toBe("409 name-taken");
    const { link } = await json(201, ask({ name: "otto", role: "administrator" }));
    expect(link).toMatch(/^https:\/\/casewire\.test\/desk#\/invitation\/[0-9a-f]{64}$/);
    expect(await tagOf(ask({ name: "mallory", role: "administrator" }))).toBe("401 door-closed");
    const { token } = await json(201, accept(secretOf(link), await newPasskey()));
    await json(204, call("DELETE", "/v1/desk/people/otto", { token: ada.token }));
    expect(await tagOf(call("GET", "/v1/desk/me", { token }))).toBe("401 unauthorized");
  });
});

describe("An invitation", () => {
  beforeAll(async () => {
    paul = await enrol(ada.token, "paul", "publisher");
    nora = await enrol(ada.token, "nora", "author");
  });

  it("can't be replayed", async () => {
    const invitation = await invitationFor(ada.token, "rita", "author");
    const passkey = await newPasskey();
    await json(201, accept(invitation, passkey));
    expect(await tagOf(call("POST", "/v1/desk/enrolment/options", { body: { invitation } }))).toBe(
      "404 unknown-invitation",
    );
    const response = await (await newPasskey()).register(ORIGIN, "replayed");
    const body = { invitation, label: "Again", response };
    expect(await tagOf(call("POST", "/v1/desk/enrolment", { body }))).toMatch(
      /^(404 unknown-invitation|422 passkey-refused)$/,
    );
    await json(204, call("DELETE", "/v1/desk/people/rita", { token: ada.token }));
  });

  it("of two answers at once takes one", async () => {
    const invitation = await invitationFor(ada.token, "rita", "author");
    const answers = await Promise.all([accept(invitation, await newPasskey()), accept(invitation, await newPasskey())]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404]);
    await json(204, call("DELETE", "/v1/desk/people/rita", { token: ada.token }));
  });

  it("runs out, can be cancelled, and ends with the administrator who made it", async () => {
    const late = await invitationFor(ada.token, "late", "author");
    await sql("UPDATE invitations SET expires_at = 0 WHERE name = 'late'");
    const cancelled = await invitationFor(ada.token, "gone", "author");
    const { invitations } = await json(200, call("GET", "/v1/desk/people", { token: ada.token }));
    expect(invitations.map(({ name }: { name: string }) => name)).toContain("gone");
    const { id } = invitations.find(({ name }: { name: string }) => name === "gone");
    await json(204, call("DELETE", `/v1/desk/invitations/${id}`, { token: ada.token }));
    const eve = await enrol(ada.token, "eve", "administrator");
    const { code } = await json(201, call("POST", paths.deskChats, { token: eve.token }));
    const sockpuppet = await invitationFor(eve.token, "eve 2", "administrator");
    await json(204, call("PUT", "/v1/desk/people/eve", { token: ada.token, body: { role: "author" } }));
    for (const invitation of [late, cancelled, sockpuppet])
      expect(await tagOf(call("POST", "/v1/desk/enrolment/options", { body: { invitation } }))).toBe(
        "404 unknown-invitation",
      );
    // Nor does a code of hers link a Telegram group.
    expect(await env.DISPATCHER.getByName("dispatcher").linkDesk({ chat: -1, kind: "group" }, code, "en")).toBe(
      "unknown",
    );
    await json(204, call("DELETE", "/v1/desk/people/eve", { token: ada.token }));
  });

  it("is refused for names that look like another's, and for the name of anyone who has drafts here", async () => {
    const ask = (name: string) =>
      call("POST", "/v1/desk/invitations", { token: ada.token, body: { name, role: "author" } });
    expect(await tagOf(ask("PAUL"))).toBe("409 name-taken");
    const { passkey } = await enrol(ada.token, "Олена", "author");
    expect(await tagOf(ask("олена"))).toBe("409 name-taken");
    await json(201, signIn(passkey));
    await json(204, call("DELETE", `/v1/desk/people/${encodeURIComponent("Олена")}`, { token: ada.token }));
    expect(await tagOf(ask("boris"))).toBe("409 name-taken");
    for (const name of ["", " paul", "pa\u200bul", "paul\u202e", "<b>", "x".repeat(61)])
      expect(await tagOf(ask(name)), name).toBe("422 invalid-case");
  });

  it("can't be answered with a passkey for another site, for another address of ours, or for another invitation", async () => {
    const invitation = await invitationFor(ada.token, "rita", "author");
    const options = await json(200, call("POST", "/v1/desk/enrolment/options", { body: { invitation } }));
    const passkey = await newPasskey();
    const other = await json(
      200,
      call("POST", "/v1/desk/enrolment/options", {
        body: { invitation: await invitationFor(ada.token, "olga", "author") },
      }),
    );
    const answers = [
      await passkey.register("https://casewire.test.evil.test", challengeIn(options)),
      await passkey.register(ORIGIN, challengeIn(other)),
      await passkey.register(ORIGIN, "bWFkZSB1cA"),
      await passkey.sign(ORIGIN, challengeIn(options)),
      {},
    ];
    for (const response of answers)
      expect(await tagOf(call("POST", "/v1/desk/enrolment", { body: { invitation, label: "x", response } }))).toBe(
        "422 passkey-refused",
      );
  });
});

describe("Signing in", () => {
  it("needs an unused challenge of ours, our address, and a verified person", async () => {
    const { passkey } = paul;
    const options = await json(200, call("POST", "/v1/desk/sign-in/options"));
    const challenge = challengeIn(options);
    const post = (response: object) => call("POST", "/v1/desk/sign-in", { body: { response } });
    const right = await passkey.sign(ORIGIN, challenge);
    for (const response of [
      await passkey.sign("https://evil.test", challenge),
      await passkey.sign(ORIGIN, "bWFkZSB1cA"),
      await passkey.sign(ORIGIN, challenge, { flags: 0x01 }),
      { ...right, response: { ...(right.response as object), signature: "MEUCIQ" } },
      await (await newPasskey()).sign(ORIGIN, challenge),
      { ...(await (await newPasskey()).sign(ORIGIN, challenge)), id: passkey.id, rawId: passkey.id },
    ])
      expect(await tagOf(post(response))).toBe("422 passkey-refused");
    const session = await json(201, post(right));
    expect(session.token).toMatch(/^cws_[\w-]{43}$/);
    expect(await tagOf(post(right))).toBe("422 passkey-refused");
    // Only hashes are stored.
    const stored = JSON.stringify([
      ...(await sql("SELECT * FROM access")),
      ...(await sql("SELECT * FROM recovery_codes")),
    ]);
    expect(stored).not.toContain(session.token);
    expect(stored).toContain(digest(session.token));
    for (const code of paul.codes) expect(stored).not.toContain(code.replaceAll("-", ""));
  });

  it("refuses a passkey whose counter went back, and writes that down", async () => {
    const key = await enrol(ada.token, "key", "author");
    const { passkey: original } = key;
    original.counter = 5;
    await json(201, signIn(original));
    for (const counter of [5, 4, 0]) {
      original.counter = counter;
      expect(await tagOf(signIn(original))).toBe("422 passkey-refused");
    }
    original.counter = 6;
    await json(201, signIn(original));
    expect((await auditActions()).filter((line) => line === "key passkey-copied key: Test device")).toHaveLength(3);
    await json(204, call("DELETE", "/v1/desk/people/key", { token: ada.token }));
  });

  it("is limited for each address, without locking out an editor who shares it", async () => {
    const headers = { "CF-Connecting-IP": "198.51.100.7" };
    await json(200, call("GET", "/v1/desk/me", { token: paul.token, headers }));
    const statuses = new Set<number>();
    for (let attempt = 0; attempt < 25; attempt++)
      statuses.add((await call("GET", "/v1/desk/me", { token: `cws_guess-${attempt}`, headers })).status);
    expect([...statuses]).toEqual([401, 429]);
    expect((await call("POST", "/v1/desk/sign-in/options", { headers })).status).toBe(429);
    await json(200, call("GET", "/v1/desk/me", { token: paul.token, headers }));
  });

  it("sets no cookie, and a page of another site can send no request that counts", async () => {
    const answer = await signIn(paul.passkey);
    expect(answer.headers.get("Set-Cookie")).toBeNull();
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBeNull();
    // What a form of another site can send: no Authorization, and no JSON.
    const forged = await call("POST", "/v1/desk/invitations", {
      body: JSON.stringify({ name: "mallory", role: "administrator" }),
      headers: { "Content-Type": "text/plain", Origin: "https://evil.test", Cookie: "session=1" },
    });
    expect(await tagOf(forged)).toBe("401 unauthorized");
    const asForm = { "Content-Type": "text/plain" };
    expect(await tagOf(call("POST", "/v1/desk/sign-in", { body: "{}", headers: asForm }))).toBe("415 not-json");
    const preflight = await call("OPTIONS", "/v1/desk/invitations", { headers: { Origin: "https://evil.test" } });
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toBeNull();
  });
});

describe("A recovery code", () => {
  const recover = (code: string, editor = "paul") =>
    call("POST", "/v1/desk/sign-in/recovery", { body: { editor, code } });

  it("works once, in any spelling, also when it is used twice at the same time", async () => {
    const [first = "", second = ""] = paul.codes;
    const answers = await Promise.all([recover(first), recover(first), recover(first)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401, 401]);
    expect(await tagOf(recover(first))).toBe("401 unauthorized");
    expect(await tagOf(recover(second, "nora"))).toBe("401 unauthorized");
    // As a phone's keyboard writes the name.
    expect((await recover(second.toUpperCase().replaceAll("-", " "), "Paul")).status).toBe(201);
  });

  it("opens only the making of a passkey, and ends with it", async () => {
    // A phone's keyboard adds a space after a name.
    const { token } = await json(201, recover(paul.codes[2]!, "paul "));
    for (const [method, path] of [
      ["GET", "/v1/desk/cases"],
      ["GET", "/v1/desk/drafts"],
      ["GET", "/v1/desk/me"],
      ["GET", "/healthz"],
    ] as const)
      expect(await tagOf(call(method, path, { token }))).toBe("403 forbidden");
    for (const [method, path, body] of [
      ["POST", "/v1/desk/tokens", { label: "x", scopes: ["read"] }],
      ["POST", "/v1/desk/me/recovery-codes", undefined],
      ["DELETE", `/v1/desk/me/passkeys/${paul.passkey.id}`, undefined],
    ] as const)
      expect(await tagOf(call(method, path, { token, body }))).toBe("403 passkey-needed");
    const options = await json(200, call("POST", "/v1/desk/me/passkey-options", { token }));
    const passkey = await newPasskey();
    const response = await passkey.register(ORIGIN, challengeIn(options));
    await json(201, call("POST", "/v1/desk/me/passkeys", { token, body: { label: "New phone", response } }));
    expect(await tagOf(call("GET", "/v1/desk/me/access", { token }))).toBe("401 unauthorized");
    const session = await json(201, signIn(passkey));
    const { passkeys, recoveryCodes } = await json(200, call("GET", "/v1/desk/me/access", { token: session.token }));
    expect(passkeys.map(({ label }: { label: string }) => label)).toEqual(["Test device", "New phone"]);
    expect(recoveryCodes).toBe(7);
    // The lost phone goes, and every session with it.
    await json(204, call("DELETE", `/v1/desk/me/passkeys/${paul.passkey.id}`, { token: session.token }));
    expect(await tagOf(call("GET", "/v1/desk/me", { token: paul.token }))).toBe("401 unauthorized");
    expect(await tagOf(signIn(paul.passkey))).toBe("422 passkey-refused");
    paul = { ...paul, passkey, token: (await json(201, signIn(passkey))).token };
    expect(await tagOf(call("DELETE", `/v1/desk/me/passkeys/${passkey.id}`, { token: paul.token }))).toBe(
      "409 last-passkey",
    );
    const { codes } = await json(201, call("POST", "/v1/desk/me/recovery-codes", { token: paul.token }));
    expect(await tagOf(recover(paul.codes[5]!))).toBe("401 unauthorized");
    expect((await recover(codes[0])).status).toBe(201);
  });
});

describe("A fresh passkey", () => {
  it("is needed for exports, people, passkeys and tokens", async () => {
    const { token } = await json(201, signIn(ada.passkey));
    await sql("UPDATE access SET passkey_at = passkey_at - 301000 WHERE hash = ?", digest(token));
    for (const [method, path, body] of [
      ["GET", "/v1/desk/export", undefined],
      ["GET", "/v1/desk/erasures", undefined],
      ["POST", "/v1/desk/restore", ""],
      ["POST", "/v1/desk/invitations", { name: "x", role: "author" }],
      ["PUT", "/v1/desk/people/paul", { role: "author" }],
      ["DELETE", "/v1/desk/people/paul", undefined],
      ["POST", "/v1/desk/tokens", { label: "x", scopes: ["export"] }],
      ["POST", "/v1/desk/me/passkey-options", undefined],
      ["POST", "/v1/desk/me/recovery-codes", undefined],
    ] as const)
      expect(await tagOf(call(method, path, { token, body })), path).toBe("403 passkey-needed");
    await json(200, call("GET", "/v1/desk/people", { token }));
    const again = await json(201, signIn(ada.passkey));
    expect((await call("GET", "/v1/desk/export", { token: again.token })).status).toBe(200);
  });

  it("grows old also while the clock is behind the newest moment, or was put back", async () => {
    const [{ live_at: mark }] = (await sql("SELECT live_at FROM mark")) as [{ live_at: number }];
    await sql("UPDATE mark SET live_at = ?", Date.now() + 3_600_000);
    for (const shift of [-301_000, 3_600_000]) {
      const { token } = await json(201, signIn(ada.passkey));
      const read = () => call("GET", "/v1/desk/erasures", { token });
      expect((await read()).status).toBe(200);
      await sql("UPDATE access SET passkey_at = passkey_at + ? WHERE hash = ?", shift, digest(token));
      expect(await tagOf(read())).toBe("403 passkey-needed");
      await sql("UPDATE access SET expires_at = ? WHERE hash = ?", Date.now() - 1, digest(token));
      expect(await tagOf(read())).toBe("401 unauthorized");
    }
    await sql("UPDATE mark SET live_at = ?", mark);
  });
});

describe("An author", () => {
  it("proposes what a publisher would publish, and a publisher approves it", async () => {
    const proposed = await json(202, publish(nora.token, 2));
    expect(proposed).toMatchObject({ waitsFor: "second editor" });
    const { proposals } = await json(200, call("GET", "/v1/desk/proposals", { token: paul.token }));
    expect(proposals).toMatchObject([{ editor: "nora", case: "ua-2-00" }]);
    const approve = (token: string) =>
      call("POST", `/v1/desk/proposals/${proposed.proposal}/approve`, {
        token,
        headers: { "If-Match": `"${proposals[0].hash}"` },
      });
    expect(await tagOf(approve(nora.token))).toBe("403 forbidden");
    await json(201, approve(paul.token));
  });

  it("sees no proposal of another, and takes back only their own", async () => {
    const other = await enrol(ada.token, "omar", "author");
    const { proposal } = await json(202, publish(other.token, 3));
    const own = await json(202, publish(nora.token, 4));
    const seen = await json(200, call("GET", "/v1/desk/proposals", { token: nora.token }));
    expect(seen.proposals.map(({ id }: { id: string }) => id)).toEqual([own.proposal]);
    const { cases } = await json(200, call("GET", "/v1/desk/cases", { token: nora.token }));
    expect(cases.map(({ id }: { id: string }) => id).toSorted()).toEqual(["ua-1-00", "ua-2-00", "ua-4-00"]);
    for (const answer of [
      call("GET", `/v1/desk/proposals/${proposal}`, { token: nora.token }),
      call("DELETE", `/v1/desk/proposals/${proposal}`, { token: nora.token }),
      call("POST", `/v1/desk/proposals/${proposal}/reject`, { token: nora.token, body: { reason: "x" } }),
    ])
      expect(await tagOf(answer)).toBe("404 unknown-proposal");
    await json(200, call("DELETE", `/v1/desk/proposals/${own.proposal}`, { token: nora.token }));
    await json(
      200,
      call("POST", `/v1/desk/proposals/${proposal}/reject`, { token: paul.token, body: { reason: "No source" } }),
    );
    await json(204, call("DELETE", "/v1/desk/people/omar", { token: ada.token }));
  });

  it("who was removed gets no draft back that nobody could read, and their name can be used again", async () => {
    const { token } = await enrol(ada.token, "olga", "author");
    const { proposal } = await json(202, publish(token, 6));
    await json(204, call("DELETE", "/v1/desk/people/olga", { token: ada.token }));
    const reject = call("POST", `/v1/desk/proposals/${proposal}/reject`, {
      token: paul.token,
      body: { reason: "Late" },
    });
    expect(await json(200, reject)).toEqual({ draft: null });
    await invitationFor(ada.token, "olga", "author");
    const { invitations } = await json(200, call("GET", "/v1/desk/people", { token: ada.token }));
    const { id } = invitations.find(({ name }: { name: string }) => name === "olga");
    await json(204, call("DELETE", `/v1/desk/invitations/${id}`, { token: ada.token }));
  });

  it("sees no picture, and no record of a consent, that is only in another's draft", async () => {
    const other = await enrol(ada.token, "otto", "author");
    const path = "/v1/desk/cases/ua-90-00/portraits";
    const body = {
      person: "invented-person-one",
      image: btoa(String.fromCharCode(...png(90))),
      consent: { givenBy: "Invented Relative", givenOn: "2026-01-02" },
    };
    const { image } = await json(201, call("POST", path, { token: other.token, body }));
    for (const { token } of [nora, paul, ada]) {
      expect(await json(200, call("GET", path, { token }))).toEqual({ portraits: [] });
      for (const method of ["GET", "DELETE"])
        expect(await tagOf(call(method, `${path}/${image}`, { token }))).toBe("404 no-such-address");
    }
    expect(await tagOf(call("POST", path, { token: nora.token, body }))).toBe("403 forbidden");
    await json(200, call("GET", `${path}/${image}`, { token: other.token }));
    await json(204, call("DELETE", `${path}/${image}`, { token: other.token }));
    expect(await sql("SELECT * FROM portraits WHERE case_id = 'ua-90-00'")).toEqual([]);
    await json(201, call("POST", path, { token: other.token, body }));
    await json(204, call("DELETE", "/v1/desk/people/otto", { token: ada.token }));
    expect(await sql("SELECT * FROM portraits WHERE case_id = 'ua-90-00'")).toEqual([]);
  });

  it("loses a token to a thief, who can publish, withdraw, undo, redact, approve and export nothing", async () => {
    await backdate();
    const before = (await sql("SELECT COUNT(*) AS count FROM revisions"))[0]!.count;
    const { token } = await tokenWith(nora.token, ["draft", "propose", "publish", "export", "operate"]);
    const at = (number: number) => ({ "If-Match": `"${number}"` });
    const refusals = [
      publish(token, 1, at(1), { kind: "redaction", note: undefined }),
      call("DELETE", "/v1/cases/ua-1-00?reason=consent", { token, headers: at(1) }),
      call("DELETE", "/v1/cases/ua-1-00/revisions/1", { token }),
      call("POST", `/v1/desk/proposals/${crypto.randomUUID()}/approve`, {
        token,
        headers: { "If-Match": `"${"0".repeat(64)}"` },
      }),
      call("GET", "/v1/desk/export", { token }),
      call("GET", "/v1/desk/people", { token }),
      call("POST", "/v1/desk/invitations", { token, body: { name: "x", role: "administrator" } }),
      call("POST", "/v1/desk/tokens", { token, body: { label: "x", scopes: ["publish"] } }),
      call("POST", "/v1/desk/me/passkey-options", { token }),
      call("POST", "/v1/desk/hooks", { token, body: { url: "https://example.com" } }),
    ];
    for (const answer of refusals) expect(await tagOf(answer)).toBe("403 forbidden");
    // A copy of the storage has only hashes.
    const stored = JSON.stringify(await sql("SELECT * FROM access"));
    expect(stored).toContain(digest(token));
    for (const secret of [token, nora.token]) expect(stored).not.toContain(secret.slice(4));
    await json(202, publish(token, 5));
    expect((await sql("SELECT COUNT(*) AS count FROM revisions"))[0]!.count).toBe(before);
  });
});

describe("Drafts", () => {
  it("are read by nobody else, administrators included, in any way", async () => {
    const id = crypto.randomUUID();
    const draft = {
      base: null,
      case: { title: { en: "A secret plan about Zorblax" } },
      ...{ note: {}, kind: "update", notify: "none", liveAt: null, source: null, resolved: [] },
    };
    const other = await enrol(ada.token, "dora", "author");
    await json(201, call("PUT", `/v1/desk/drafts/${id}`, { token: other.token, body: draft, headers: NEW }));
    for (const { token } of [ada, paul, nora]) {
      expect(await tagOf(call("GET", `/v1/desk/drafts/${id}`, { token }))).toBe("404 unknown-draft");
      expect(await tagOf(call("DELETE", `/v1/desk/drafts/${id}`, { token }))).toBe("404 unknown-draft");
      for (const path of ["/v1/desk/drafts", "/v1/desk/cases", "/v1/desk/proposals", "/v1/desk/audit"])
        expect(await (await call("GET", path, { token })).text()).not.toContain("Zorblax");
    }
    const found = await json(
      200,
      call("POST", "/v1/desk/mentions", { token: ada.token, body: { names: ["Zorblax"] } }),
    );
    expect(found).toMatchObject({ mentions: [], hidden: 1 });
    // Nor after the editor has left: their drafts go with them.
    await json(204, call("DELETE", "/v1/desk/people/dora", { token: ada.token }));
    expect(await sql("SELECT * FROM drafts WHERE editor = 'dora'")).toEqual([]);
  });
});

describe("A token", () => {
  it("does what its scopes say, at most what the role allows now, until it runs out or is revoked", async () => {
    const { id, token } = await tokenWith(paul.token, ["draft"]);
    expect(token).toMatch(/^cwt_[\w-]{43}$/);
    await json(200, call("GET", "/v1/desk/drafts", { token }));
    await json(200, call("GET", "/v1/desk/cases", { token }));
    expect(await tagOf(publish(token, 1, { "If-Match": '"1"' }))).toBe("403 forbidden");
    const proposes = await tokenWith(paul.token, ["propose"]);
    await json(202, publish(proposes.token, 6));
    const all = await json(200, call("GET", "/v1/desk/me/access", { token: paul.token }));
    expect(all.tokens).toMatchObject([
      { label: "propose", scopes: ["read", "propose"] },
      { label: "draft", scopes: ["read", "draft"], lastUsed: new Date().toISOString().slice(0, 10) },
    ]);
    expect(await tagOf(call("DELETE", `/v1/desk/tokens/${id}`, { token: nora.token }))).toBe("404 unknown-token");
    await json(204, call("DELETE", `/v1/desk/tokens/${id}`, { token: ada.token }));
    expect(await tagOf(call("GET", "/v1/desk/drafts", { token }))).toBe("401 unauthorized");
    await sql("UPDATE access SET expires_at = 0 WHERE id = ?", proposes.id);
    expect(await tagOf(call("GET", "/v1/desk/cases", { token: proposes.token }))).toBe("401 unauthorized");
    const self = await tokenWith(paul.token, ["read"]);
    await json(204, call("DELETE", "/v1/desk/session", { token: self.token }));
    expect(await tagOf(call("GET", "/v1/desk/cases", { token: self.token }))).toBe("401 unauthorized");
    for (const body of [
      { label: "x", scopes: ["people"] },
      { label: "x", scopes: [] },
      { label: "x", scopes: ["read"], days: 367 },
      { label: " ", scopes: ["read"] },
    ])
      expect(await tagOf(call("POST", "/v1/desk/tokens", { token: paul.token, body }))).toBe("422 invalid-case");
  });

  it("of an administrator exports only with the scope, which a fresh passkey gave it", async () => {
    const fresh = (await json(201, signIn(ada.passkey))).token;
    const [plain, exporting] = [await tokenWith(fresh, ["publish", "operate"]), await tokenWith(fresh, ["export"])];
    expect(await tagOf(call("GET", "/v1/desk/export", { token: plain.token }))).toBe("403 forbidden");
    const backup = await (await call("GET", "/v1/desk/export", { token: exporting.token })).text();
    const rows = backup
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(
      rows.filter(({ row }) => row === "editor").map(({ columns }) => [columns.name, columns.role]),
    ).toContainEqual(["paul", "publisher"]);
    // Names and roles, and nothing that opens anything.
    for (const secret of [
      ...(await sql("SELECT hash FROM access")),
      ...(await sql("SELECT hash FROM recovery_codes")),
      ...(await sql("SELECT public_key FROM passkeys")),
    ])
      expect(backup).not.toContain(Object.values(secret)[0]);
    expect(rows.at(-1)).toMatchObject({ row: "seal" });
  });
});

describe("What is revoked", () => {
  it("ends at once: sessions, tokens and roles of an editor who is removed or changed", async () => {
    const leaving = await enrol(ada.token, "lea", "publisher");
    const token = await tokenWith(leaving.token, ["publish"]);
    await json(204, call("PUT", "/v1/desk/people/lea", { token: ada.token, body: { role: "author" } }));
    for (const one of [leaving.token, token.token])
      expect(
        await tagOf(call("DELETE", "/v1/cases/ua-1-00?reason=consent", { token: one, headers: { "If-Match": '"1"' } })),
      ).toBe("403 forbidden");
    await json(204, call("DELETE", "/v1/desk/people/lea", { token: ada.token }));
    for (const one of [leaving.token, token.token])
      expect(await tagOf(call("GET", "/v1/desk/me", { token: one }))).toBe("401 unauthorized");
    expect(await tagOf(signIn(leaving.passkey))).toBe("422 passkey-refused");
    expect(
      await tagOf(call("POST", "/v1/desk/sign-in/recovery", { body: { editor: "lea", code: leaving.codes[0] } })),
    ).toBe("401 unauthorized");
  });

  it("leaves an administrator, whom nobody can remove or demote while there is no other", async () => {
    for (const answer of [
      call("DELETE", "/v1/desk/people/ada", { token: ada.token }),
      call("PUT", "/v1/desk/people/ada", { token: ada.token, body: { role: "publisher" } }),
    ])
      expect(await tagOf(answer)).toBe("409 last-administrator");
  });

  it("stands in the log, with who it was about and without a secret", async () => {
    const lines = await auditActions();
    for (const line of [
      "local invite ada: administrator",
      "ada enrol ada: administrator",
      "ada invite paul: publisher",
      "ada role eve: author",
      "ada remove lea",
      "paul recover paul",
      "paul passkey-add paul: New phone",
      "paul passkey-remove paul: Test device",
      "paul token paul: draft (read, draft)",
      "ada token-revoke paul: draft",
    ])
      expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith("ada export"))).not.toEqual([]);
    expect(lines.join("\n")).not.toMatch(/cw[st]_|[0-9a-f]{40}/);
    const { audit } = await json(200, call("GET", "/v1/desk/audit", { token: nora.token }));
    expect(audit.some(({ about }: { about?: string }) => about === "lea")).toBe(true);
  });
});

/** Requests that reach each route's checks and change nothing: ids of nothing, and no body. */
const exampleOf = ({ path, precondition, query }: Route) => ({
  address: addressOf(path, {
    ...Object.fromEntries(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, name === "number" ? "1" : "nothing"]),
    ),
    ...(query?.reason ? { reason: "consent" } : {}),
    ...(query?.lang ? { lang: "en" } : {}),
  }),
  headers: {
    "Content-Type": "application/json",
    ...(precondition === "hash" ? { "If-Match": `"${"0".repeat(64)}"` } : precondition ? { "If-Match": '"9"' } : {}),
  } as Record<string, string>,
});

describe("Every declared route for editors", () => {
  const routes = Object.entries<Route>(contract).filter(([, { access }]) => access === "editor");

  it("declares the least role and scope, and only an administrator's touch people, exports and settings", () => {
    for (const [operation, { role, scope }] of routes) {
      expect(role, operation).toBeDefined();
      expect(scope, operation).toBeDefined();
    }
    const forAuthors = routes
      .filter(([, { role, method }]) => role === "author" && method !== "GET")
      .map(([name]) => name);
    expect(forAuthors.toSorted()).toEqual(
      [
        ...[
          "addPasskey",
          "addPortrait",
          "deleteDraft",
          "makeToken",
          "newRecoveryCodes",
          "passkeyOptions",
          "preview",
          "publish",
        ],
        ...[
          "readDocument",
          "rejectProposal",
          "removePasskey",
          "removePortrait",
          "revokeToken",
          "saveDraft",
          "signOut",
          "takeBackProposal",
        ],
      ].toSorted(),
    );
    const forPublishers = routes.filter(([, { role }]) => role === "publisher").map(([name]) => name);
    expect(forPublishers.toSorted()).toEqual(["approveProposal", "findMentions", "undo", "withdraw"]);
    const needFresh = routes.filter(([, { fresh }]) => fresh).map(([name]) => name);
    expect(needFresh).toEqual(
      expect.arrayContaining(["exportAll", "exportErasures", "exportFollowers", "makeToken", "invite"]),
    );
  });

  it("holds each role, scope, age of a passkey, expiry and revocation to its declaration", async () => {
    const now = Date.now();
    const day = 86_400_000;
    const credentials: {
      role: Role;
      kind: "session" | "recovery" | "token";
      scopes: Scope[] | null;
      state: string;
      token: string;
    }[] = [];
    for (const role of roles) {
      await sql("INSERT OR REPLACE INTO editors VALUES (?, ?, 'test', 0, 'x')", `any ${role}`, role);
      const add = async (kind: "session" | "recovery" | "token", scopes: Scope[] | null, state: string) => {
        const token = `cwt_${role} ${kind} ${scopes} ${state}`.replaceAll(" ", "-").replaceAll(",", "-");
        credentials.push({ role, kind, scopes, state, token });
        if (state === "revoked") return;
        await sql(
          "INSERT INTO access VALUES (?, ?, ?, ?, 'test', ?, ?, 0, ?, NULL)",
          ...[digest(token), crypto.randomUUID(), kind, `any ${role}`, scopes && JSON.stringify(scopes)],
          ...[
            kind === "session" ? now - (state === "stale" ? 301_000 : 0) : null,
            state === "expired" ? now - 1 : now + day,
          ],
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
      for (const scope of tokenScopes) await add("token", [scope], "fresh");
    }
    for (const [operation, route] of routes) {
      // It would end the credential; the test of tokens above calls it.
      if (operation === "signOut") continue;
      const { address, headers } = exampleOf(route);
      for (const { role, kind, scopes, state, token } of credentials) {
        const about = `${operation} as ${token}`;
        const answer = await call(route.method, address, {
          token,
          headers,
          ...(route.method === "GET" ? {} : { body: "" }),
        });
        const text = await answer.text();
        const problem = answer.status >= 400 ? JSON.parse(text) : null;
        const tag = problem?.type.split(":").at(-1);
        if (state === "expired" || state === "revoked") expect(tag, about).toBe("unauthorized");
        else if (roles.indexOf(role) < roles.indexOf(route.role!))
          expect([answer.status, tag, problem.role], about).toEqual([403, "forbidden", route.role]);
        else if (route.scope && scopes && !scopes.includes(route.scope))
          expect([answer.status, tag, problem.scope], about).toEqual([403, "forbidden", route.scope]);
        else if (route.fresh && kind !== "token" && state === "stale") expect(tag, about).toBe("passkey-needed");
        else if (route.fresh === true && kind === "recovery") expect(tag, about).toBe("passkey-needed");
        else expect(["unauthorized", "forbidden", "passkey-needed", "unexpected"], about).not.toContain(tag);
      }
    }
    await sql("DELETE FROM access WHERE label = 'test'");
    await sql("DELETE FROM editors WHERE added_by = 'test'");
  }, 60_000);
});
