import type { Case } from "../../shared/case/schema.ts";
import { png } from "../support/drawn-pictures.ts";
import type { TestWorker } from "../support/harness.ts";

/** An invented case with a stored picture of its first person. */
export async function withPicture(
  worker: TestWorker,
  fields: Case,
  givenBy = "Invented Relative",
): Promise<{ case: Case; image: string }> {
  const [person, ...others] = fields.people;
  if (!person) throw new Error("The case has no people.");
  const { image } = await worker.editor.addPortrait({
    id: fields.id,
    body: {
      person: person.id,
      image: Buffer.from(png(90, "GPS 44.9N")).toString("base64"),
      consent: { givenBy, givenOn: "2026-01-02" },
    },
  });
  const portrait = {
    image,
    alt: { en: "A grey square" },
    credit: "Invented Studio",
    licence: "CC BY 4.0",
    until: "2099-12-31",
  };
  return {
    case: { ...fields, people: [{ ...person, portrait }, ...others] },
    image,
  };
}
