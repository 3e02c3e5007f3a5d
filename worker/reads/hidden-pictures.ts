import type { Case } from "../../shared/case/schema.ts";

/** A case as readers get it: without the pictures that its editors hide. */
export const withoutHidden = (fields: Case): Case =>
  fields.hidePortraits ? { ...fields, people: fields.people.map(({ portrait: _, ...person }) => person) } : fields;
