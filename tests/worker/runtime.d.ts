/**
 * Types of `cloudflare:workers` for tests that run inside the Worker's runtime.
 */

type DeploymentEnv = Env;

declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("../../worker/web/index.ts");
  }
  /** tests/support/worker-bindings.ts gives every setting of the bot. */
  interface Env extends Required<DeploymentEnv> {
    TEST_BACKUPS: R2Bucket;
  }
}
