/**
 * Gives a schema's type a name: `interface CaseSchema extends Named<typeof caseSchema> {}`. Without one, the compiler writes the whole
 * type into each type that contains it, and compares the copies member by member.
 */
export type Named<Schema> = Schema;
