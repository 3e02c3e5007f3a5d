/** A list that was answered before a deadline passed. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { answerRequest } from "../../../worker/web/app.ts";
import { inventedCase } from "../../support/invented.ts";
import { answered, ID, letTimePassByHand, withSlowConnection } from "./line.ts";

letTimePassByHand();

it.each(["/v1/cases?action=active", "/?action=active"])(
  "A passed deadline leaves %s",
  (address) =>
    withSlowConnection(async (line) => {
      vi.setSystemTime(Date.parse("2026-01-01T11:59:00Z"));
      // It passes at noon UTC of the next day.
      line.publish(0, ID, {
        action: { ...inventedCase(1).action, until: "2025-12-31" },
      });
      const bindings = {
        ...env,
        LEDGER: { getByName: line.ledger },
      } as unknown as Env;
      const isListed = async () => {
        const request = new Request(`https://casewire.test${address}`);
        const got = await answered(
          Promise.resolve(
            answerRequest(request, bindings, createExecutionContext()),
          ),
        );
        return (await got.text()).includes(ID);
      };
      vi.setSystemTime(Date.parse("2026-01-01T11:59:57Z"));
      line.back = 200;
      expect(await isListed()).toBe(true);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await isListed()).toBe(false);
    }),
);
