/**
 * The page with the ways to follow, the service worker of a device that
 * follows, and what that device sends.
 */
import { zones } from "../../../../bot/hours.ts";
import { scopeIn, wordOf, wordScope } from "../../../../bot/scope.ts";
import { isCaseId } from "../../../../shared/case/id.ts";
import { Refusal } from "../../../../shared/failure.ts";
import { placeName } from "../../../../shared/place-names.ts";
import { numberOf } from "../../../../shared/profile/numbers.ts";
import { runOf } from "../../../../shared/view/run.ts";
import type { DeviceWish } from "../../../editing/contract/devices.ts";
import { webAddressFault } from "../../../objects/webhooks/address.ts";
import { etagOf } from "../../../reads/freshness.ts";
import { leased, leasedPage } from "../../../reads/leased.ts";
import { readsFor } from "../../../reads/reads.ts";
import { askWorkshop, dispatcherFor } from "../../../runtime/bindings.ts";
import { keyLine } from "../../../runtime/checkpoint.ts";
import { shortDigest } from "../../../runtime/digest.ts";
import { signerFor } from "../../../runtime/log-signer.ts";
import { profileOf } from "../../../runtime/profiles/profiles.ts";
import {
  isOnThisMachine,
  logKeyOf,
  pushSettings,
} from "../../../runtime/settings.ts";
import { limitQuestion } from "../../api/auth.ts";
import { refusalOf } from "../../api/cases.ts";
import { invalidField } from "../../api/request.ts";
import type { Handlers } from "../../api/router.ts";
import { sendFile } from "../../api/send-file.ts";
import { localeOf, pageHeaders, siteFor } from "../pages.tsx";

const EVERYTHING = {
  q: undefined,
  action: undefined,
  lang: undefined,
  limit: 1,
  cursor: undefined,
};

/** @throws Refusal `no-push` */
function devicesOf(env: Env) {
  const dispatcher = pushSettings(env) && dispatcherFor(env);
  if (!dispatcher) throw new Refusal({ tag: "no-push" });
  return dispatcher.devices;
}

export const followHandlers = {
  async followPage(c, { query }) {
    const id = query.case || undefined;
    const state =
      id === undefined
        ? undefined
        : (await leased(c, (reads) => reads.leasedCase(id))).value;
    if (id !== undefined && state && state.state !== "present")
      throw new Refusal(refusalOf(id, state));
    const locale = localeOf(c, state);
    const profile = profileOf(c.env);
    const list = id === undefined ? await leasedPage(c, EVERYTHING) : null;
    const codes = list?.at(readsFor(c.env).now()).countries ?? [];
    const found = state?.state === "present" ? state.record : null;
    const made = await askWorkshop(c.env, async (workshop) =>
      workshop.followPage({
        locale,
        site: siteFor(c),
        subject: found && {
          id: found.case.id,
          number: numberOf(found.case.id, profile),
          title: runOf(found.case.title, found.case.language, locale),
          seen: found.revision.number,
        },
        places: codes.map((code) => ({ code, name: placeName(locale, code) })),
        pushKeys:
          pushSettings(c.env)?.keys.map(({ publicKey }) => publicKey) ?? [],
        logKey:
          logKeyOf(c.env) === null
            ? null
            : keyLine((await signerFor(c.env)).public),
      }),
    );
    return c.body(made.html, 200, {
      ...pageHeaders(locale, made.policy),
      ETag: etagOf(c.env, shortDigest(made.html), "follow"),
    });
  },

  async followWorker(c) {
    const script = await askWorkshop(c.env, (workshop) =>
      workshop.followWorker(),
    );
    return sendFile(c, script, {
      "Content-Type": "text/javascript; charset=UTF-8",
      ETag: etagOf(c.env, shortDigest(script)),
      // Its page for a case that can't be reached needs nothing from anywhere.
      "Content-Security-Policy": "default-src 'self'",
    });
  },

  async followDevice(c, { body }) {
    await limitQuestion(c);
    const devices = devicesOf(c.env);
    const { endpoint, key, hours, follows } = body;
    if (!pushSettings(c.env)?.keys.some(({ publicKey }) => publicKey === key))
      throw invalidField(
        "/key",
        "must be a key in use: open the page about following and follow again",
      );
    const own = new URL(c.env.PUBLIC_URL).hostname;
    const isLocal =
      isOnThisMachine(c.env) &&
      [own, "127.0.0.1"].includes(new URL(endpoint).hostname);
    const fault = isLocal ? null : webAddressFault(endpoint, own);
    if (fault !== null) throw invalidField("/endpoint", `must ${fault}`);
    if (hours && !zones.includes(hours.zone))
      throw invalidField("/hours/zone", `must be one of ${zones.join(", ")}`);
    const wanted = await Promise.all(
      follows.map(async ({ scope, seen }, at) => ({
        scope: await scopeOf(c, scope, `/follows/${at}/scope`),
        seen,
      })),
    );
    const names = await devices.follow({
      ...body,
      follows: wanted.filter((one): one is Follow => one.scope !== null),
    });
    return c.json({
      follows: wanted.map(({ scope }) =>
        scope === null ? null : (names.shift() as string),
      ),
    });
  },

  async forgetDevice(c, { body }) {
    await limitQuestion(c);
    // It says so only when it is certain.
    if ((await devicesOf(c.env).forget(body)) === null)
      throw new Refusal({ tag: "unavailable" });
    return c.body(null, 204);
  },
} satisfies Partial<Handlers>;

type Follow = DeviceWish["follows"][number];

/**
 * @returns null for a withdrawn case, which changes no more: a device that
 * followed it says so with each wish
 * @throws Refusal that names the field of a scope that can't be followed
 */
async function scopeOf(
  c: { env: Env },
  scope: string,
  field: string,
): Promise<string | null> {
  const word = wordOf(scope);
  const read =
    word === null ? scopeIn(scope, { codes: [], own: null }) : wordScope(word);
  if (read !== null) return read;
  if (word !== null)
    throw invalidField(
      field,
      "must have a word of three letters after the tilde",
    );
  if (!isCaseId(scope))
    throw invalidField(
      field,
      'must be a case, a place\'s code in capitals, "all", or a word after a tilde',
    );
  const { state } = await readsFor(c.env).case(scope);
  // One that can't be shown may be repaired.
  if (state === "absent")
    throw invalidField(field, "must be a case that is shown here");
  return state === "withdrawn" ? null : scope;
}
