/**
 * The check of passkeys' answers, by the library as the workshop is built with
 * it: stored passkeys, statements and faults.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { StoredPasskey } from "../../../../worker/objects/ledger/access.ts";
import type { WorkshopCalls } from "../../../../worker/web/workshop/index.ts";
import {
  ATTESTED,
  base64url,
  type Changes,
  SoftPasskey,
  UP_UV,
} from "../../../support/passkey.ts";
import certifiedPasskey from "./certified-passkey.json" with { type: "json" };
import storedPasskeys from "./stored-passkeys.json" with { type: "json" };

const RP_ID = "casewire.test";
const origin = `https://${RP_ID}`;
const challenge = base64url(new TextEncoder().encode("a challenge"));

const workshop = env.WORKSHOP as unknown as WorkshopCalls;
const registered = async (answer: Record<string, unknown>) =>
  workshop.verifyNewPasskey(origin, answer);
const signedIn = async (
  answer: Record<string, unknown>,
  { id, publicKey }: Pick<StoredPasskey, "id" | "publicKey">,
) => workshop.verifySignIn(origin, answer, { id, publicKey });

/** @throws any other error, which would be answered with 500 */
const isTaken = async (checked: Promise<unknown>): Promise<boolean> =>
  (await checked) !== null;

it.each(storedPasskeys)(
  "A stored passkey of $algorithm signs in",
  async (passkey) => {
    expect(await signedIn(passkey.answer, passkey.stored)).toEqual({
      counter: 7,
      challenge: "invented sign-in",
    });
  },
);

it("A passkey of the old address signs in at the new one, and at no other", async () => {
  const soft = await SoftPasskey.make(RP_ID);
  const stored = (await registered(await soft.register(origin, challenge)))!;
  const both = "https://new.casewire.test https://casewire.test";
  const at = async (address: string) =>
    workshop.verifySignIn(both, await soft.sign(address, challenge), stored);
  expect(await at("https://new.casewire.test")).toMatchObject({
    challenge: "a challenge",
  });
  expect(await at(origin)).not.toBeNull();
  expect(await at("https://other.casewire.test")).toBeNull();
  const { rpId } = await workshop.signInOptions(both, "x");
  expect(rpId).toBe(RP_ID);
});

it("A new passkey is stored and signs in, and no other one's answer is taken for its own", async () => {
  const soft = await SoftPasskey.make(RP_ID);
  const stored = await registered(await soft.register(origin, challenge));
  expect(stored).toMatchObject({
    id: soft.id,
    counter: 0,
    transports: ["internal"],
    challenge: "a challenge",
  });
  soft.counter = 2 ** 32 - 1;
  const answer = await soft.sign(origin, challenge);
  expect(await signedIn(answer, stored!)).toEqual({
    counter: 2 ** 32 - 1,
    challenge: "a challenge",
  });
  const other = await registered(
    await (await SoftPasskey.make(RP_ID)).register(origin, challenge),
  );
  expect(await isTaken(signedIn(answer, other!))).toBe(false);
});

it("A statement that nobody asked for is taken when its certificate signed it", async () => {
  expect(await registered(certifiedPasskey)).toMatchObject({
    challenge: "invented registration",
  });
});

it.each([
  "fido-u2f",
  "tpm",
  "apple",
  "android-key",
  "android-safetynet",
  "compound",
  "",
])(
  "A statement that nobody asked for of the format %j is refused when it isn't one",
  async (statement) => {
    const soft = await SoftPasskey.make(RP_ID);
    expect(
      await isTaken(
        registered(await soft.register(origin, challenge, { statement })),
      ),
    ).toBe(false);
  },
);

describe("An answer", () => {
  let soft: SoftPasskey;
  let stored: StoredPasskey;
  beforeAll(async () => {
    soft = await SoftPasskey.make(RP_ID);
    stored = (await registered(
      await soft.register(origin, challenge),
    )) as unknown as StoredPasskey;
  });

  /** The attested credential belongs to registrations. */
  const registering = ({ flags = UP_UV, ...changes }: Changes): Changes => ({
    ...changes,
    flags: flags | ATTESTED,
  });

  it.each<[string, Changes]>([
    ["a person who isn't there", { flags: 0x04 }],
    ["a person who isn't verified", { flags: 0x01 }],
    ["another type", { client: { type: "payment.get" } }],
    [
      "another address",
      { client: { origin: "https://casewire.test.evil.test" } },
    ],
    ["plain HTTP", { client: { origin: "http://casewire.test" } }],
  ])("with %s is refused", async (_, changes) => {
    expect(
      await isTaken(
        signedIn(await soft.sign(origin, challenge, changes), stored),
      ),
    ).toBe(false);
    expect(
      await isTaken(
        registered(
          await soft.register(origin, challenge, registering(changes)),
        ),
      ),
    ).toBe(false);
  });

  it("of a passkey for another site is refused", async () => {
    const other = await SoftPasskey.make("evil.test");
    expect(
      await isTaken(registered(await other.register(origin, challenge))),
    ).toBe(false);
    expect(
      await isTaken(signedIn(await other.sign(origin, challenge), stored)),
    ).toBe(false);
  });
});
