import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../../worker/app.ts";

describe("The router", () => {
  it("matches a path with one regular expression, because no declared path makes Hono fall back to trying a tree", async () => {
    await app.request("https://casewire.test/v1/cases", {}, env);
    expect((app.router as unknown as { activeRouter: { name: string } }).activeRouter.name).toBe("RegExpRouter");
  });
});
