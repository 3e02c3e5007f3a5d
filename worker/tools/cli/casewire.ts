/** `npm run casewire --`: imports, publishes, backs up and verifies cases. */
import { runCommand } from "./command-line.ts";
import { handleOutputErrors } from "./outcome.ts";

handleOutputErrors();
const exitCode = await runCommand(process.argv.slice(2), process);
// Otherwise an error of the output would be forgotten.
if (exitCode !== 0) process.exitCode = exitCode;
