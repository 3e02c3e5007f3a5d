/**
 * Editors with passkeys: what each role, each token and each stolen thing can
 * and can't do.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { digest } from "../../../../worker/runtime/digest.ts";
import { png } from "../../../support/drawn-pictures.ts";
import { draftOf } from "../../../support/invented.ts";
import { backdate } from "../../backdate.ts";
import {
  at,
  auditActions,
  call,
  type Enrolled,
  enrol,
  enrolTeam,
  eraseEarlier,
  invitationFor,
  json,
  NEW,
  publish,
  signIn,
  sql,
  tagOf,
  tokenWith,
} from "./people.ts";

let ada: Enrolled;
let paul: Enrolled;
let nora: Enrolled;

beforeAll(async () => {
  await json(201, publish("test-token", 1));
  ({ ada, paul, nora } = await enrolTeam());
});

const approve = (token: string, id: string, hash: string) =>
  call("POST", `/v1/desk/proposals/${id}/approve`, {
    token,
    body: {},
    headers: at(hash),
  });

describe("An author", () => {
  it("proposes what a publisher would publish, and a publisher approves it", async () => {
    const proposed = await json(202, publish(nora.token, 2));
    expect(proposed).toMatchObject({ waitsFor: "second editor" });
    const { proposals } = await json(
      200,
      call("GET", "/v1/desk/proposals", { token: paul.token }),
    );
    expect(proposals).toMatchObject([{ editor: "nora", case: "ua-2-00" }]);
    const { hash } = proposals[0];
    expect(await tagOf(approve(nora.token, proposed.proposal, hash))).toBe(
      "403 forbidden",
    );
    await json(201, approve(paul.token, proposed.proposal, hash));
  });

  it("sees no proposal of another, and takes back only their own", async () => {
    const other = await enrol(ada.token, "omar", "author");
    const { proposal } = await json(202, publish(other.token, 3));
    const own = await json(202, publish(nora.token, 4));
    const seen = await json(
      200,
      call("GET", "/v1/desk/proposals", { token: nora.token }),
    );
    expect(seen.proposals.map(({ id }: { id: string }) => id)).toEqual([
      own.proposal,
    ]);
    const { cases } = await json(
      200,
      call("GET", "/v1/desk/cases", { token: nora.token }),
    );
    expect(cases.map(({ id }: { id: string }) => id).toSorted()).toEqual([
      "ua-1-00",
      "ua-2-00",
      "ua-4-00",
    ]);
    for (const answer of [
      call("GET", `/v1/desk/proposals/${proposal}`, { token: nora.token }),
      call("DELETE", `/v1/desk/proposals/${proposal}`, { token: nora.token }),
      call("POST", `/v1/desk/proposals/${proposal}/reject`, {
        token: nora.token,
        body: { reason: "x" },
      }),
    ])
      expect(await tagOf(answer)).toBe("404 unknown-proposal");
    await json(
      200,
      call("DELETE", `/v1/desk/proposals/${own.proposal}`, {
        token: nora.token,
      }),
    );
    const rejection = { token: paul.token, body: { reason: "No source" } };
    await json(
      200,
      call("POST", `/v1/desk/proposals/${proposal}/reject`, rejection),
    );
    await json(
      204,
      call("DELETE", "/v1/desk/people/omar", { token: ada.token }),
    );
  });

  it("who was removed gets no draft back that nobody could read, and their name can be used again", async () => {
    const { token } = await enrol(ada.token, "olga", "author");
    const { proposal } = await json(202, publish(token, 6));
    await json(
      204,
      call("DELETE", "/v1/desk/people/olga", { token: ada.token }),
    );
    // Another olga could approve it herself.
    const again = {
      token: ada.token,
      body: { name: "olga", role: "publisher" },
    };
    expect(await tagOf(call("POST", "/v1/desk/invitations", again))).toBe(
      "409 name-taken",
    );
    const rejection = { token: paul.token, body: { reason: "Late" } };
    const reject = call(
      "POST",
      `/v1/desk/proposals/${proposal}/reject`,
      rejection,
    );
    expect(await json(200, reject)).toEqual({ draft: null });
    await invitationFor(ada.token, "olga", "author");
    const { invitations } = await json(
      200,
      call("GET", "/v1/desk/people", { token: ada.token }),
    );
    const { id } = invitations.find(
      ({ name }: { name: string }) => name === "olga",
    );
    await json(
      204,
      call("DELETE", `/v1/desk/invitations/${id}`, { token: ada.token }),
    );
  });

  it("sees no picture, and no record of a consent, that is only in another's draft", async () => {
    const other = await enrol(ada.token, "otto", "author");
    const path = "/v1/desk/cases/ua-90-00/portraits";
    const body = {
      person: "invented-person-one",
      image: btoa(String.fromCharCode(...png(90))),
      consent: { givenBy: "Invented Relative", givenOn: "2026-01-02" },
    };
    const { image } = await json(
      201,
      call("POST", path, { token: other.token, body }),
    );
    for (const { token } of [nora, paul, ada]) {
      expect(await json(200, call("GET", path, { token }))).toEqual({
        portraits: [],
      });
      for (const method of ["GET", "DELETE"])
        expect(await tagOf(call(method, `${path}/${image}`, { token }))).toBe(
          "404 no-such-address",
        );
    }
    expect(await tagOf(call("POST", path, { token: nora.token, body }))).toBe(
      "403 forbidden",
    );
    await json(200, call("GET", `${path}/${image}`, { token: other.token }));
    await json(204, call("DELETE", `${path}/${image}`, { token: other.token }));
    expect(
      await sql("SELECT * FROM portraits WHERE case_id = 'ua-90-00'"),
    ).toEqual([]);
    await json(201, call("POST", path, { token: other.token, body }));
    await json(
      204,
      call("DELETE", "/v1/desk/people/otto", { token: ada.token }),
    );
    expect(
      await sql("SELECT * FROM portraits WHERE case_id = 'ua-90-00'"),
    ).toEqual([]);
  });

  it("loses a token to a thief, who can publish, withdraw, undo, redact, approve and export nothing", async () => {
    await backdate();
    const before = (await sql("SELECT COUNT(*) AS count FROM revisions"))[0]!
      .count;
    const { token } = await tokenWith(nora.token, [
      "draft",
      "propose",
      "publish",
      "export",
      "operate",
    ]);
    const refusals = [
      eraseEarlier(token, "ua-1-00", 1),
      call("DELETE", "/v1/cases/ua-1-00?reason=consent", {
        token,
        headers: at(1),
      }),
      call("DELETE", "/v1/cases/ua-1-00/revisions/1", { token }),
      approve(token, crypto.randomUUID(), "0".repeat(64)),
      call("GET", "/v1/desk/export", { token }),
      call("GET", "/v1/desk/people", { token }),
      call("POST", "/v1/desk/invitations", {
        token,
        body: { name: "x", role: "administrator" },
      }),
      call("POST", "/v1/desk/tokens", {
        token,
        body: { label: "x", scopes: ["publish"] },
      }),
      call("POST", "/v1/desk/me/passkey-options", { token }),
      call("POST", "/v1/desk/hooks", {
        token,
        body: { url: "https://example.com" },
      }),
    ];
    for (const answer of refusals)
      expect(await tagOf(answer)).toBe("403 forbidden");
    // A copy of the storage has only hashes.
    const stored = JSON.stringify(await sql("SELECT * FROM access"));
    expect(stored).toContain(digest(token));
    for (const secret of [token, nora.token])
      expect(stored).not.toContain(secret.slice(4));
    await json(202, publish(token, 5));
    expect(
      (await sql("SELECT COUNT(*) AS count FROM revisions"))[0]!.count,
    ).toBe(before);
  });
});

it("Drafts are read by nobody else, administrators included, in any way", async () => {
  const id = crypto.randomUUID();
  const draft = draftOf({ title: { en: "A secret plan about Zorblax" } });
  const other = await enrol(ada.token, "dora", "author");
  await json(
    201,
    call("PUT", `/v1/desk/drafts/${id}`, {
      token: other.token,
      body: draft,
      headers: NEW,
    }),
  );
  for (const { token } of [ada, paul, nora]) {
    expect(await tagOf(call("GET", `/v1/desk/drafts/${id}`, { token }))).toBe(
      "404 unknown-draft",
    );
    expect(
      await tagOf(call("DELETE", `/v1/desk/drafts/${id}`, { token })),
    ).toBe("404 unknown-draft");
    for (const path of [
      "/v1/desk/drafts",
      "/v1/desk/cases",
      "/v1/desk/proposals",
      "/v1/desk/audit",
    ])
      expect(await (await call("GET", path, { token })).text()).not.toContain(
        "Zorblax",
      );
  }
  // Nor after the editor has left: their drafts go with them.
  await json(204, call("DELETE", "/v1/desk/people/dora", { token: ada.token }));
  expect(await sql("SELECT * FROM drafts WHERE editor = 'dora'")).toEqual([]);
});

describe("A token", () => {
  it("does what its scopes say, at most what the role allows now, until it runs out or is revoked", async () => {
    const { id, token } = await tokenWith(paul.token, ["draft"]);
    expect(token).toMatch(/^cwt_[\w-]{43}$/);
    await json(200, call("GET", "/v1/desk/drafts", { token }));
    await json(200, call("GET", "/v1/desk/cases", { token }));
    expect(await tagOf(publish(token, 1, { "If-Match": '"1"' }))).toBe(
      "403 forbidden",
    );
    const proposes = await tokenWith(paul.token, ["propose"]);
    await json(202, publish(proposes.token, 6));
    const all = await json(
      200,
      call("GET", "/v1/desk/me/access", { token: paul.token }),
    );
    expect(all.tokens).toMatchObject([
      { label: "propose", scopes: ["read", "propose"] },
      {
        label: "draft",
        scopes: ["read", "draft"],
        lastUsed: new Date().toISOString().slice(0, 10),
      },
    ]);
    expect(
      await tagOf(
        call("DELETE", `/v1/desk/tokens/${id}`, { token: nora.token }),
      ),
    ).toBe("404 unknown-token");
    await json(
      204,
      call("DELETE", `/v1/desk/tokens/${id}`, { token: ada.token }),
    );
    expect(await tagOf(call("GET", "/v1/desk/drafts", { token }))).toBe(
      "401 unauthorized",
    );
    await sql("UPDATE access SET expires_at = 0 WHERE id = ?", proposes.id);
    expect(
      await tagOf(call("GET", "/v1/desk/cases", { token: proposes.token })),
    ).toBe("401 unauthorized");
    const self = await tokenWith(paul.token, ["read"]);
    await json(204, call("DELETE", "/v1/desk/session", { token: self.token }));
    expect(
      await tagOf(call("GET", "/v1/desk/cases", { token: self.token })),
    ).toBe("401 unauthorized");
    for (const body of [
      { label: "x", scopes: ["editors"] },
      { label: "x", scopes: [] },
      { label: "x", scopes: ["read"], days: 367 },
      { label: " ", scopes: ["read"] },
    ])
      expect(
        await tagOf(
          call("POST", "/v1/desk/tokens", { token: paul.token, body }),
        ),
      ).toBe("422 invalid-case");
  });

  it("of an administrator exports only with the scope, which a fresh passkey gave it", async () => {
    const fresh = (await json(201, signIn(ada.passkey))).token;
    const [plain, exporting] = [
      await tokenWith(fresh, ["publish", "operate"]),
      await tokenWith(fresh, ["export"]),
    ];
    expect(
      await tagOf(call("GET", "/v1/desk/export", { token: plain.token })),
    ).toBe("403 forbidden");
    const backup = await (
      await call("GET", "/v1/desk/export", { token: exporting.token })
    ).text();
    const lines = backup.trimEnd().split("\n");
    const rows = lines.map((line) => JSON.parse(line));
    const columns = expect.objectContaining({
      name: "paul",
      role: "publisher",
    });
    expect(rows).toContainEqual(
      expect.objectContaining({ row: "editor", columns }),
    );
    // Names and roles, and nothing that opens anything.
    for (const secrets of [
      "hash FROM access",
      "hash FROM recovery_codes",
      "public_key FROM passkeys",
    ])
      for (const secret of await sql(`SELECT ${secrets}`))
        expect(backup).not.toContain(Object.values(secret)[0]);
    expect(rows.at(-1)).toMatchObject({ row: "seal" });
  });
});

it("A publish is refused when its editor's role has changed since the button was shown, and becomes no proposal", async () => {
  const kim = await enrol(ada.token, "kim", "publisher");
  const send = (token: string, expected: string) =>
    json(409, publish(token, 8, NEW, { expect: expected }));
  const change = (role: string) =>
    json(
      204,
      call("PUT", "/v1/desk/people/kim", { token: ada.token, body: { role } }),
    );
  expect(await send(kim.token, "proposed")).toMatchObject({
    would: "committed",
  });
  const withdraw = { token: kim.token, headers: at(1) };
  const withdrawn = call(
    "DELETE",
    "/v1/cases/ua-1-00?reason=mistake&expect=proposed",
    withdraw,
  );
  expect(await json(409, withdrawn)).toMatchObject({ would: "committed" });
  await change("author");
  expect(await send(kim.token, "committed")).toMatchObject({
    would: "proposed",
  });
  expect(
    await tagOf(call("GET", "/v1/desk/cases/ua-8-00", { token: ada.token })),
  ).toBe("404 unknown-case");
  expect(
    (await json(200, call("GET", "/v1/desk/proposals", { token: kim.token })))
      .proposals,
  ).toEqual([]);
  await change("publisher");
  await json(201, publish(kim.token, 8, NEW, { expect: "committed" }));
});

describe("What is revoked", () => {
  it("ends at once: sessions, tokens and roles of an editor who is removed or changed", async () => {
    const leaving = await enrol(ada.token, "lea", "publisher");
    const tokens = [
      leaving.token,
      (await tokenWith(leaving.token, ["publish"])).token,
    ];
    await json(
      204,
      call("PUT", "/v1/desk/people/lea", {
        token: ada.token,
        body: { role: "author" },
      }),
    );
    const withdraw = (token: string) =>
      call("DELETE", "/v1/cases/ua-1-00?reason=consent", {
        token,
        headers: at(1),
      });
    // The token may do more than an author.
    expect(
      await Promise.all(tokens.map((token) => tagOf(withdraw(token)))),
    ).toEqual(["403 forbidden", "401 unauthorized"]);
    await json(
      204,
      call("DELETE", "/v1/desk/people/lea", { token: ada.token }),
    );
    for (const token of tokens)
      expect(await tagOf(call("GET", "/v1/desk/me", { token }))).toBe(
        "401 unauthorized",
      );
    expect(await tagOf(signIn(leaving.passkey))).toBe("422 passkey-refused");
    const recovery = { body: { editor: "lea", code: leaving.codes[0] } };
    expect(
      await tagOf(call("POST", "/v1/desk/sign-in/recovery", recovery)),
    ).toBe("401 unauthorized");
  });

  it("leaves an administrator, whom nobody can remove or demote while there is no other", async () => {
    for (const answer of [
      call("DELETE", "/v1/desk/people/ada", { token: ada.token }),
      call("PUT", "/v1/desk/people/ada", {
        token: ada.token,
        body: { role: "publisher" },
      }),
    ])
      expect(await tagOf(answer)).toBe("409 last-administrator");
  });

  it("stands in the log, with who it was about", async () => {
    const lines = await auditActions();
    expect(lines).toEqual(
      expect.arrayContaining([
        "ada remove lea",
        "paul token paul: draft (read, draft)",
        "ada token-revoke paul: draft",
      ]),
    );
    expect(lines.filter((line) => line.startsWith("ada export"))).not.toEqual(
      [],
    );
    const isTold = async (token: string) =>
      (await json(200, call("GET", "/v1/desk/audit", { token }))).audit.some(
        ({ about }: any) => about === "lea",
      );
    // An author reads only what their lists show.
    expect([await isTold(ada.token), await isTold(nora.token)]).toEqual([
      true,
      false,
    ]);
  });
});
