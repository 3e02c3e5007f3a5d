/**
 * Review by two, against one person with any number of accounts: random
 * histories through the API, on real storage.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Role,
  roles,
  type Scope,
  tokenScopes,
} from "../../../../worker/editing/rules/roles.ts";
import { Editors } from "../../../../worker/objects/ledger/editors.ts";
import { inventedCase } from "../../../support/invented.ts";
import { scaled } from "../../../support/scaled.ts";
import {
  call as callApi,
  NEW,
  publication,
  secretOf,
} from "../../web/api/people.ts";
import { done, type Newsroom, weighed, withNewsroom } from "./newsroom.ts";

const HOUR_MS = 3_600_000;
const HONEST = "boris";
/** Whose accounts all the others are. */
const ALONE = "mallory";

const small = fc.nat({ max: 40 });
const number = fc.integer({ min: 1, max: 3 });
const role = fc.constantFrom<Role>(...roles);
/** `by` picks one of the credentials that the person has ever had. */
const step = fc.oneof(
  weighed(6, "publish", {
    by: small,
    number,
    text: small,
    kind: fc.constantFrom("update", "correction"),
    replace: fc.boolean(),
    later: fc.boolean(),
    stale: fc.boolean(),
  }),
  weighed(6, "approve", { by: small, which: small }),
  weighed(2, "propose honestly", { number, text: small }),
  weighed(1, "restore", { by: small, number }),
  weighed(1, "merge", { by: small, number }),
  weighed(2, "undo", { by: small, number, which: small }),
  weighed(3, "withdraw", { by: small, number }),
  weighed(1, "reject", { by: small, which: small }),
  weighed(3, "invite", {
    by: small,
    which: fc.nat({ max: 4 }),
    role,
    spelling: fc.nat({ max: 2 }),
  }),
  weighed(2, "change role", { by: small, which: small, role }),
  weighed(1, "remove", { by: small, which: small }),
  weighed(1, "make token", {
    by: small,
    scopes: fc.subarray([...tokenScopes], { minLength: 1 }),
  }),
  weighed(1, "sign in", { which: small }),
  weighed(3, "wait", {
    ms: fc.constantFrom(1_000, 8_000, HOUR_MS / 2, 8 * HOUR_MS),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterAll(() => void vi.useRealTimers());

const idOf = (number: number) => `ua-${number}-00`;
const saying = (number: number, text: number) =>
  inventedCase(number, { summary: { en: `Invented words ${text}` } });
const on = (what: number | string) =>
  what === 0 ? NEW : { "If-Match": `"${what}"` };
/** One of the list, whatever the number. */
const pick = <T>(all: readonly T[], which: number): T | undefined =>
  all[which % Math.max(1, all.length)];

/** The API on a Ledger whose clock the test moves. */
function desk(room: Newsroom) {
  const { journal, review } = room;
  const { access, audit, drafts, portraits } = journal;
  access.firstEditors = [ALONE, HONEST];
  const editors = new Editors(journal, {
    secrets: () => ({}),
    publicUrl: "https://casewire.test",
  });
  const ledger = {
    ...{
      access,
      editors,
      review,
      desk: journal.desk,
      drafts,
      audit,
      portraits,
    },
    publish: journal.publish.bind(journal),
    undo: journal.undo.bind(journal),
    questions: journal.questions.bind(journal),
  };
  const bindings = { REVIEW: "two", LEDGER: { getByName: () => ledger } };
  const call = async (
    token: string,
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ) => {
    const answer = await callApi(method, path, {
      token,
      body,
      headers,
      bindings,
    });
    return {
      status: answer.status,
      body: (await answer.json().catch(() => null)) as any,
    };
  };
  const newest = (number: number) => journal.newest(idOf(number));
  return {
    editors,
    call,
    newest,
    put: (
      token: string,
      number: number,
      fields: object,
      more = {},
      basedOn = newest(number),
      query = "",
    ) =>
      call(
        token,
        "PUT",
        `/v1/cases/${idOf(number)}${query}`,
        publication(number, { case: fields, ...more }),
        on(basedOn),
      ),
    approve: (token: string, { id, hash }: { id: string; hash: string }) =>
      call(token, "POST", `/v1/desk/proposals/${id}/approve`, {}, on(hash)),
    /**
     * Makes an account of an invitation, with a passkey whose answer the
     * workshop would have checked.
     */
    enrol(link: string, passkey: string): string {
      const { challenge } = editors.invitation(secretOf(link))!;
      const key = {
        id: passkey,
        publicKey: "",
        counter: 0,
        transports: [],
        label: "Any",
        challenge,
      };
      return done(editors.enrol(secretOf(link), key)).token;
    },
  };
}

function pass(room: Newsroom, milliseconds: number): void {
  room.pass(milliseconds);
  vi.setSystemTime(room.clock);
}

/**
 * Two people, and two cases that both have agreed on.
 * @returns a function that brings all this back, with the sessions of both
 */
async function start(room: Newsroom) {
  pass(room, 0);
  const { editors, enrol, put, approve } = desk(room);
  const invite = (name: string) =>
    done(editors.invite({ name, role: "administrator" }, "operator", null))
      .link;
  // As set-up does: both invitations come from the operator, before there is an
  // administrator.
  const links = [invite(ALONE), invite(HONEST)] as const;
  const [alone, honest] = [
    enrol(links[0], "passkey of one"),
    enrol(links[1], "passkey of the other"),
  ];
  for (const number of [1, 2]) {
    const { body } = await put(honest, number, saying(number, 0));
    const { hash } = room.journal.proposals.find(body.proposal)!;
    expect((await approve(alone, { id: body.proposal, hash })).status).toBe(
      201,
    );
  }
  pass(room, 8_000);
  const names = room.sql(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '[_s][cq]*'",
  );
  const kept = names.map(({ name }) => ({
    name,
    rows: room.sql(`SELECT * FROM ${name}`),
  }));
  const { clock } = room;
  return () => {
    for (const { name, rows } of kept) {
      room.sql(`DELETE FROM ${name}`);
      for (const row of rows)
        room.sql(
          `INSERT INTO ${name} VALUES (${Object.keys(row).map(() => "?")})`,
          ...Object.values(row),
        );
    }
    room.clock = clock;
    room.restart();
    pass(room, 0);
    return { alone, honest };
  };
}

async function live(
  room: Newsroom,
  history: Step[],
  sessions: { alone: string; honest: string },
  counts: Map<string, number>,
) {
  const { journal, review } = room;
  const { access } = journal;
  const { editors, call, put, approve, newest, enrol } = desk(room);
  const { honest } = sessions;
  /**
   * Sessions and tokens of one person: the accounts are the person's own,
   * whatever their names.
   */
  const tokens = [sessions.alone];
  const tokenOf = ({ by }: { by: number }) => pick(tokens, by)!;
  const passkeys = ["passkey of one"];
  const NOTHING = { status: 0, body: null };

  const act = (one: Step) => {
    switch (one.what) {
      case "publish": {
        const pending = journal.desk
          .record(idOf(one.number))
          ?.pending.at(-1)?.number;
        const liveAt = one.later
          ? { liveAt: new Date(room.clock + HOUR_MS).toISOString() }
          : {};
        const basedOn = Math.max(0, newest(one.number) - Number(one.stale));
        const query = one.replace && pending ? `?replace=${pending}` : "";
        return put(
          tokenOf(one),
          one.number,
          saying(one.number, one.text),
          { kind: one.kind, ...liveAt },
          basedOn,
          query,
        );
      }
      case "propose honestly":
        return put(honest, one.number, saying(one.number, 100 + one.text));
      case "restore":
      case "merge": {
        const old =
          journal.desk.caseAt(idOf(one.number), 1) ?? inventedCase(one.number);
        const head =
          journal.desk.caseAt(idOf(one.number), newest(one.number)) ?? old;
        const fields =
          one.what === "restore"
            ? old
            : { ...head, title: old.title, summary: { en: "Merged words" } };
        return put(tokenOf(one), one.number, fields);
      }
      case "approve": {
        const proposal = pick(review.list().proposals, one.which);
        return proposal ? approve(tokenOf(one), proposal) : NOTHING;
      }
      case "reject": {
        const proposal = pick(review.list().proposals, one.which);
        const path = `/v1/desk/proposals/${proposal?.id}/reject`;
        return proposal
          ? call(tokenOf(one), "POST", path, { reason: "Any" })
          : NOTHING;
      }
      case "undo": {
        const revision = 1 + (one.which % Math.max(1, newest(one.number)));
        return call(
          tokenOf(one),
          "DELETE",
          `/v1/cases/${idOf(one.number)}/revisions/${revision}`,
        );
      }
      case "withdraw": {
        const path = `/v1/cases/${idOf(one.number)}?reason=mistake`;
        return call(
          tokenOf(one),
          "DELETE",
          path,
          undefined,
          on(newest(one.number)),
        );
      }
      case "invite": {
        const plain = ["m1", "m2", "m3", ALONE, HONEST][one.which]!;
        const name = [plain, plain.toUpperCase(), `${plain}.`][one.spelling];
        return call(tokenOf(one), "POST", "/v1/desk/invitations", {
          name,
          role: one.role,
        });
      }
      case "change role":
      case "remove": {
        const { name = "" } = pick(editors.list().editors, one.which) ?? {};
        const path = `/v1/desk/people/${encodeURIComponent(name)}`;
        return one.what === "remove"
          ? call(tokenOf(one), "DELETE", path)
          : call(tokenOf(one), "PUT", path, { role: one.role });
      }
      case "make token":
        return call(tokenOf(one), "POST", "/v1/desk/tokens", {
          label: "Any",
          scopes: one.scopes as Scope[],
        });
      case "sign in": {
        const signedIn = access.signIn(
          pick(passkeys, one.which)!,
          0,
          access.challenge("sign-in"),
        );
        return "done" in signedIn
          ? { status: 201, body: signedIn.done }
          : NOTHING;
      }
      case "wait":
        pass(room, one.ms);
        return NOTHING;
    }
  };

  for (const one of history) {
    const { status, body } = await act(one);
    if (status >= 500) throw new Error(`${status} for ${JSON.stringify(one)}`);
    if (typeof body?.token === "string") tokens.push(body.token);
    if (typeof body?.link === "string") {
      passkeys.push(`passkey ${passkeys.length}`);
      tokens.push(enrol(body.link, passkeys.at(-1)!));
      expect(
        editors
          .list()
          .editors.filter(
            ({ name, addedBy }) =>
              /boris/i.test(name) && addedBy !== "operator",
          ),
      ).toEqual([]);
    }
    counts.set(
      `${one.what} ${status}`,
      (counts.get(`${one.what} ${status}`) ?? 0) + 1,
    );
  }

  // Everything that was committed, also if it was undone, is of two people, but
  // for a withdrawal an hour.
  const rows = room.sql(
    "SELECT case_id, kind, editor, approved_by, committed_at, fate FROM revisions ORDER BY sequence",
  );
  const isHonest = (name: unknown) => name === HONEST;
  const ofOne = rows.filter(
    (row) =>
      row.approved_by === null ||
      isHonest(row.editor) === isHonest(row.approved_by),
  );
  expect(ofOne.filter(({ kind }) => kind !== "withdrawal")).toEqual([]);
  const withdrawals = ofOne.filter(({ fate }) => fate === null);
  for (const [index, one] of withdrawals.entries())
    for (const before of withdrawals.slice(0, index))
      if (before.case_id !== one.case_id)
        expect(
          (one.committed_at as number) - (before.committed_at as number),
        ).toBeGreaterThanOrEqual(HOUR_MS);
}

/** A second self, which approves. */
const secondSelf: Step[] = [
  { what: "invite", by: 0, which: 0, role: "publisher", spelling: 0 },
  {
    what: "publish",
    by: 0,
    number: 1,
    text: 1,
    kind: "update",
    replace: false,
    later: false,
    stale: false,
  },
  { what: "approve", by: 1, which: 0 },
];

test(
  "One person alone gets nothing published but a withdrawal an hour",
  () =>
    withNewsroom(async (room) => {
      const again = await start(room);
      const counts = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 10, maxLength: 30 }),
          (history) => live(room, history, again(), counts),
        ),
        {
          numRuns: scaled(20, 10_000),
          seed: Date.now(),
          examples: [[secondSelf]],
        },
      );
      if (scaled(1, 0)) return;
      // Many histories get through with what they try.
      const tried = [
        "publish 202",
        "approve 201",
        "approve 403",
        "undo 200",
        "withdraw 200",
        "withdraw 202",
        "invite 201",
      ];
      expect([...counts.keys()]).toEqual(
        expect.arrayContaining([...tried, "remove 204", "make token 201"]),
      );
    }),
  scaled(600_000, 7_200_000),
);

test("and a second self that counts as another person is noticed", () =>
  withNewsroom(async (room) => {
    const sessions = (await start(room))();
    room.journal.access.samePerson = (editor) => [editor];
    await expect(live(room, secondSelf, sessions, new Map())).rejects.toThrow(
      "case_id: 'ua-1-00'",
    );
  }));
