/** Makes a draft from a document. Nothing is stored before the draft is saved. */
import { useRef, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import type { DeskRecord } from "../editing/rules/desk.ts";
import type { Difference } from "../editing/rules/merge.ts";
import { Differences } from "./differences.tsx";
import { sentencesInWords } from "./form/sentences.tsx";
import { RefusalNotice, useAction } from "./publish/refusal.tsx";
import { useSession } from "./session.ts";
import { draftFromDocument, type Imported } from "./start-draft.ts";
import { openDraft } from "./started-drafts.ts";
import { say } from "./words.ts";

/** An import into an existing case. */
interface Merged {
  record: DeskRecord;
  imported: Imported & { differences: Difference[] };
}

export function ImportScreen({ into }: { into?: string | undefined }) {
  const { api, me } = useSession();
  const { profile } = me;
  const [text, setText] = useState("");
  const { busy, refused, run } = useAction();
  /** The case of the document, when it is not the one to which the document should be added. */
  const [other, setOther] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [merged, setMerged] = useState<Merged | null>(null);
  const file = useRef<HTMLInputElement>(null);

  const findCase = async (id: string | undefined): Promise<DeskRecord | null> => {
    const { cases } = await api.listDeskCases();
    return id !== undefined && cases.some((one) => one.id === id) ? api.readDeskCase({ id }) : null;
  };
  const take = (document: string | Blob, name: string) =>
    run(async () => {
      setOther(null);
      const read = await api.readDocument({
        body: document,
        type: typeof document === "string" ? "text/plain" : "application/octet-stream",
      });
      const id = read.case.id ?? into;
      if (into !== undefined && id !== into) return setOther(id ?? null);
      const record = await findCase(id);
      const current = record?.case ? { number: record.revision.number, case: record.case } : null;
      const imported = draftFromDocument(read, name, current, profile);
      if (record && imported.differences) setMerged({ record, imported: imported as Merged["imported"] });
      else openDraft(imported.draft);
    });
  const takeFiles = (files: FileList | null | undefined) => {
    const first = files?.[0];
    if (first) void take(first, first.name);
  };

  if (profile.imports.length === 0)
    return (
      <main class="page import">
        <h1>{say("nav.new")}</h1>
        <div class="row">
          <button type="button" onClick={() => openDraft("empty")}>
            {say("import.empty")}
          </button>
        </div>
      </main>
    );
  if (merged) return <MergeReview merged={merged} onBack={() => setMerged(null)} />;
  return (
    <main class="page import">
      <h1>{into ? say("import.title.into", { id: numberOf(into, profile) }) : say("import.title")}</h1>
      <p class="lead">{say("import.lead")}</p>
      <RefusalNotice error={refused} />
      {other !== null && (
        <p class="problem" role="alert">
          {say("import.other-case", { id: numberOf(other, profile), into: numberOf(into ?? "", profile) })}
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the button and the box do the same by keyboard */}
      <div
        class={`drop${over ? " over" : ""}`}
        aria-busy={busy}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          takeFiles(event.dataTransfer?.files);
        }}
      >
        <label for="document" class="unseen">
          {say("import.text")}
        </label>
        <textarea
          id="document"
          placeholder={say("import.text")}
          // Empty, it would be taken for left to right, and its placeholder with it.
          dir={text ? "auto" : undefined}
          value={text}
          onInput={({ currentTarget: { value } }) => setText(value)}
        />
        <input
          ref={file}
          type="file"
          hidden
          accept=".docx,.txt,text/plain"
          onChange={({ currentTarget: { files } }) => takeFiles(files)}
        />
        <div class="row">
          <button
            type="button"
            disabled={busy || text.trim() === ""}
            onClick={() => void take(text, say("import.pasted"))}
          >
            {say(busy ? "import.busy" : "import.go")}
          </button>
          <button type="button" class="quiet" disabled={busy} onClick={() => file.current?.click()}>
            {say("import.file")}
          </button>
          {into === undefined && (
            <button type="button" class="plain" disabled={busy} onClick={() => openDraft("empty")}>
              {say("import.empty")}
            </button>
          )}
        </div>
      </div>
      <p class="hint">{say("import.never-copies")}</p>
    </main>
  );
}

/** Shows the changes that a document would make to an existing case. */
function MergeReview({ merged, onBack }: { merged: Merged; onBack: () => void }) {
  const { me } = useSession();
  const { record, imported } = merged;
  const { differences, draft } = imported;
  // As long as its sentences wait for a verdict, nobody knows whether a document adds something.
  const sentences = draft.source?.sentences ?? [];
  return (
    <main class="page import">
      <h1>{say("merge.title", { id: numberOf(record.case?.id ?? "", me.profile) })}</h1>
      <p class="lead">
        {differences.length > 0
          ? say("merge.lead", { count: differences.length, number: record.revision.number })
          : sentences.length === 0 && say("merge.nothing", { number: record.revision.number })}
      </p>
      {sentences.length > 0 && <p class="lead">{sentencesInWords(sentences, record.case)}</p>}
      <Differences differences={differences} fields={draft.case} />
      <div class="row">
        <button type="button" onClick={() => openDraft(draft)}>
          {say(differences.length === 0 ? "merge.open-anyway" : "merge.open")}
        </button>
        <button type="button" class="quiet" onClick={onBack}>
          {say("merge.back")}
        </button>
      </div>
    </main>
  );
}
