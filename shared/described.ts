import * as v from "valibot";

export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Of a revision, or of anything else in a row. */
export const Ordinal = v.pipe(v.number(), v.integer(), v.minValue(1));
export const Timestamp = v.pipe(v.string(), v.isoTimestamp());

/** A schema with its description for the API's documents. */
export const described = <S extends v.GenericSchema>(schema: S, text: string) =>
  v.pipe(schema, v.description(text));
