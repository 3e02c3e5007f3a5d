/** `npm run build`: builds the browser scripts and API documents that the Worker serves into dist/. */
import { buildScripts } from "./runtime.ts";

await buildScripts();
