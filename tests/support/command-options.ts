import { parseArgs } from "node:util";

type Value = string | number | boolean | string[];
/** The type of an option's values, without that of its default alone. */
type Wide<T extends Value> = T extends number
  ? number
  : T extends boolean
    ? boolean
    : T extends string
      ? string
      : string[];

/**
 * The options that a command was called with: numbers, texts, switches
 * ("--no-browser" turns one off) and lists, which may be given several times.
 * With `--help`, or an option that doesn't exist or isn't a number as it should
 * be, it says what there is and ends the process.
 * @param defaults by name
 */
export function commandOptions<T extends Record<string, Value>>(
  defaults: T,
): { [K in keyof T]: Wide<T[K]> } {
  const texts = Object.entries(defaults).map(
    ([name, value]) => `--${name}${value === "" ? "" : ` ${value}`}`,
  );
  const end = (code: number, ...lines: string[]): never => {
    const known =
      texts.length > 0
        ? `Options, with their defaults: ${texts.join(", ")}`
        : "It takes no options.";
    (code === 0 ? console.log : console.error)([...lines, known].join("\n"));
    process.exit(code);
  };
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      {
        type:
          typeof value === "boolean"
            ? ("boolean" as const)
            : ("string" as const),
        multiple: Array.isArray(value),
      },
    ]),
  );
  try {
    const { values } = parseArgs({
      options: { ...options, help: { type: "boolean" } },
      allowNegative: true,
    });
    if (values.help) return end(0);
    const given = Object.entries({ ...defaults, ...values }).map(
      ([name, value]) => {
        if (typeof defaults[name] !== "number") return [name, value];
        const number = Number(value);
        if (value === "" || !Number.isFinite(number))
          throw new Error(`--${name} takes a number, not "${value}"`);
        return [name, number];
      },
    );
    return Object.fromEntries(given);
  } catch (error) {
    return end(1, (error as Error).message);
  }
}

/**
 * The counts in an option's text, such as "1,100". Ends the process when one
 * isn't a whole number from 1 on.
 */
export function countsIn(option: string, text: string): number[] {
  const counts = text.split(",").map(Number);
  if (counts.every((count) => Number.isInteger(count) && count > 0))
    return counts;
  console.error(
    `--${option} takes whole numbers from 1 on, with commas between them, not "${text}"`,
  );
  process.exit(1);
}
