import { describe, expect, it } from "vitest";
import { Bodies, type Body, serialsOf } from "../../../worker/reads/bodies.ts";
import { Copies } from "../../../worker/reads/copies.ts";

const body = (of: string, until: number, bytes = 1_000): Body => ({
  of,
  content: new Uint8Array(),
  etag: '"1"',
  status: 200,
  headers: { kept: {}, passing: {} },
  until,
  bytes,
});

describe("A finished body", () => {
  it("is used for the values it was made of, until its time", () => {
    const bodies = new Bodies(new Copies(10_000));
    const [state, other] = [{}, {}];
    bodies.add("page", body(serialsOf([state]), 100));
    expect(bodies.get("page", serialsOf([state]), 99)).not.toBeNull();
    expect(bodies.get("page", serialsOf([state]), 100)).toBeNull();
    expect(bodies.get("page", serialsOf([other]), 99)).toBeNull();
    expect(bodies.get("page", serialsOf([state, null]), 99)).toBeNull();
    expect(bodies.get("frame", serialsOf([state]), 99)).toBeNull();
  });

  it("is dropped when others were used since and memory ends, and counts once however often it is made", () => {
    const bodies = new Bodies(new Copies(3_500));
    const made = serialsOf([{}]);
    for (let time = 0; time < 10; time++) bodies.add("a", body(made, 100));
    for (const key of ["b", "c"]) bodies.add(key, body(made, 100));
    expect(bodies.get("a", made, 0)).not.toBeNull();
    bodies.add("d", body(made, 100));
    expect(["a", "b", "c", "d"].filter((key) => bodies.get(key, made, 0))).toEqual(["a", "c", "d"]);
  });
});
