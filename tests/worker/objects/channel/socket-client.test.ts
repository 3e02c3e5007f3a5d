import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { networkOf } from "../../../../worker/runtime/network.ts";
import { clientHash, shardOf } from "../../../../worker/web/api/live.ts";

it.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:0002::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["2001:db8::5:6:7:8:9", "2001:db8:0:5"],
  ["::1", "0:0:0:0"],
  ["local", "local"],
])("The network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it("Clients are spread over the shards, and each always has the same one", () => {
  const counts = [0, 0, 0];
  for (let host = 0; host < 300; host++)
    counts[shardOf(clientHash(env, "ua-1-00", `192.0.2.${host}`), 3)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(clientHash(env, "ua-1-00", "192.0.2.1")).toBe(
    clientHash(env, "ua-1-00", "192.0.2.1"),
  );
});
