/**
 * What a client needs of each route at run time; without-schemas.ts hands a
 * browser the values alone.
 */
import { contract, type Operation } from "./contract.ts";
import type { Route } from "./route.ts";

export interface Wire {
  method: Route["method"];
  path: string;
  body?: "json" | "other";
  /** The media type of each successful answer; empty for one without a body. */
  answers: Record<number, string>;
}

function wireOf({ method, path, body, answers }: Route): Wire {
  const types = Object.entries(answers).map(([status, { type, schema }]) => [
    status,
    type ?? (schema ? "application/json" : ""),
  ]);
  return {
    method,
    path,
    ...(body && { body: "schema" in body ? "json" : "other" }),
    answers: Object.fromEntries(types),
  };
}

export const wires = Object.fromEntries(
  Object.entries<Route>(contract).map(([operation, route]) => [
    operation,
    wireOf(route),
  ]),
) as Record<Operation, Wire>;
