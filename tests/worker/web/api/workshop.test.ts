/**
 * The surfaces that the workshop makes, while it is missing, older or broken.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { message } from "../../../../shared/messages.ts";
import { contract } from "../../../../worker/editing/contract/contract.ts";
import type { Route } from "../../../../worker/editing/contract/route.ts";
import { app } from "../../../../worker/web/app.ts";
import { askAt, objectThat } from "../../../support/object-that.ts";
import { eventually } from "../../../support/waiting.ts";
import { backdate } from "../../backdate.ts";
import { type Enrolled, enrol, invitationFor } from "./people.ts";
import { call, origin, publication, put } from "./three-cases.ts";

let ada: Enrolled;
let invitation: string;

beforeAll(async () => {
  expect(
    (await put("ua-43-00", { "If-None-Match": "*" }, publication(43))).status,
  ).toBe(201);
  ada = await enrol("test-token", "ada", "administrator");
  invitation = await invitationFor(ada.token, "nora", "author");
  await backdate();
  // Another file's reads in this isolate may have a lease on that there is no
  // such case.
  const isThere = async () =>
    (await app.request(`${origin}/v1/cases/ua-43-00`, {}, env)).status === 200;
  await eventually(isThere, () => "the case doesn't come");
});

/** The workshop, of which every method is another one. */
const workshopWith = (method: string, ...given: unknown[]) =>
  objectThat(() => askAt(env.WORKSHOP, method, given));

it.each([
  ["is missing", undefined, "tr", 503],
  [
    "doesn't know the call yet",
    workshopWith("methodOfTheNextRelease"),
    "ru",
    503,
  ],
  ["throws", workshopWith("drawPng", "no SVG"), "uk", 500],
])(
  "While the workshop %s, what needs it is refused, and nothing else changes",
  async (_, workshop, lang, expected) => {
    // Of another version, so that nothing that the isolate keeps answers
    // instead.
    const cut = {
      ...env,
      WORKSHOP: workshop,
      VERSION: { ...env.VERSION, id: lang },
    };
    const script = /src="(\/desk@\w+\.js)"/.exec(
      await (await call("/desk")).text(),
    )![1]!;
    const image = `/share/ua-43-00.png?lang=${lang}`;
    const addresses: Record<string, string> = {
      shareImage: image,
      deskFile: script,
    };
    const token = { Authorization: `Bearer ${ada.token}` };
    const response = { id: ada.passkey.id };
    const bodies: Record<string, unknown> = {
      signIn: { response },
      enrolmentOptions: { invitation },
      enrol: { invitation, label: "Test device", response },
      addPasskey: { label: "Test device", response },
    };
    // Places need it only for letters about old pages, of which there is none.
    const declared = Object.entries<Route>(contract).filter(
      ([operation, { refuses }]) =>
        operation !== "listPlaces" && refuses?.includes("workshop-unavailable"),
    );
    expect(declared).toHaveLength(15);
    for (const [operation, { method, path: declaredPath }] of declared) {
      const path = addresses[operation] ?? declaredPath;
      const body =
        operation in bodies ? { body: JSON.stringify(bodies[operation]) } : {};
      const sent =
        operation === "readDocument"
          ? {
              body: "A document",
              headers: { ...token, "Content-Type": "text/plain" },
            }
          : {
              ...body,
              headers: { ...token, "Content-Type": "application/json" },
            };
      const browser = { headers: { Accept: "text/html,*/*" } };
      const answer = await app.request(
        origin + path,
        { method, ...(method === "POST" ? sent : browser) },
        cut,
      );
      const { status, headers } = answer;
      expect([status, headers.get("Retry-After")], path).toEqual([
        expected,
        expected === 503 ? "1" : null,
      ]);
      const text = await answer.text();
      if (["/desk", "/docs", "/follow"].includes(path)) {
        expect(headers.get("Content-Type")).toContain("text/html");
        expect(text).toContain(message("en", "page.unexpected.text"));
      } else {
        expect(headers.get("Content-Type"), path).toContain(
          "application/problem+json",
        );
        const tag = expected === 503 ? "workshop-unavailable" : "unexpected";
        expect(JSON.parse(text), path).toMatchObject({
          type: `urn:casewire:problem:${tag}`,
        });
      }
      expect(headers.get("Cloudflare-CDN-Cache-Control"), path).toBe(
        "no-store",
      );
      expect(headers.get("Cache-Control"), path).toMatch(
        /no-(store|cache)|max-age=0/,
      );
    }
    for (const path of [
      "/",
      "/cases/ua-43-00",
      "/v1/cases/ua-43-00/view",
      "/embed/ua-43-00",
      "/feed.atom",
      "/widget.js",
    ])
      expect((await app.request(origin + path, {}, cut)).status, path).toBe(
        200,
      );
    expect((await call(image)).headers.get("Content-Type")).toBe("image/png");
    // It is kept, so it needs the workshop no longer.
    expect((await app.request(origin + image, {}, cut)).status).toBe(200);
  },
);
