import { fileURLToPath } from "node:url";

/**
 * The project's folder. A file of its own, because a test that only needs a
 * path should not load Wrangler, which takes a second.
 */
export const root = fileURLToPath(new URL("../..", import.meta.url));
