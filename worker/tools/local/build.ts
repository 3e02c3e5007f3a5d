/** `npm run build`: builds what a deployment uploads into dist/. */
import { buildAll } from "./runtime.ts";

await buildAll();
