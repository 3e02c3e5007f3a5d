/** Every route by the name of its operation. */
import { editingRoutes } from "./editing.ts";
import { editorRoutes } from "./editors.ts";
import { operatingRoutes } from "./operating.ts";
import { portraitRoutes } from "./portraits.ts";
import { readingRoutes } from "./reading.ts";
import type { Route, Tag } from "./route.ts";
import { siteRoutes } from "./site.ts";

// Named, because the compiler doesn't write out a type as long as the inferred
// one.
export type Contract = typeof readingRoutes &
  typeof siteRoutes &
  typeof operatingRoutes &
  typeof editingRoutes &
  typeof portraitRoutes &
  typeof editorRoutes;
export const contract: Contract = {
  ...readingRoutes,
  ...siteRoutes,
  ...operatingRoutes,
  ...editingRoutes,
  ...portraitRoutes,
  ...editorRoutes,
};
export type Operation = keyof Contract;

/**
 * Refusals that follow from a route's declaration, without those it lists
 * itself.
 */
function implied(route: Route): Tag[] {
  const { access, body, keep, query } = route;
  const reads = keep === "lease" || access !== undefined;
  return [
    ...(access ? (["unauthorized"] as const) : []),
    ...(access === "editor"
      ? (["too-many-attempts", "door-closed", "forbidden"] as const)
      : []),
    ...(route.fresh ? (["passkey-needed"] as const) : []),
    ...(query || !route.ignoresUnknownParameters || route.path.includes("{")
      ? (["invalid-query"] as const)
      : []),
    ...(route.params ? (["no-such-address"] as const) : []),
    ...(route.precondition
      ? (["precondition-required", "malformed-precondition"] as const)
      : []),
    ...(body && "schema" in body
      ? (["not-json", "broken-json", "invalid-case"] as const)
      : []),
    ...(body?.limitBytes
      ? [(("tooLarge" in body && body.tooLarge) || "too-large") as Tag]
      : []),
    ...(route.onlyJson ? (["not-acceptable"] as const) : []),
    ...(reads ? (["unavailable"] as const) : []),
  ];
}

/** Every refusal of a route. */
export const refusalsOf = (route: Route): Tag[] => [
  ...new Set([...implied(route), ...(route.refuses ?? [])]),
];

/**
 * The methods that an address accepts, in the order of declaration; HEAD
 * follows GET.
 */
export function methodsOf(path: string): string[] {
  const methods = Object.values<Route>(contract).flatMap((route) =>
    route.path === path ? [route.method] : [],
  );
  return methods.flatMap((method) =>
    method === "GET" ? ["GET", "HEAD"] : [method],
  );
}
