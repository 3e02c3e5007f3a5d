/** Editors with passkeys: the first door, invitations, sign-in and recovery. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import { draftOf } from "../../../support/invented.ts";
import { portsTo } from "../../chat-ports.ts";
import {
  accept,
  auditActions,
  call,
  challengeIn,
  type Enrolled,
  editorsWith,
  enrol,
  invitationFor,
  json,
  NEW,
  newPasskey,
  ORIGIN,
  publish,
  secretOf,
  signIn,
  sql,
  tagOf,
} from "./people.ts";

let ada: Enrolled;
let paul: Enrolled;

describe("The first door", () => {
  it("lets a token of EDITORS do everything until an administrator has a passkey, and nothing afterwards", async () => {
    await json(201, publish("test-token", 1));
    expect(
      (await call("GET", "/v1/desk/erasures", { token: "test-token" })).status,
    ).toBe(200);
    // Drafts of a name in EDITORS stay with the person who has its token.
    const draft = { token: "boris-token", body: draftOf({}), headers: NEW };
    await json(
      201,
      call("PUT", `/v1/desk/drafts/${crypto.randomUUID()}`, draft),
    );
    const inviteBoris = (token: string) =>
      call("POST", "/v1/desk/invitations", {
        token,
        body: { name: "boris", role: "publisher" },
      });
    expect(await tagOf(inviteBoris("test-token"))).toBe("409 name-taken");
    await json(201, inviteBoris("boris-token"));
    // A name in EDITORS has no passkeys to add to.
    expect(
      await tagOf(
        call("POST", "/v1/desk/me/passkey-options", { token: "test-token" }),
      ),
    ).toBe("403 forbidden");

    ada = await enrol("test-token", "ada", "administrator");
    for (const token of ["test-token", "boris-token"])
      expect(await tagOf(call("GET", "/v1/desk/me", { token }))).toBe(
        "401 door-closed",
      );
    const me = {
      editor: "ada",
      role: "administrator",
      signedInBy: "session",
      scopes: null,
    };
    expect(
      await json(200, call("GET", "/v1/desk/me", { token: ada.token })),
    ).toMatchObject(me);
    expect(ada.codes).toHaveLength(10);
  });

  it("opens again for a new token in EDITORS, once, and only to invite an administrator", async () => {
    const bindings = { EDITORS: editorsWith({ operator: "new-token" }) };
    const ask = (body: object) =>
      call("POST", "/v1/desk/invitations", {
        token: "new-token",
        body,
        bindings,
      });
    expect(
      await tagOf(
        call("GET", "/v1/desk/cases", { token: "new-token", bindings }),
      ),
    ).toBe("401 door-closed");
    expect(await tagOf(ask({ name: "otto", role: "publisher" }))).toBe(
      "401 door-closed",
    );
    // Not as somebody who is here already.
    expect(await tagOf(ask({ name: "Ada", role: "administrator" }))).toBe(
      "409 name-taken",
    );
    const { link } = await json(
      201,
      ask({ name: "otto", role: "administrator" }),
    );
    expect(link).toMatch(
      /^https:\/\/casewire\.test\/desk#\/invitation\/[0-9a-f]{64}$/,
    );
    expect(await tagOf(ask({ name: "mallory", role: "administrator" }))).toBe(
      "401 door-closed",
    );
    const { token } = await json(
      201,
      accept(secretOf(link), await newPasskey()),
    );
    await json(
      204,
      call("DELETE", "/v1/desk/people/otto", { token: ada.token }),
    );
    expect(await tagOf(call("GET", "/v1/desk/me", { token }))).toBe(
      "401 unauthorized",
    );
  });
});

describe("An invitation", () => {
  const optionsFor = (invitation: string) =>
    call("POST", "/v1/desk/enrolment/options", { body: { invitation } });

  beforeAll(async () => {
    paul = await enrol(ada.token, "paul", "publisher");
    await enrol(ada.token, "nora", "author");
  });

  it("of two answers at once takes one, and can't be replayed", async () => {
    const invitation = await invitationFor(ada.token, "rita", "author");
    const answers = await Promise.all([
      accept(invitation, await newPasskey()),
      accept(invitation, await newPasskey()),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404]);
    expect(await tagOf(optionsFor(invitation))).toBe("404 unknown-invitation");
    const response = await (await newPasskey()).register(ORIGIN, "replayed");
    const again = call("POST", "/v1/desk/enrolment", {
      body: { invitation, label: "Again", response },
    });
    expect(await tagOf(again)).toMatch(
      /^(404 unknown-invitation|422 passkey-refused)$/,
    );
    await json(
      204,
      call("DELETE", "/v1/desk/people/rita", { token: ada.token }),
    );
  });

  it("runs out, can be cancelled, and ends with the administrator who made it", async () => {
    const late = await invitationFor(ada.token, "late", "author");
    await sql("UPDATE invitations SET expires_at = 0 WHERE name = 'late'");
    const cancelled = await invitationFor(ada.token, "gone", "author");
    const { invitations } = await json(
      200,
      call("GET", "/v1/desk/people", { token: ada.token }),
    );
    expect(invitations.map(({ name }: { name: string }) => name)).toContain(
      "gone",
    );
    const { id } = invitations.find(
      ({ name }: { name: string }) => name === "gone",
    );
    await json(
      204,
      call("DELETE", `/v1/desk/invitations/${id}`, { token: ada.token }),
    );
    const eve = await enrol(ada.token, "eve", "administrator");
    const { code } = await json(
      201,
      call("POST", paths.deskChats, { token: eve.token }),
    );
    const sockpuppet = await invitationFor(eve.token, "eve 2", "administrator");
    await json(
      204,
      call("PUT", "/v1/desk/people/eve", {
        token: ada.token,
        body: { role: "author" },
      }),
    );
    for (const invitation of [late, cancelled, sockpuppet])
      expect(await tagOf(optionsFor(invitation))).toBe(
        "404 unknown-invitation",
      );
    // Nor does a code of hers link a Telegram group.
    const { desk } = portsTo(env.DISPATCHER.getByName("dispatcher"));
    expect(await desk.link({ chat: -1, kind: "group" }, code, "en")).toBe(
      "unknown",
    );
    await json(
      204,
      call("DELETE", "/v1/desk/people/eve", { token: ada.token }),
    );
  });

  it("is refused for names that look like another's, and for the name of anyone who has drafts here", async () => {
    const ask = (name: string) =>
      call("POST", "/v1/desk/invitations", {
        token: ada.token,
        body: { name, role: "author" },
      });
    // Capitals, a digit, an accent of its own, and letters of Cyrillic and
    // Greek.
    for (const name of ["PAUL", "Pau1", "pa\u0301ul", "p-a.ul"])
      expect(await tagOf(ask(name)), name).toBe("409 name-taken");
    // Cyrillic letters, beside an invitation that waits.
    await json(201, ask("coco"));
    expect(await tagOf(ask("\u0441\u043e\u0441\u043e"))).toBe("409 name-taken");
    await json(201, ask("Coco"));
    const { passkey } = await enrol(ada.token, "Олена", "author");
    expect(await tagOf(ask("олена"))).toBe("409 name-taken");
    const { token } = await json(201, signIn(passkey));
    // An author reads neither who was invited nor what others proposed.
    const { audit } = await json(200, call("GET", "/v1/desk/audit", { token }));
    expect(
      audit.filter(
        ({ editor, case: id }: any) => editor !== "Олена" && id === null,
      ),
    ).toEqual([]);
    expect(await tagOf(call("GET", "/v1/desk/audit.ndjson", { token }))).toBe(
      "403 forbidden",
    );
    await json(
      204,
      call("DELETE", `/v1/desk/people/${encodeURIComponent("Олена")}`, {
        token: ada.token,
      }),
    );
    // With drafts, and in EDITORS.
    for (const name of ["boris", "Local"])
      expect(await tagOf(ask(name)), name).toBe("409 name-taken");
    for (const name of [
      "",
      " paul",
      "pa\u200bul",
      "paul\u202e",
      "<b>",
      "\u0440\u0430ul",
      "x".repeat(61),
    ])
      expect(await tagOf(ask(name)), name).toBe("422 invalid-case");
  });

  it("of one of the first two editors is the operator's alone", async () => {
    const ledger = env.LEDGER.getByName("ledger");
    const confirm = (names: string[]) =>
      runInDurableObject<Ledger, void>(
        ledger,
        ({ access }) => void Object.assign(access, { firstEditors: names }),
      );
    const ask = (
      token: string,
      name: string,
      role = "administrator",
      bindings = {},
    ) =>
      call("POST", "/v1/desk/invitations", {
        token,
        body: { name, role },
        bindings,
      });
    await confirm(["ada", "Berta"]);
    for (const name of ["Berta", "berta"]) {
      const answer = await ask(ada.token, name);
      expect(await answer.clone().json()).toMatchObject({
        detail: expect.stringContaining("only the operator"),
      });
      expect(await tagOf(answer)).toBe("409 name-taken");
    }
    // With a new token in EDITORS, which only the operator can set.
    const bindings = { EDITORS: editorsWith({ operator: "operators-token" }) };
    await json(201, ask("operators-token", "Berta", "administrator", bindings));
    await confirm([]);
    await json(201, ask(ada.token, "Berta"));
  });

  it("can't be answered with a passkey for another site, for another address of ours, or for another invitation", async () => {
    const invitation = await invitationFor(ada.token, "rita", "author");
    const options = await json(200, optionsFor(invitation));
    const passkey = await newPasskey();
    const other = await json(
      200,
      optionsFor(await invitationFor(ada.token, "olga", "author")),
    );
    const answers = [
      await passkey.register(
        "https://casewire.test.evil.test",
        challengeIn(options),
      ),
      await passkey.register(ORIGIN, challengeIn(other)),
      await passkey.register(ORIGIN, "bWFkZSB1cA"),
      await passkey.sign(ORIGIN, challengeIn(options)),
      {},
    ];
    for (const response of answers) {
      const body = { invitation, label: "x", response };
      expect(await tagOf(call("POST", "/v1/desk/enrolment", { body }))).toBe(
        "422 passkey-refused",
      );
    }
  });
});

describe("Signing in", () => {
  it("needs an unused challenge of ours, our address, and a verified person", async () => {
    const { passkey } = paul;
    const options = await json(200, call("POST", "/v1/desk/sign-in/options"));
    const challenge = challengeIn(options);
    const post = (response: object) =>
      call("POST", "/v1/desk/sign-in", { body: { response } });
    const right = await passkey.sign(ORIGIN, challenge);
    for (const response of [
      await passkey.sign("https://evil.test", challenge),
      await passkey.sign(ORIGIN, "bWFkZSB1cA"),
      await passkey.sign(ORIGIN, challenge, { flags: 0x01 }),
      {
        ...right,
        response: { ...(right.response as object), signature: "MEUCIQ" },
      },
      await (await newPasskey()).sign(ORIGIN, challenge),
      {
        ...(await (await newPasskey()).sign(ORIGIN, challenge)),
        id: passkey.id,
        rawId: passkey.id,
      },
    ])
      expect(await tagOf(post(response))).toBe("422 passkey-refused");
    const session = await json(201, post(right));
    expect(session.token).toMatch(/^cws_[\w-]{43}$/);
    expect(await tagOf(post(right))).toBe("422 passkey-refused");
    // Only hashes are stored.
    const stored = JSON.stringify([
      await sql("SELECT * FROM access"),
      await sql("SELECT * FROM recovery_codes"),
    ]);
    expect(stored).not.toContain(session.token);
    expect(stored).toContain(digest(session.token));
    for (const code of paul.codes)
      expect(stored).not.toContain(code.replaceAll("-", ""));
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
    expect(
      (await auditActions()).filter(
        (line) => line === "key passkey-copied key: Test device",
      ),
    ).toHaveLength(3);
    await json(
      204,
      call("DELETE", "/v1/desk/people/key", { token: ada.token }),
    );
  });

  it.each([
    ["address", () => "198.51.100.7"],
    ["IPv6 network", (attempt: number) => `2001:db8:7:7::${attempt + 1}`],
  ])(
    "is limited for each %s, without locking out an editor who shares it",
    async (_, address) => {
      let attempts = 0;
      const from = () => ({ "CF-Connecting-IP": address(attempts++) });
      let headers = from();
      await json(
        200,
        call("GET", "/v1/desk/me", { token: paul.token, headers }),
      );
      const statuses = new Set<number>();
      for (let attempt = 0; attempt < 25; attempt++)
        statuses.add(
          (
            await call("GET", "/v1/desk/me", {
              token: `cws_guess-${attempt}`,
              headers: from(),
            })
          ).status,
        );
      expect([...statuses]).toEqual([401, 429]);
      headers = from();
      expect(
        (await call("POST", "/v1/desk/sign-in/options", { headers })).status,
      ).toBe(429);
      await json(
        200,
        call("GET", "/v1/desk/me", { token: paul.token, headers }),
      );
    },
  );

  it("sets no cookie, and a form of another site can't do it", async () => {
    const { headers } = await signIn(paul.passkey);
    expect([
      headers.get("Set-Cookie"),
      headers.get("Access-Control-Allow-Origin"),
    ]).toEqual([null, null]);
    const asForm = { body: "{}", headers: { "Content-Type": "text/plain" } };
    expect(await tagOf(call("POST", "/v1/desk/sign-in", asForm))).toBe(
      "415 not-json",
    );
  });
});

describe("A recovery code", () => {
  const recover = (code: string, editor = "paul") =>
    call("POST", "/v1/desk/sign-in/recovery", { body: { editor, code } });

  it("works once, in any spelling, also when it is used twice at the same time", async () => {
    const [first = "", second = ""] = paul.codes;
    const answers = await Promise.all([
      recover(first),
      recover(first),
      recover(first),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      201, 401, 401,
    ]);
    expect(await tagOf(recover(first))).toBe("401 unauthorized");
    expect(await tagOf(recover(second, "nora"))).toBe("401 unauthorized");
    // As a phone's keyboard writes the name.
    expect(
      (await recover(second.toUpperCase().replaceAll("-", " "), "Paul")).status,
    ).toBe(201);
  });

  it("opens only the making of a passkey, and ends with it", async () => {
    // A phone's keyboard adds a space after a name.
    const { token } = await json(201, recover(paul.codes[2]!, "paul "));
    expect(await tagOf(call("GET", "/healthz", { token }))).toBe(
      "403 forbidden",
    );
    const options = await json(
      200,
      call("POST", "/v1/desk/me/passkey-options", { token }),
    );
    const passkey = await newPasskey();
    const response = await passkey.register(ORIGIN, challengeIn(options));
    await json(
      201,
      call("POST", "/v1/desk/me/passkeys", {
        token,
        body: { label: "New phone", response },
      }),
    );
    expect(await tagOf(call("GET", "/v1/desk/me/access", { token }))).toBe(
      "401 unauthorized",
    );
    const session = await json(201, signIn(passkey));
    const { passkeys, recoveryCodes } = await json(
      200,
      call("GET", "/v1/desk/me/access", { token: session.token }),
    );
    expect(passkeys.map(({ label }: { label: string }) => label)).toEqual([
      "Test device",
      "New phone",
    ]);
    expect(recoveryCodes).toBe(7);
    // The lost phone goes, and every session with it.
    await json(
      204,
      call("DELETE", `/v1/desk/me/passkeys/${paul.passkey.id}`, {
        token: session.token,
      }),
    );
    expect(await tagOf(call("GET", "/v1/desk/me", { token: paul.token }))).toBe(
      "401 unauthorized",
    );
    expect(await tagOf(signIn(paul.passkey))).toBe("422 passkey-refused");
    paul = {
      ...paul,
      passkey,
      token: (await json(201, signIn(passkey))).token,
    };
    const last = call("DELETE", `/v1/desk/me/passkeys/${passkey.id}`, {
      token: paul.token,
    });
    expect(await tagOf(last)).toBe("409 last-passkey");
    const { codes } = await json(
      201,
      call("POST", "/v1/desk/me/recovery-codes", { token: paul.token }),
    );
    expect(await tagOf(recover(paul.codes[5]!))).toBe("401 unauthorized");
    expect((await recover(codes[0])).status).toBe(201);
  });
});

it("A fresh passkey grows old also while the clock is behind the newest moment, or was put back", async () => {
  const [{ live_at: mark }] = (await sql("SELECT live_at FROM mark")) as [
    { live_at: number },
  ];
  await sql("UPDATE mark SET live_at = ?", Date.now() + 3_600_000);
  for (const shift of [-301_000, 3_600_000]) {
    const { token } = await json(201, signIn(ada.passkey));
    const read = () => call("GET", "/v1/desk/erasures", { token });
    expect((await read()).status).toBe(200);
    await sql(
      "UPDATE access SET passkey_at = passkey_at + ? WHERE hash = ?",
      shift,
      digest(token),
    );
    expect(await tagOf(read())).toBe("403 passkey-needed");
    await sql(
      "UPDATE access SET expires_at = ? WHERE hash = ?",
      Date.now() - 1,
      digest(token),
    );
    expect(await tagOf(read())).toBe("401 unauthorized");
  }
  await sql("UPDATE mark SET live_at = ?", mark);
});

it("Invitations, recoveries and passkeys stand in the log, with who they were about", async () => {
  expect(await auditActions()).toEqual(
    expect.arrayContaining([
      "local invite ada: administrator",
      "ada enrol ada: administrator",
      "ada invite paul: publisher",
      "ada role eve: author",
      "paul recover paul",
      "paul passkey-add paul: New phone",
      "paul passkey-remove paul: Test device",
    ]),
  );
});
