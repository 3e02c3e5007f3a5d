/**
 * Previews of a draft, or of a case after its withdrawal. The workshop makes
 * them, and nothing is stored.
 */
import type * as v from "valibot";
import { Refusal } from "../../../shared/failure.ts";
import type { PreviewRequest } from "../../editing/rules/desk.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import { botSettings, leadMsOf } from "../../runtime/settings.ts";
import type { Handlers } from "./router.ts";

/**
 * The id of the case; empty while it has none. A draft's fields may hold any
 * JSON, even values that have no string form.
 */
const idOf = ({
  case: { id },
  base,
}: v.InferOutput<typeof PreviewRequest>): string =>
  [id, base?.case.id].find((one) => typeof one === "string") ?? "";

/**
 * What a preview depends on, beside what is previewed.
 * @param number that the revision would get
 */
const settingOf = (env: Env, number: number) => ({
  number,
  now: Date.now(),
  leadMs: leadMsOf(env),
  profile: profileOf(env),
  publicUrl: env.PUBLIC_URL,
  bot: botSettings(env)?.info ?? null,
});

export const previewHandlers = {
  async readTrace(c, { params: { id }, query }) {
    const record = await ledgerFor(c.env).desk.record(id, false);
    if (!record) throw new Refusal({ tag: "unknown-case", id });
    const setting = settingOf(c.env, record.next);
    return c.json(
      await askWorkshop(c.env, (workshop) =>
        workshop.previewWithdrawal(id, query.lang, setting),
      ),
    );
  },
  async preview(c, { body }) {
    const number =
      body.number ?? (await ledgerFor(c.env).desk.nextNumber(idOf(body)));
    const setting = settingOf(c.env, number);
    return c.json(
      await askWorkshop(c.env, (workshop) =>
        workshop.previewDraft(body, setting),
      ),
    );
  },
} satisfies Partial<Handlers>;
