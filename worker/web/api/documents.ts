/**
 * Reads an uploaded document into a draft, and compares its people with those
 * of the case. Stores nothing.
 */
import type { Case } from "../../../shared/case/schema.ts";
import { Refusal } from "../../../shared/failure.ts";
import { askWorkshop, ledgerFor } from "../../runtime/bindings.ts";
import { profileOf } from "../../runtime/profiles/profiles.ts";
import type { Handlers } from "./router.ts";

/**
 * Bodies of other routes, sent here by mistake. Of everything else the first
 * bytes say what it is.
 */
const notDocuments = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
];

export const documentHandlers = {
  async readDocument(c, { query }) {
    const profile = profileOf(c.env);
    const type =
      (c.req.header("Content-Type") ?? "")
        .split(";")[0]
        ?.trim()
        .toLowerCase() ?? "";
    if (type === "" || notDocuments.includes(type))
      throw new Refusal({ tag: "not-a-document" });
    const document = new Uint8Array(await c.req.arrayBuffer());
    const read = await askWorkshop(c.env, (workshop) =>
      workshop.readDocument(document, profile),
    );
    if ("refused" in read) throw new Refusal(read.refused);
    const { draft, text } = read;
    const id = draft.case.id ?? query.case;
    const current =
      id === undefined
        ? null
        : (await ledgerFor(c.env).desk.record(id, false))?.case;
    const beside = await askWorkshop(c.env, (workshop) =>
      workshop.readBeside(
        draft.case,
        text,
        (current as Case | undefined) ?? null,
        profile,
      ),
    );
    return c.json({
      ...draft,
      text,
      warnings: [...draft.warnings, ...beside.warnings],
      sentences: beside.sentences,
    });
  },
} satisfies Partial<Handlers>;
