/** The imported document, line by line. Lines that filled a field or have a warning are marked. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { DraftSource } from "../editing/rules/desk.ts";
import { type SourceWarning, warningKey, warningText } from "./form/form-state.ts";
import { Button } from "./inputs.tsx";
import { say } from "./words.ts";

/** A line to scroll to. Each request is a new object, so that the same line can be shown twice. */
export interface ShownLine {
  line: number;
}

export function SourcePane({
  source,
  resolved,
  shown,
  onField,
}: {
  source: DraftSource;
  resolved: string[];
  shown: ShownLine | null;
  /** Called with the pointer of the field that a line is about. */
  onField: (pointer: string) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const lines = useMemo(() => source.text.split(/\r\n|\r|\n/), [source]);
  const fields = useMemo(() => new Map(source.provenance.toReversed().map((one) => [one.line, one.pointer])), [source]);
  const doubts = useMemo(() => {
    const open = source.warnings.filter((warning) => warning.line !== null && !resolved.includes(warningKey(warning)));
    return Map.groupBy(open, ({ line }) => line as number);
  }, [source, resolved]);
  useEffect(() => {
    const line = shown && list.current?.children[shown.line - 1];
    line?.scrollIntoView({ block: "center" });
  }, [shown]);
  return (
    <section class="pane source" aria-label={say("source.title")}>
      <header>
        <h2>{say("source.title")}</h2>
        <bdi class="hint">{source.name}</bdi>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol ref={list} class="scroll" tabIndex={0} dir="auto">
        {lines.map((text, index) => {
          const line = index + 1;
          const doubt = doubts.get(line) ?? [];
          const pointer = doubt.find((one) => one.pointer !== undefined)?.pointer ?? fields.get(line);
          const marks = [doubt.length > 0 && "doubt", fields.has(line) && "taken", shown?.line === line && "shown"];
          return (
            <li
              key={line}
              class={marks.filter(Boolean).join(" ")}
              title={doubt.map(warningText).join("\n") || undefined}
            >
              {pointer ? (
                <Button class="number" aria-label={say("source.to-field", { line })} onPress={() => onField(pointer)}>
                  {line}
                </Button>
              ) : (
                <span class="number" aria-hidden="true">
                  {line}
                </span>
              )}
              <span class="words" dir="auto">
                {marked(text, doubt)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** A line in which the words that a warning quotes are marked. */
function marked(text: string, doubts: SourceWarning[]): ComponentChildren {
  const words = doubts.map(({ found }) => found).find((found) => found && text.includes(found));
  if (words === undefined) return text;
  const at = text.indexOf(words);
  return (
    <>
      {text.slice(0, at)}
      <mark>{words}</mark>
      {text.slice(at + words.length)}
    </>
  );
}
