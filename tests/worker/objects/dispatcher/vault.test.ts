/** Encryption of chat ids at rest. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Vault } from "../../../../worker/objects/dispatcher/vault.ts";

const CHAT = 7301928465;

describe("The vault for chat ids", () => {
  const row = ({
    hashes,
    keyId,
    sealed,
  }: Awaited<ReturnType<Vault["seal"]>>) => ({
    hash: hashes[0],
    key_id: keyId,
    sealed,
  });
  const older = env.FOLLOWER_KEY;
  const newer = btoa("x".repeat(32));

  it("decrypts what it sealed, never seals twice alike, and refuses what was moved or sealed with another key", async () => {
    const vault = await Vault.open(older);
    const [one, two] = [
      row(await vault.seal(CHAT)),
      row(await vault.seal(CHAT)),
    ];
    expect(await vault.unseal(one)).toBe(String(CHAT));
    expect(one.hash).toBe(two.hash);
    expect(new Uint8Array(one.sealed)).not.toEqual(new Uint8Array(two.sealed));
    await expect(
      vault.unseal({ ...one, hash: (await vault.hashes(1))[0] }),
    ).rejects.toThrow();
    const other = await Vault.open(newer);
    expect(other.keyIds).not.toEqual(vault.keyIds);
    await expect(other.unseal(one)).rejects.toThrow(
      "FOLLOWER_KEY doesn't contain",
    );
  });

  it("seals every id to one length, also that of a shared card", async () => {
    const vault = await Vault.open(older);
    const ids = [
      1,
      CHAT,
      -1_007_301_928_465,
      "message -1007301928465 123456",
      `inline ${"A".repeat(50)}`,
    ];
    const sealed = await Promise.all(ids.map((id) => vault.seal(id)));
    expect(new Set(sealed.map((one) => one.sealed.byteLength)).size).toBe(1);
    for (const [index, id] of ids.entries())
      expect(await vault.unseal(row(sealed[index]!))).toBe(String(id));
  });
});
