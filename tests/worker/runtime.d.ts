/** Types of `cloudflare:workers` for tests that run inside the Worker's runtime. */
import type { Env as Bindings } from "../../worker/bindings.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import("../../worker/index.ts");
    }
    /** tests/worker-bindings.ts gives every setting of the bot. */
    interface Env extends Required<Bindings> {
      TEST_BACKUPS: R2Bucket;
    }
  }
}
