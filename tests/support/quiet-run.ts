import type { Reporter, TestSpecification } from "vitest/node";

/**
 * The function of the Workers pool that prints what workerd says: exceptions
 * that a test expects, and warnings. It has no setting.
 */
const PRINTER = "handleStructuredLogs";
/** A run with fewer test files was asked for some of them. */
const WHOLE_RUN_FILES = 100;
/**
 * Characters of what the runtimes said that a failing run shows. The names of
 * failed tests must stay in sight.
 */
const MAX_SHOWN = 20_000;

/**
 * Keeps what the runtimes of a run print, and shows it when the run fails. Says
 * which tests a whole run left out.
 */
export class QuietRun implements Reporter {
  readonly #leftOut: string[];
  #isWhole = false;
  #kept = "";

  /** @param leftOut paths of tests */
  constructor(leftOut: string[]) {
    this.#leftOut = leftOut;
  }

  onInit(): void {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (
        ...values: unknown[]
      ) => boolean;
      stream.write = (text: string | Uint8Array, ...more: unknown[]) => {
        if (!new Error().stack?.includes(PRINTER)) return write(text, ...more);
        this.#kept += String(text);
        return true;
      };
    }
  }

  onTestRunStart(files: readonly TestSpecification[]): void {
    this.#isWhole =
      files.length > WHOLE_RUN_FILES &&
      files.some(({ project }) => project.name === "contract");
  }

  onTestRunEnd(_: unknown, errors: readonly unknown[], reason: string): void {
    if (this.#kept && (reason === "failed" || errors.length > 0))
      console.error(`Said by the runtimes:\n${this.#kept.slice(-MAX_SHOWN)}`);
    this.#kept = "";
    if (this.#isWhole && this.#leftOut.length > 0)
      console.log(
        `Left out, because what they test has not changed (CI=1 runs them): ${this.#leftOut.join(", ")}`,
      );
  }
}
