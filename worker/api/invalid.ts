import type * as v from "valibot";
import { Refusal } from "../../shared/failure.ts";
import { fieldIssues } from "../editorial/publication.ts";

export const invalidQuery = (issues: v.BaseIssue<unknown>[]): Refusal =>
  new Refusal({ tag: "invalid-query", issues: fieldIssues(issues) });
