/** The check of passkeys' answers, by the library as the workshop is built with it: stored passkeys, each algorithm, statements and faults. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { StoredPasskey } from "../../../../worker/objects/ledger/access.ts";
import type Workshop from "../../../../worker/web/workshop/index.ts";
import { ATTESTED, algorithms, base64url, type Changes, fromBase64url, SoftPasskey, UP_UV } from "../../../passkey.ts";
import { scaled } from "../../../scaled.ts";
import certifiedPasskey from "./certified-passkey.json" with { type: "json" };
import storedPasskeys from "./stored-passkeys.json" with { type: "json" };

const RP_ID = "casewire.test";
const origin = `https://${RP_ID}`;
const challenge = base64url(new TextEncoder().encode("a challenge"));

const workshop = env.WORKSHOP as unknown as Workshop;
const registered = async (answer: Record<string, unknown>) => workshop.verifyNewPasskey(origin, answer);
const signedIn = async (answer: Record<string, unknown>, { id, publicKey }: Pick<StoredPasskey, "id" | "publicKey">) =>
  workshop.verifySignIn(origin, answer, { id, publicKey });

/** @throws any other error, which would be answered with 500 */
const isTaken = async (checked: Promise<unknown>): Promise<boolean> => (await checked) !== null;

it.each(storedPasskeys)("A passkey of $algorithm that an earlier release stored signs in", async (passkey) => {
  expect(await signedIn(passkey.answer, passkey.stored)).toEqual({ counter: 7, challenge: "invented sign-in" });
});

describe.each(algorithms)("A passkey of %s", (algorithm) => {
  it("is stored and signs in", async () => {
    const soft = await SoftPasskey.make(RP_ID, algorithm);
    const stored = await registered(await soft.register(origin, challenge));
    expect(stored).toMatchObject({ id: soft.id, counter: 0, transports: ["internal"], challenge: "a challenge" });
    soft.counter = 2 ** 32 - 1;
    const answer = await soft.sign(origin, challenge);
    expect(await signedIn(answer, stored!)).toEqual({ counter: 2 ** 32 - 1, challenge: "a challenge" });
    const other = await registered(await (await SoftPasskey.make(RP_ID, algorithm)).register(origin, challenge));
    expect(await isTaken(signedIn(answer, other!))).toBe(false);
  });

  it("is taken when it signed its own statement, which browsers let through, and refused when another did", async () => {
    const soft = await SoftPasskey.make(RP_ID, algorithm);
    const answer = await soft.register(origin, challenge, { statement: "packed" });
    expect(await registered(answer)).toMatchObject({ id: soft.id });
    const { response } = await soft.register(origin, base64url(new Uint8Array(9)));
    const { clientDataJSON } = response as { clientDataJSON: string };
    const other = { ...answer, response: { ...(answer.response as object), clientDataJSON } };
    expect(await isTaken(registered(other))).toBe(false);
  });
});

describe("A statement that nobody asked for", () => {
  it("is taken when its certificate signed it", async () => {
    expect(await registered(certifiedPasskey)).toMatchObject({ challenge: "invented registration" });
  });

  it.each(["fido-u2f", "tpm", "apple", "android-key", "android-safetynet", "compound", ""])(
    "of the format %j is refused when it isn't one",
    async (statement) => {
      const soft = await SoftPasskey.make(RP_ID);
      expect(await isTaken(registered(await soft.register(origin, challenge, { statement })))).toBe(false);
    },
  );
});

describe("An answer", () => {
  let soft: SoftPasskey;
  let stored: StoredPasskey;
  beforeAll(async () => {
    soft = await SoftPasskey.make(RP_ID);
    stored = (await registered(await soft.register(origin, challenge))) as unknown as StoredPasskey;
  });

  /** The attested credential belongs to registrations. */
  const registering = ({ flags = UP_UV, ...changes }: Changes): Changes => ({ ...changes, flags: flags | ATTESTED });
  const extensions = new Uint8Array([0xa1, 0x63, 0x75, 0x76, 0x6d, 0xf5]);

  it.each<[string, Changes]>([
    ["a person who isn't there", { flags: 0x04 }],
    ["a person who isn't verified", { flags: 0x01 }],
    ["a backup of what can't be backed up", { flags: UP_UV | 0x10 }],
    ["bytes too many", { tail: new Uint8Array(1) }],
    ["another type", { client: { type: "payment.get" } }],
    ["another address", { client: { origin: "https://casewire.test.evil.test" } }],
    ["plain HTTP", { client: { origin: "http://casewire.test" } }],
  ])("with %s is refused", async (_, changes) => {
    expect(await isTaken(signedIn(await soft.sign(origin, challenge, changes), stored))).toBe(false);
    expect(await isTaken(registered(await soft.register(origin, challenge, registering(changes))))).toBe(false);
  });

  it("with extensions, or of a passkey that is backed up, is taken", async () => {
    for (const changes of [{ flags: UP_UV | 0x80, tail: extensions }, { flags: UP_UV | 0x18 }]) {
      expect(await isTaken(signedIn(await soft.sign(origin, challenge, changes), stored))).toBe(true);
      expect(await isTaken(registered(await soft.register(origin, challenge, registering(changes))))).toBe(true);
    }
  });

  it("of a passkey for another site is refused", async () => {
    const other = await SoftPasskey.make("evil.test");
    expect(await isTaken(registered(await other.register(origin, challenge)))).toBe(false);
    expect(await isTaken(signedIn(await other.sign(origin, challenge), stored))).toBe(false);
  });

  it("with a signature of any length that DER allows is taken", async () => {
    const lengths = new Set<number>();
    // One of 256 has a number with a zero in front that DER leaves out.
    while (Math.min(...lengths) >= 70 || Math.max(...lengths) < 72) {
      const answer = await soft.sign(origin, challenge);
      lengths.add(fromBase64url((answer.response as { signature: string }).signature).length);
      expect(await isTaken(signedIn(answer, stored))).toBe(true);
    }
  });

  it("is taken or refused, never an error, whatever byte of it is damaged or missing", async () => {
    const made = {
      register: await soft.register(origin, challenge),
      packed: await soft.register(origin, challenge, { statement: "packed" }),
      certified: certifiedPasskey,
      sign: await soft.sign(origin, challenge),
    };
    const kinds = Object.keys(made) as (keyof typeof made)[];
    const damage = fc.record({ kind: fc.constantFrom(...kinds), field: fc.nat(), at: fc.nat(), byte: fc.nat(256) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ kind, field, at, byte }) => {
        const answer: Record<string, unknown> = made[kind];
        const response = answer.response as Record<string, string>;
        const fields = Object.keys(response).filter((name) => typeof response[name] === "string");
        const name = fields[field % fields.length]!;
        const bytes = fromBase64url(response[name]!);
        const where = at % bytes.length;
        // 256: the rest is missing.
        const damaged = byte === 256 ? bytes.subarray(0, where) : bytes.with(where, byte);
        const sent = { ...answer, response: { ...response, [name]: base64url(damaged) } };
        const taken = await isTaken(kind === "sign" ? signedIn(sent, stored) : registered(sent));
        // The parser takes several tags and lengths of a DER sequence for one another, and the numbers in it are still the signature.
        const isHeader = name === "signature" && where < 2 && byte !== 256;
        if (kind === "sign" && base64url(damaged) !== response[name] && !isHeader) expect(taken).toBe(false);
      }),
      { numRuns: scaled(300) },
    );
  });
});
