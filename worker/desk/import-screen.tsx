/**
 * Makes drafts from documents. The draft of a single one is stored once it is
 * edited; several are stored at once.
 */
import { useRef, useState } from "preact/hooks";
import { numberOf } from "../../shared/profile/numbers.ts";
import { ApiError } from "../editing/contract/client.ts";
import type { DeskDraft, DeskRecord } from "../editing/rules/desk.ts";
import type { Difference } from "../editing/rules/merge.ts";
import { Differences } from "./differences.tsx";
import { sentencesInWords } from "./form/sentences.tsx";
import { Alert, Button } from "./inputs.tsx";
import { RefusalNotice, refusalText, useAction } from "./publish/refusal.tsx";
import { hashOf } from "./route.ts";
import { useSession } from "./session.ts";
import { draftFromDocument } from "./start-draft.ts";
import { openDraft } from "./started-drafts.ts";
import { say } from "./words.ts";

/** A document that is read, and what came of it. */
interface Taken {
  name: string;
  /** The appeals of a document that has several: each is a part of its text. */
  appeals: { name: string; text: string }[];
  draft: DeskDraft;
  /** The case that the draft updates. */
  record: DeskRecord | null;
  differences: Difference[];
  /**
   * Why it can't be added to the case to which it should be added: it is about
   * another one.
   */
  problem: string | null;
}

/** A line of the list of documents. */
type Listed = { name: string } & (
  | { is: "reading" }
  | { is: "draft"; id: string }
  | { is: "appeals"; taken: Taken }
  | { is: "refused"; problem: string }
);

/** The appeals of a document, as texts. */
const partsOf = (
  text: string,
  appeals: { name: string; line: number }[],
): Taken["appeals"] => {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  return appeals.map(({ name, line }, at) => ({
    name,
    text: lines
      .slice(line - 1, (appeals[at + 1]?.line ?? lines.length + 1) - 1)
      .join("\n"),
  }));
};

export function ImportScreen({ into }: { into?: string | undefined }) {
  const { api, me } = useSession();
  const { profile } = me;
  const [text, setText] = useState("");
  const { busy, refused, run } = useAction();
  const [over, setOver] = useState(false);
  const [merged, setMerged] = useState<Taken | null>(null);
  /** Several documents, or several appeals of one. */
  const [list, setList] = useState<Listed[]>([]);
  const file = useRef<HTMLInputElement>(null);

  const read = async (
    document: string | Blob,
    name: string,
  ): Promise<Taken> => {
    const answer = await api.readDocument({
      body: document,
      type:
        typeof document === "string"
          ? "text/plain"
          : "application/octet-stream",
      ...(into !== undefined && { case: into }),
    });
    const id = answer.case.id ?? into;
    const { cases } = await api.listDeskCases();
    const record = cases.some((one) => one.id === id)
      ? await api.readDeskCase({ id: id as string })
      : null;
    const current = record?.case
      ? { number: record.revision.number, case: record.case }
      : null;
    const { draft, differences } = draftFromDocument(
      answer,
      name,
      current,
      profile,
    );
    const problem =
      into !== undefined && id !== undefined && id !== into
        ? say("import.other-case", {
            id: numberOf(id, profile),
            into: numberOf(into, profile),
          })
        : null;
    return {
      name,
      draft,
      record,
      differences,
      appeals: partsOf(answer.text, answer.appeals),
      problem,
    };
  };
  const takeOne = (document: string | Blob, name: string) =>
    run(async () => {
      setList([]);
      const taken = await read(document, name);
      if (taken.problem !== null)
        setList([{ name, is: "refused", problem: taken.problem }]);
      else if (taken.appeals.length > 0)
        setList([{ name, is: "appeals", taken }]);
      else if (taken.record?.case) setMerged(taken);
      else openDraft(taken.draft);
    });
  /** Reads a document into a saved draft, without leaving this screen. */
  const draftOf = async (
    document: string | Blob,
    name: string,
  ): Promise<Listed> => {
    try {
      const taken = await read(document, name);
      if (taken.problem !== null)
        return { name, is: "refused", problem: taken.problem };
      if (taken.appeals.length > 0) return { name, is: "appeals", taken };
      const id = crypto.randomUUID();
      await api.saveDraft({ id, body: taken.draft, basedOn: 0 });
      return { name, is: "draft", id };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return {
        name,
        is: "refused",
        problem: refusalText(error) ?? error.message,
      };
    }
  };
  const takeFiles = (files: FileList | null | undefined) => {
    const all = [...(files ?? [])];
    const [first] = all;
    if (all.length < 2) return first && takeOne(first, first.name);
    setList(all.map(({ name }) => ({ name, is: "reading" })));
    // One after another: each may take the workshop some time.
    return run(async () => {
      for (const [at, one] of all.entries()) {
        const listed = await draftOf(one, one.name);
        setList((before) => before.with(at, listed));
      }
    });
  };
  /** Makes a draft of each appeal. */
  const split = (at: number, { name, appeals }: Taken) =>
    run(async () => {
      const drafts: Listed[] = [];
      for (const { name: part, text } of appeals)
        drafts.push(await draftOf(text, `${name}, ${part}`));
      setList((before) => before.toSpliced(at, 1, ...drafts));
    });

  if (merged?.record)
    return (
      <MergeReview
        record={merged.record}
        taken={merged}
        onBack={() => setMerged(null)}
      />
    );
  return (
    <main class="page import">
      <h1>
        {into
          ? say("import.title.into", { id: numberOf(into, profile) })
          : say("import.title")}
      </h1>
      <p class="lead">{say("import.lead")}</p>
      <RefusalNotice error={refused} />
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
          void takeFiles(event.dataTransfer?.files);
        }}
      >
        <label for="document" class="unseen">
          {say("import.text")}
        </label>
        <textarea
          id="document"
          placeholder={say("import.text")}
          // Empty, it would be taken for left to right, and its placeholder
          // with it.
          dir={text ? "auto" : undefined}
          value={text}
          onInput={({ currentTarget: { value } }) => setText(value)}
        />
        <input
          ref={file}
          type="file"
          hidden
          multiple
          accept=".pdf,.docx,.odt,.rtf,.eml,.mhtml,text/*"
          onChange={({ currentTarget: { files } }) => void takeFiles(files)}
        />
        <div class="row">
          <Button
            disabled={busy || text.trim() === ""}
            onPress={() => takeOne(text, say("import.pasted"))}
            say={busy ? "import.busy" : "import.go"}
          />
          <Button
            class="quiet"
            disabled={busy}
            onPress={() => file.current?.click()}
            say="import.file"
          />
          {into === undefined && (
            <Button
              class="plain"
              disabled={busy}
              onPress={() => openDraft("empty")}
              say="import.empty"
            />
          )}
        </div>
      </div>
      {list.length > 0 && (
        <ul class="documents" aria-label={say("import.documents")}>
          {list.map((one, at) => (
            <li key={`${one.name} ${at}`}>
              <bdi>{one.name}</bdi>
              {one.is === "reading" && (
                <span class="hint">{say("import.busy")}</span>
              )}
              {one.is === "draft" && (
                <a href={hashOf({ at: "draft", id: one.id })}>
                  {say("import.draft")}
                </a>
              )}
              {one.is === "refused" && <Alert>{one.problem}</Alert>}
              {one.is === "appeals" && (
                <>
                  <span>
                    {say("import.appeals", {
                      numbers: one.taken.appeals
                        .map((part) => part.name)
                        .join(", "),
                    })}
                  </span>
                  <Button
                    disabled={busy}
                    onPress={() => split(at, one.taken)}
                    say="import.split"
                  />
                  <Button
                    class="quiet"
                    disabled={busy}
                    onPress={() => openDraft(one.taken.draft)}
                    say="import.whole"
                  />
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <p class="hint">{say("import.never-copies")}</p>
    </main>
  );
}

/** Shows the changes that a document would make to an existing case. */
function MergeReview({
  record,
  taken,
  onBack,
}: {
  record: DeskRecord;
  taken: Taken;
  onBack: () => void;
}) {
  const { me } = useSession();
  const { differences, draft } = taken;
  // As long as its sentences wait for a verdict, nobody knows whether a
  // document adds something.
  const sentences = draft.source?.sentences ?? [];
  return (
    <main class="page import">
      <h1>
        {say("merge.title", {
          id: numberOf(record.case?.id ?? "", me.profile),
        })}
      </h1>
      <p class="lead">
        {differences.length > 0
          ? say("merge.lead", {
              count: differences.length,
              number: record.revision.number,
            })
          : sentences.length === 0 &&
            say("merge.nothing", { number: record.revision.number })}
      </p>
      {sentences.length > 0 && (
        <p class="lead">{sentencesInWords(sentences, record.case)}</p>
      )}
      <Differences differences={differences} fields={draft.case} />
      <div class="row">
        <Button
          onPress={() => openDraft(draft)}
          say={differences.length === 0 ? "merge.open-anyway" : "merge.open"}
        />
        <Button class="quiet" onPress={onBack} say="merge.back" />
      </div>
    </main>
  );
}
