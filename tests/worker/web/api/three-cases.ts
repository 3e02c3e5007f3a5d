/**
 * A deployment with three cases: one with a revision that is pending, one that
 * was withdrawn, and one that was redacted.
 */
import { expect } from "vitest";
import { ahead } from "../../../support/next-year.ts";
import { backdate } from "../../backdate.ts";
import { send } from "../../send.ts";
import { eraseEarlier, publication as revision } from "./people.ts";

export const TOKEN = { Authorization: "Bearer test-token" };
export const origin = "https://casewire.test";

export const call = (path: string, init: RequestInit = {}) =>
  send(new Request(origin + path, init));

export function put(
  id: string,
  headers: Record<string, string>,
  body: unknown,
  query = "",
) {
  return call(`/v1/cases/${id}${query}`, {
    method: "PUT",
    headers: { ...TOKEN, "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export const publication = (
  number: number,
  more: Record<string, unknown> = {},
) => revision(number, { note: { en: "First version" }, ...more });

/** For the start of a file that needs an untouched deployment. */
export async function publishThreeCases(): Promise<void> {
  for (const number of [1, 2, 3])
    expect(
      (
        await put(
          `ua-${number}-00`,
          { "If-None-Match": "*" },
          publication(number),
        )
      ).status,
    ).toBe(201);
  await backdate();
  expect(
    (
      await put(
        "ua-1-00",
        { "If-Match": '"1"' },
        publication(1, { note: { en: "Second version" } }),
      )
    ).status,
  ).toBe(201);
  expect((await eraseEarlier("test-token", "ua-3-00", 1)).status).toBe(201);
  expect(
    (
      await call("/v1/cases/ua-2-00?reason=consent", {
        method: "DELETE",
        headers: { ...TOKEN, "If-Match": '"1"' },
      })
    ).status,
  ).toBe(200);
  await backdate();
  expect(
    (
      await put(
        "ua-1-00",
        { "If-Match": '"2"' },
        publication(1, { liveAt: ahead }),
      )
    ).status,
  ).toBe(201);
}
