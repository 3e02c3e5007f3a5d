/**
 * What a person registered ends with the person, the role or the passkey:
 * tokens, webhooks and linked groups.
 */
import {
  createExecutionContext,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { paths } from "../../../../shared/addresses.ts";
import type { Ledger } from "../../../../worker/objects/ledger/ledger.ts";
import { digest } from "../../../../worker/runtime/digest.ts";
import worker from "../../../../worker/web/index.ts";
import { backdate } from "../../backdate.ts";
import { portsTo } from "../../chat-ports.ts";
import {
  call,
  challengeIn,
  type Enrolled,
  enrol,
  enrolTeam,
  json,
  NEW,
  newPasskey,
  ORIGIN,
  publication,
  publish,
  signIn,
  sql,
  tagOf,
  tokenWith,
} from "./people.ts";

const ledger = env.LEDGER.getByName("ledger");
let ada: Enrolled;
let posts: string[] = [];

beforeAll(async () => {
  vi.stubGlobal("fetch", async (url: string, _init: RequestInit = {}) => {
    if (url.startsWith("https://hooks.")) posts.push(url);
    if (url.startsWith("https://cloudflare-dns"))
      return Response.json({ Answer: [{ type: 1, data: "93.184.215.14" }] });
    return Response.json({
      ok: true,
      result: { message_id: 1, date: 1, chat: { id: 1 }, text: "" },
    });
  });
  ({ ada } = await enrolTeam());
});
afterAll(() => vi.unstubAllGlobals());

let groups = 0;
const link = (code: string) =>
  portsTo(env.DISPATCHER.getByName("dispatcher")).desk.link(
    { chat: -900 - groups++, kind: "group" },
    code,
    "en",
  );
const codeOf = async (token: string) =>
  (await json(201, call("POST", paths.deskChats, { token }))).code as string;
/** Registers one of each with a session or a token. */
async function registers(token: string, name: string) {
  const { id } = await json(
    201,
    call("POST", paths.deskHooks, {
      token,
      body: { url: `https://hooks.${name}.org` },
    }),
  );
  expect(await link(await codeOf(token))).toBe("linked");
  return id as string;
}
const hook = async (id: string) =>
  (
    await json(200, call("GET", paths.deskHooks, { token: ada.token }))
  ).hooks.find((one: any) => one.id === id);
const linkedBy = async (name: string) =>
  (
    await json(200, call("GET", paths.deskChats, { token: ada.token }))
  ).chats.filter(({ editor }: any) => editor === name).length;
const remove = (name: string) =>
  json(
    204,
    call("DELETE", `${paths.deskEditors}/${name}`, { token: ada.token }),
  );
const removePasskey = (token: string, id: string) =>
  json(204, call("DELETE", `/v1/desk/me/passkeys/${id}`, { token }));
async function addPasskey(token: string) {
  const passkey = await newPasskey();
  const options = await json(
    200,
    call("POST", "/v1/desk/me/passkey-options", { token }),
  );
  const response = await passkey.register(ORIGIN, challengeIn(options));
  await json(
    201,
    call("POST", "/v1/desk/me/passkeys", {
      token,
      body: { label: "Second", response },
    }),
  );
  return passkey;
}
/** A change at its moment, told to the webhooks. */
async function tell(number: number) {
  posts = [];
  await json(201, publish(ada.token, number, NEW));
  await backdate();
  await runDurableObjectAlarm(ledger);
}

it("A program approves nothing, whatever its token may do: it is no second editor", async () => {
  const { token } = await tokenWith(ada.token, ["propose", "publish"]);
  const { proposal } = await json(
    202,
    call("PUT", "/v1/cases/ua-9-00", {
      token,
      headers: NEW,
      body: publication(9),
      bindings: { REVIEW: "two" },
    }),
  );
  const { hash } = await json(
    200,
    call("GET", `/v1/desk/proposals/${proposal}`, { token }),
  );
  const approve = { token, body: {}, headers: { "If-Match": `"${hash}"` } };
  const refused = await json(
    403,
    call("POST", `/v1/desk/proposals/${proposal}/approve`, approve),
  );
  expect(refused).toMatchObject({
    remedy: expect.stringContaining("with a passkey"),
  });
  await json(200, call("DELETE", `/v1/desk/proposals/${proposal}`, { token }));
});

describe("What an administrator registered", () => {
  it("stands, then is suspended and unlinked when the administrator is removed, and a waiting code gets no group", async () => {
    const eve = await enrol(ada.token, "eve", "administrator");
    const id = await registers(eve.token, "eve");
    const kept = await registers(ada.token, "ada");
    const code = await codeOf(eve.token);
    await tell(1);
    await expect
      .poll(() => posts.toSorted())
      .toEqual(["https://hooks.ada.org", "https://hooks.eve.org"]);
    await remove("eve");
    expect(await link(code)).toBe("unknown");
    expect(await hook(id)).toMatchObject({
      editor: "eve",
      suspended: "left",
      next: null,
    });
    await expect.poll(() => linkedBy("eve")).toBe(0);
    expect([(await hook(kept)).suspended, await linkedBy("ada")]).toEqual([
      null,
      1,
    ]);
    await tell(2);
    await expect.poll(() => posts).toEqual(["https://hooks.ada.org"]);
  });

  it("is taken over or removed by another, with a fresh passkey", async () => {
    const { hooks } = await json(
      200,
      call("GET", paths.deskHooks, { token: ada.token }),
    );
    const { id } = hooks.find(({ suspended }: any) => suspended !== null);
    const take = (token: string) =>
      call("POST", `${paths.deskHooks}/${id}/take-over`, { token });
    const discard = (token: string) =>
      call("DELETE", `${paths.deskHooks}/${id}`, { token });
    const { token: old } = await json(201, signIn(ada.passkey));
    await sql("UPDATE access SET passkey_at = 0 WHERE hash = ?", digest(old));
    for (const ask of [take, discard])
      expect(await tagOf(ask(old))).toBe("403 passkey-needed");
    expect(await json(201, take(ada.token))).toMatchObject({
      id,
      secret: expect.stringMatching(/^whsec_/),
    });
    await expect
      .poll(() => posts)
      .toEqual(["https://hooks.ada.org", "https://hooks.eve.org"]);
    expect(await hook(id)).toMatchObject({ editor: "ada", suspended: null });
    await json(204, discard(ada.token));
    expect(await tagOf(take(ada.token))).toBe("404 unknown-hook");
  });

  it("goes with the role, and so do tokens that may do more than the new one", async () => {
    const fay = await enrol(ada.token, "fay", "administrator");
    const id = await registers(fay.token, "fay");
    const [publishing, exporting, proposing] = await Promise.all(
      (["publish", "export", "propose"] as const).map((scope) =>
        tokenWith(fay.token, [scope]),
      ),
    );
    const change = (role: string) =>
      json(
        204,
        call("PUT", `${paths.deskEditors}/fay`, {
          token: ada.token,
          body: { role },
        }),
      );
    const status = async ({ token }: { token: string }) =>
      (await call("GET", "/v1/desk/me", { token })).status;
    await change("publisher");
    expect(await hook(id)).toMatchObject({ suspended: "role" });
    await expect.poll(() => linkedBy("fay")).toBe(0);
    expect(
      await Promise.all(
        [publishing, exporting, proposing].map((one) => status(one!)),
      ),
    ).toEqual([200, 401, 200]);
    await change("author");
    expect(
      await Promise.all([publishing, proposing].map((one) => status(one!))),
    ).toEqual([401, 200]);
    // It stays suspended: somebody decides about it.
    await change("administrator");
    expect(await hook(id)).toMatchObject({ suspended: "role" });
  });

  it("goes with the passkey, also through a token made with it, and what another passkey registered stays", async () => {
    const gil = await enrol(ada.token, "gil", "administrator");
    const first = await tokenWith(gil.token, ["operate"]);
    const second = await addPasskey(gil.token);
    const { token } = await json(201, signIn(second));
    const kept = [
      await registers(token, "kept"),
      await tokenWith(token, ["operate"]),
    ] as const;
    const gone = await registers(first.token, "gone");
    // A webhook needs a token that is as new as a fresh passkey.
    await sql(
      "UPDATE access SET made_at = 0 WHERE hash = ?",
      digest(first.token),
    );
    const late = call("POST", paths.deskHooks, {
      token: first.token,
      body: { url: "https://hooks.late.org" },
    });
    expect(await json(403, late)).toMatchObject({
      remedy: expect.stringContaining("Make a new token"),
    });
    await removePasskey(token, gil.passkey.id);
    expect(
      await tagOf(call("GET", "/v1/desk/me", { token: first.token })),
    ).toBe("401 unauthorized");
    await json(200, call("GET", "/v1/desk/me", { token: kept[1].token }));
    expect([
      (await hook(gone)).suspended,
      (await hook(kept[0])).suspended,
    ]).toEqual(["passkey", null]);
    await expect.poll(() => linkedBy("gil")).toBe(1);
  });

  it("goes when its passkey was lost: a recovery code makes a new one, which removes the old one", async () => {
    const hal = await enrol(ada.token, "hal", "administrator");
    const [id, { token: program }] = [
      await registers(hal.token, "hal"),
      await tokenWith(hal.token, ["read"]),
    ];
    const recovery = await json(
      201,
      call("POST", "/v1/desk/sign-in/recovery", {
        body: { editor: "hal", code: hal.codes[0] },
      }),
    );
    // A recovery code registers nothing by itself.
    expect(
      await tagOf(call("POST", paths.deskChats, { token: recovery.token })),
    ).toBe("403 forbidden");
    const { token } = await json(201, signIn(await addPasskey(recovery.token)));
    await removePasskey(token, hal.passkey.id);
    expect([
      (await hook(id)).suspended,
      await tagOf(call("GET", "/v1/desk/me", { token: program })),
    ]).toEqual(["passkey", "401 unauthorized"]);
  });

  it("ends also when the process dies right after the removal: nothing is sent, and the next minute unlinks", async () => {
    const ina = await enrol(ada.token, "ina", "administrator");
    const id = await registers(ina.token, "ina");
    await runInDurableObject<Ledger, void>(ledger, ({ audit }) => {
      audit.onTold = () => {};
    });
    await remove("ina");
    expect(await linkedBy("ina")).toBe(1);
    await tell(3);
    await expect.poll(() => posts).toContain("https://hooks.ada.org");
    expect(posts).not.toContain("https://hooks.ina.org");
    await worker.scheduled(
      undefined as never,
      env as never,
      createExecutionContext(),
    );
    expect([await linkedBy("ina"), (await hook(id)).suspended]).toEqual([
      0,
      "left",
    ]);
  });
});
