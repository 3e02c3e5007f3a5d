/** `npm run build`: what browsers run and the Worker carries, into dist/. */
import { buildScripts } from "./runtime.ts";

await buildScripts();
