/** Devices that follow by Web Push. A device says each time what it wants as a whole, so a call that is repeated changes nothing. */
import { RpcTarget } from "cloudflare:workers";
import type { FollowScope } from "../../../bot/ports.ts";
import { wordOf } from "../../../bot/scope.ts";
import type { DeviceWish } from "../../editing/contract/devices.ts";
import { allValues } from "../storage/queries.ts";
import type { FollowedWords } from "./followed-words.ts";
import type { SqlFollowers } from "./followers.ts";
import type { ForgottenRows } from "./forgotten-rows.ts";
import { DEVICE_BYTES, deviceText, type PushAddress, serviceOf } from "./push-address.ts";
import { rankOf } from "./rank.ts";
import type { Vault } from "./vault.ts";

interface DeviceParts {
  followers: SqlFollowers;
  words: FollowedWords;
  vault: Vault;
  forgotten: ForgottenRows;
  arm(): void;
}

export class Devices extends RpcTarget {
  readonly #storage: DurableObjectStorage;
  readonly #parts: DeviceParts;

  constructor(storage: DurableObjectStorage, parts: DeviceParts) {
    super();
    this.#storage = storage;
    this.#parts = parts;
  }

  /** @returns the names of what it follows, in the order of the wish: those of words are their rows' */
  async follow({ key, lang, manner, hours, follows, ...address }: DeviceWish): Promise<FollowScope[]> {
    const { followers, words, vault, arm } = this.#parts;
    const sealed = await vault.seal(deviceText(address), DEVICE_BYTES);
    const service = await serviceOf(address, vault, key);
    const wanted = await Promise.all(
      follows.map(async ({ scope, seen }) => {
        const word = wordOf(scope);
        return { scope, seen, sealed: word === null ? null : await words.seal(word) };
      }),
    );
    const names = this.#storage.transactionSync(() => {
      const now = Date.now();
      const { device } = rankOf;
      const chat = followers.findOrAdd(sealed, device, service);
      const scopes = wanted.map(({ scope, sealed: word, seen }) => {
        const followed = word ? words.add(word) : scope;
        followers.follow(sealed, device, 0, followed, lang, seen, now);
        return followed;
      });
      const query = "SELECT scope FROM follows WHERE chat = ?";
      for (const scope of allValues<FollowScope>(this.#storage.sql, query, chat))
        if (!scopes.includes(scope)) followers.unfollow(sealed.hashes, 0, scope);
      followers.setLanguage(sealed, device, lang);
      followers.setManner(sealed, device, { silent: manner !== "open", neutral: manner === "hidden", hours }, now);
      return scopes;
    });
    arm();
    return names;
  }

  /** @returns false when nothing was stored, and null when that can't be known, because a key is missing */
  async forget(address: PushAddress): Promise<boolean | null> {
    const { followers, vault, forgotten } = this.#parts;
    const hashes = await vault.hashes(deviceText(address));
    const chat = followers.find(hashes);
    if (chat === null) return followers.hasUnreadable(vault.keyIds) ? null : false;
    followers.forget(hashes);
    forgotten.add({ chat }, Date.now());
    return true;
  }
}
