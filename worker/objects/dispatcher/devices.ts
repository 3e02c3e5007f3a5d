/**
 * Devices that follow by Web Push. A device says each time what it wants as a
 * whole, so a call that is repeated changes nothing.
 */
import { RpcTarget } from "cloudflare:workers";
import type { FollowScope } from "../../../bot/ports.ts";
import { wordOf } from "../../../bot/scope.ts";
import type { DeviceWish } from "../../editing/contract/devices.ts";
import type { Parts } from "./parts.ts";
import {
  DEVICE_BYTES,
  deviceText,
  type PushAddress,
  serviceOf,
} from "./push-address.ts";
import { rankOf } from "./rank.ts";

export class Devices extends RpcTarget {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
  }

  /**
   * @returns the names of what it follows, in the order of the wish: those of
   * words are their rows'
   */
  async follow({
    key,
    lang,
    manner,
    hours,
    follows,
    ...address
  }: DeviceWish): Promise<FollowScope[]> {
    const { storage, followers, words, vault, arm } = this.#parts;
    const sealed = await vault.seal(deviceText(address), DEVICE_BYTES);
    const service = await serviceOf(address, vault, key);
    const wanted = await Promise.all(
      follows.map(async ({ scope, seen }) => {
        const word = wordOf(scope);
        return {
          scope,
          seen,
          sealed: word === null ? null : await words.seal(word),
        };
      }),
    );
    const names = storage.transactionSync(() => {
      const now = Date.now();
      const { device } = rankOf;
      followers.findOrAdd(sealed, device, service);
      const scopes = wanted.map(({ scope, sealed: word, seen }) => {
        const followed = word ? words.add(word) : scope;
        followers.follow(sealed, device, 0, followed, lang, seen, now);
        return followed;
      });
      for (const { scope } of followers.followingEverywhere(sealed.hashes))
        if (!scopes.includes(scope))
          followers.unfollow(sealed.hashes, 0, scope);
      followers.setLanguage(sealed, device, lang);
      followers.setManner(
        sealed,
        device,
        { silent: manner !== "open", neutral: manner === "hidden", hours },
        now,
      );
      return scopes;
    });
    arm();
    return names;
  }

  /**
   * @returns false when nothing was stored, and null when that can't be known,
   * because a key is missing
   */
  async forget(address: PushAddress): Promise<boolean | null> {
    const { followers, vault, forgotten } = this.#parts;
    const hashes = await vault.hashes(deviceText(address));
    const chat = followers.find(hashes);
    if (chat === null)
      return followers.hasUnreadable(vault.keyIds) ? null : false;
    followers.forget(hashes);
    forgotten.add({ chat }, Date.now());
    return true;
  }
}
