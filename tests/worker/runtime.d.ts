/** Types of `cloudflare:workers` for tests that run inside the Worker's runtime. */
import type { Env as Bindings } from "../../worker/bindings.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import("../../worker/index.ts");
    }
    interface Env extends Bindings {}
  }
}
