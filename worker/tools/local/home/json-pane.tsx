/** The public JSON of the demo case, polled like any client would, with changes highlighted. */
import { useEffect, useRef, useState } from "preact/hooks";
import { addresses } from "../../../../shared/addresses.ts";
import { ApiError, clientOf } from "../../../editing/contract/client.ts";
import { DEMO } from "./demo.ts";

const POLL_INTERVAL_MS = 250;
const HIDDEN_POLL_INTERVAL_MS = 2_000;
const HIGHLIGHT_MS = 8_000;

interface Shown {
  lines: string[];
  /** The text in the pane's header: "revision 3", or the status of an error. */
  state: string;
}

const reader = clientOf();

/** The record, or the problem that the Worker returns instead. @throws ApiError when it does not respond */
const readDemo = () =>
  reader.readCase({ id: DEMO }).then(
    // The revision comes first, because it changes most.
    ({ revision, case: fields }) => ({ shown: { revision, case: fields }, state: `revision ${revision.number}` }),
    (error) => {
      if (!(error instanceof ApiError) || error.is("unreachable")) throw error;
      return { shown: error.problem, state: String(error.status) };
    },
  );

/** The indexes of lines of `next` that are not in `previous`, except lines of brackets. */
function changedLines(previous: string[], next: string[]): Set<number> {
  const left = new Map<string, number>();
  for (const line of previous) left.set(line, (left.get(line) ?? 0) + 1);
  const changed = new Set<number>();
  next.forEach((line, index) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    else if (/\w/.test(line)) changed.add(index);
  });
  return changed;
}

/** Highlights the syntax of one pretty-printed line, for which no parser is needed. */
function Line({ text }: { text: string }) {
  const [, indent = "", key = "", rest = ""] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/.exec(text) ?? [];
  const kind = rest.startsWith('"') ? "text" : /^[-\dtfn]/.test(rest) ? "literal" : "mark";
  return (
    <>
      {indent}
      {key && <span class="key">{key}</span>}
      <span class={kind}>{rest}</span>
    </>
  );
}

export function JsonPane() {
  const [shown, setShown] = useState<Shown | null>(null);
  const [marked, setMarked] = useState<Set<number>>(new Set());
  const [unreachable, setUnreachable] = useState(false);
  const raw = useRef("");
  const lines = useRef<string[]>([]);
  const box = useRef<HTMLPreElement>(null);

  useEffect(() => {
    let stopped = false;
    let unmark: ReturnType<typeof setTimeout>;
    const read = async () => {
      try {
        const { shown: value, state } = await readDemo();
        const text = JSON.stringify(value, null, 2);
        setUnreachable(false);
        if (text !== raw.current) {
          const next = text.split("\n");
          if (raw.current && lines.current.length > 0) {
            setMarked(changedLines(lines.current, next));
            clearTimeout(unmark);
            unmark = setTimeout(() => setMarked(new Set()), HIGHLIGHT_MS);
          }
          raw.current = text;
          lines.current = next;
          setShown({ lines: next, state });
        }
      } catch {
        setUnreachable(true);
      }
      if (!stopped) setTimeout(read, document.hidden ? HIDDEN_POLL_INTERVAL_MS : POLL_INTERVAL_MS);
    };
    void read();
    return () => {
      stopped = true;
    };
  }, []);

  useEffect(() => {
    if (marked.size > 0 && box.current) box.current.scrollTop = 0;
  }, [marked]);

  return (
    <section class="pane" aria-labelledby="json-title">
      <header>
        <h2 id="json-title">The JSON</h2>
        <a href={addresses.case(DEMO)}>
          <code>GET {addresses.case(DEMO)}</code>
        </a>
        <span class="state">{unreachable ? "no response" : (shown?.state ?? "…")}</span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre ref={box} tabIndex={0}>
        {shown?.lines.map((line, index) => (
          <code key={index} class={marked.has(index) ? "changed" : ""}>
            <Line text={line} />
            {"\n"}
          </code>
        ))}
      </pre>
    </section>
  );
}
