/**
 * A third-party program that uses the generated types. openapi.test.ts compiles
 * it strictly and runs it against the real Worker.
 */
import createClient from "openapi-fetch";
import type { components, paths } from "./api.d.ts";

type Schemas = components["schemas"];

/**
 * Describes a change in a sentence. Compiles only while every kind of change is
 * handled.
 */
function sentenceOf(change: Schemas["Change"]): string {
  switch (change.what) {
    case "person-added":
    case "person-removed":
      return `${change.person}: ${change.what}`;
    case "custody":
    case "proceedings":
    case "sentence":
      return `${change.person}: ${change.what} from ${change.from ?? "nothing"} to ${change.to ?? "nothing"}`;
    case "earlier-terms":
      return `${change.person}: earlier terms ${change.terms.join(", ") || "none"}`;
    case "action":
    case "as-of":
      return `${change.what}: ${change.to}`;
    case "deadline":
      return `deadline: ${change.to ?? "none"}`;
    case "events-added":
    case "documents-added":
    case "quotations-added":
      return `${change.what}: ${change.count}`;
    case "text":
      return `text of the ${change.part}`;
  }
}

export async function read(baseUrl: string, id: string, missing: string) {
  const client = createClient<paths>({ baseUrl });
  const view = await client.GET("/v1/cases/{id}/view", {
    params: { path: { id }, query: { lang: "uk" } },
  });
  if (view.data === undefined) throw new Error(view.error.remedy);
  const names: string[] = view.data.people.list.map(
    (person) => person.name.text,
  );
  const history = await client.GET("/v1/cases/{id}/revisions", {
    params: { path: { id } },
  });
  const changes =
    history.data?.revisions.flatMap((revision) =>
      revision.changes.map(sentenceOf),
    ) ?? [];
  const refused = await client.GET("/v1/cases/{id}/view", {
    params: { path: { id: missing } },
  });
  const refusal =
    refused.error && "view" in refused.error
      ? refused.error.view.title.text
      : null;
  return { names, changes, refusal };
}
