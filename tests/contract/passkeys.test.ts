/** Passkeys on the deployed bundle: its minifier must leave the names of classes that the passkey library compares. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { paths } from "../../shared/addresses.ts";
import { startWorker, type TestWorker } from "../harness.ts";
import { algorithms, SoftPasskey } from "../passkey.ts";

const ORIGIN = "https://casewire.test";

let worker: TestWorker;
/** At first the setting EDITORS, then the session of the last editor enrolled. */
let token: string;
beforeAll(async () => {
  worker = await startWorker({ bot: false });
  token = worker.editorToken;
});
afterAll(() => worker.close());

/** Each call comes from another address, so that none is limited. */
let calls = 0;

async function post(path: string, body: object): Promise<{ status: number; body: any }> {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "CF-Connecting-IP": `192.0.2.${calls++}`,
  };
  const answer = await fetch(worker.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

async function enrol(name: string, passkey: SoftPasskey, statement: string) {
  const { body: invited } = await post(paths.deskInvitations, { name, role: "administrator" });
  const invitation = invited.link.split("/").at(-1);
  const { body } = await post(paths.deskEnrolmentOptions, { invitation });
  const response = await passkey.register(ORIGIN, body.options.challenge, { statement });
  return post(paths.deskEnrolment, { invitation, label: "Test device", response });
}

async function signIn(passkey: SoftPasskey, signer = passkey) {
  const { body } = await post(paths.deskSignInOptions, {});
  const answer = await signer.sign(ORIGIN, body.options.challenge);
  return post(paths.deskSignIn, { response: { ...answer, id: passkey.id, rawId: passkey.id } });
}

it.each(algorithms.flatMap((algorithm) => ["none", "packed"].map((statement) => ({ algorithm, statement }))))(
  "A passkey of $algorithm with a statement of the format $statement enrols and signs in, and no other does",
  async ({ algorithm, statement }) => {
    const passkey = await SoftPasskey.make("casewire.test", algorithm);
    const enrolled = await enrol(`${algorithm} ${statement}`, passkey, statement);
    expect(enrolled.status, JSON.stringify(enrolled.body)).toBe(201);
    token = enrolled.body.token;
    expect((await signIn(passkey)).status).toBe(201);
    expect(await signIn(passkey, await SoftPasskey.make("casewire.test", algorithm))).toMatchObject({
      status: 422,
      body: { type: expect.stringMatching(/:passkey-refused$/) },
    });
  },
);

it.each(["fido-u2f", "tpm", "apple", "android-key", "android-safetynet"])(
  "A statement of the format %s that isn't one is refused",
  async (statement) => {
    expect(await enrol(statement, await SoftPasskey.make("casewire.test"), statement)).toMatchObject({
      status: 422,
      body: { type: expect.stringMatching(/:passkey-refused$/) },
    });
  },
);
