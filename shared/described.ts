import * as v from "valibot";

/** A schema with its description for the API's documents. */
export const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));
