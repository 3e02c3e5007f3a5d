/** The signer of a deployment's log and views. */
import { Refusal } from "../../shared/failure.ts";
import { type Signer, signerOf } from "./checkpoint.ts";
import { onceFor } from "./once.ts";
import { logKeyOf, logNameOf } from "./settings.ts";

/** @throws Refusal `no-log` when the deployment has no LOG_KEY */
export const signerFor = onceFor((env: Env): Promise<Signer> => {
  const seed = logKeyOf(env);
  if (seed === null) throw new Refusal({ tag: "no-log" });
  return signerOf(logNameOf(env), seed);
});
