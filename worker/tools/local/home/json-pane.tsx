/**
 * The public JSON of the demo case, polled like any client would. What changed
 * last is marked.
 */
import { useEffect, useState } from "preact/hooks";
import { addresses } from "../../../../shared/addresses.ts";
import { DEMO } from "./demo.ts";

const POLL_INTERVAL_MS = 250;

interface Shown {
  lines: string[];
  before: string[];
  /** The text in the pane's header: "revision 3", or the status of an error. */
  state: string;
}

export function JsonPane() {
  const [{ lines, before, state }, setShown] = useState<Shown>({
    lines: [],
    before: [],
    state: "…",
  });
  useEffect(() => {
    const read = async () => {
      const answer = await fetch(addresses.case(DEMO)).catch(() => null);
      const body = await answer?.json().catch(() => null);
      // The revision comes first, because it changes most.
      const shown = answer?.ok
        ? { revision: body.revision, case: body.case }
        : body;
      const next = JSON.stringify(shown, null, 2).split("\n");
      const said = answer?.ok
        ? `revision ${body.revision.number}`
        : String(answer?.status ?? "no response");
      setShown((shown) =>
        shown.lines.join() === next.join()
          ? { ...shown, state: said }
          : { lines: next, before: shown.lines, state: said },
      );
    };
    const timer = setInterval(read, POLL_INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <section class="pane" aria-labelledby="json-title">
      <header>
        <h2 id="json-title">The JSON</h2>
        <a href={addresses.case(DEMO)}>
          <code>GET {addresses.case(DEMO)}</code>
        </a>
        <span class="state">{state}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {lines.map((line, index) => (
          <code
            key={index}
            class={
              before.length > 0 && !before.includes(line) && /\w/.test(line)
                ? "changed"
                : ""
            }
          >
            {line}
            {"\n"}
          </code>
        ))}
      </pre>
    </section>
  );
}
