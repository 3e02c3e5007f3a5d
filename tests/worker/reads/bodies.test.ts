import { expect, it } from "vitest";
import {
  Bodies,
  type Body,
  headersOf,
  serialOf,
} from "../../../worker/reads/bodies.ts";
import { Copies } from "../../../worker/reads/copies.ts";
import {
  EDGE_SECOND,
  NO_STORE,
  publicHeaders,
} from "../../../worker/reads/freshness.ts";

const made = (...values: (object | null)[]) =>
  values.map((value, index) => ({
    copy: { key: `copy ${index}`, id: null },
    serial: serialOf(value),
  }));

const body = (of: Body["of"], until: number, bytes = 1_000): Body => ({
  of,
  content: new Uint8Array(),
  etag: '"1"',
  status: 200,
  headers: new Headers(publicHeaders(true)),
  isForEdge: true,
  onlyJson: false,
  until,
  bytes,
});

it("A finished body is used for the values it was made of, until its time", () => {
  const bodies = new Bodies(new Copies(10_000));
  const [state, other] = [{}, {}];
  bodies.add("page", body(made(state), 100));
  expect(bodies.get("page", made(state), 99)).not.toBeNull();
  expect(bodies.get("page", made(state), 100)).toBeNull();
  expect(bodies.get("page", made(other), 99)).toBeNull();
  expect(bodies.get("page", made(state, null), 99)).toBeNull();
  expect(bodies.get("frame", made(state), 99)).toBeNull();
});

it("A finished body is found by the address that it was given for, until its time", () => {
  const bodies = new Bodies(new Copies(10_000));
  const page = body(made({}), 100);
  bodies.add("page", page);
  bodies.addAddress("https://casewire.test/cases/ua-1-00", "page", page);
  expect(bodies.at("https://casewire.test/cases/ua-1-00", 99)).not.toBeNull();
  expect(bodies.at("https://casewire.test/cases/ua-1-00", 100)).toBeNull();
  expect(
    bodies.at("https://casewire.test/cases/ua-1-00?lang=uk", 99),
  ).toBeNull();
  for (let index = 0; index < 20_000; index++)
    bodies.addAddress(`https://casewire.test/?made-up=${index}`, "page", page);
  expect(bodies.at("https://casewire.test/cases/ua-1-00", 99)).toBeNull();
});

it("A finished body says in its only set of headers whether the edge may keep it, and changes no response that was given", () => {
  const page = body(made({}), 100);
  page.headers.set("ETag", page.etag);
  const given = [true, false, false, true].map(
    (edge) => new Response("", { headers: headersOf(page, edge) }),
  );
  expect(
    given.map(({ headers }) => [
      headers.get("Cloudflare-CDN-Cache-Control"),
      headers.get("ETag"),
    ]),
  ).toEqual(
    [EDGE_SECOND, NO_STORE, NO_STORE, EDGE_SECOND].map((edge) => [
      edge,
      page.etag,
    ]),
  );
  expect(headersOf(page, false)).toBe(headersOf(page, true));
});

it("A finished body is dropped when others were used since and memory ends, and counts once however often it is made", () => {
  const bodies = new Bodies(new Copies(3_500));
  const of = made({});
  for (let time = 0; time < 10; time++) bodies.add("a", body(of, 100));
  for (const key of ["b", "c"]) bodies.add(key, body(of, 100));
  expect(bodies.get("a", of, 0)).not.toBeNull();
  bodies.add("d", body(of, 100));
  bodies.add("larger than memory", body(of, 100, 4_000));
  expect(
    ["a", "b", "c", "d", "larger than memory"].filter((key) =>
      bodies.get(key, of, 0),
    ),
  ).toEqual(["a", "c", "d"]);
});
