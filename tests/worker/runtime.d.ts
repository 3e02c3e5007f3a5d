/** What `cloudflare:workers` gives to tests that run inside the Worker's own runtime. */
import type { Env as Bindings } from "../../worker/bindings.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import("../../worker/index.ts");
    }
    interface Env extends Bindings {}
  }
}
