/** `erase`. */
import { asksForNobody } from "../../editing/rules/erasable.ts";
import type { Erase, ErasedRevision, ErasurePreview, ErasureRequest } from "../../editing/rules/erase.ts";
import { configuredDeployment } from "./deployment.ts";
import { momentWords } from "./moment.ts";
import { type CommandOutcome, count, Stop } from "./outcome.ts";
import { confirm } from "./terminal.ts";

interface EraseOptions {
  person?: string[];
  name?: string[];
  sentence?: string[];
  also?: string[];
  leave?: string[];
  alike?: string[];
  preview?: boolean;
  /** What a preview printed: it stands for the confirmation. */
  seen?: string;
}

const operationsOf = ({ person = [], name = [], sentence = [] }: EraseOptions): Erase[] => [
  ...person.map((id): Erase => ({ what: "person", person: id })),
  ...name.map((one): Erase => ({ what: "name", name: one })),
  ...sentence.map((one): Erase => ({ what: "sentence", sentence: one })),
];

/** Parses `--alike`: `POINTER=WORD`, or `ID POINTER=WORD` in another case. */
function alikeIn(text: string): ErasureRequest["alike"][number] {
  const [, id, pointer, word] = /^(?:(\S+) )?(\/[^=]*)=(.+)$/s.exec(text) ?? [];
  if (pointer === undefined || word === undefined)
    throw new Stop("usage", {
      title: "Invalid command",
      detail: `--alike ${text}: it must be a place and its word.`,
      remedy: "Write --alike /summary/en=Rose, as the preview prints it.",
    });
  return { ...(id === undefined ? {} : { case: id }), pointer, word };
}

/** What an erasure does to a revision, place by place. */
function linesOf({ places, remaining, neighbours }: ErasedRevision): string[] {
  const at = (pointer: string, lang: string) => `  ${pointer} (${lang})`;
  return [
    ...places.flatMap(({ pointer, lang, sentences, whole, marks, expected }) => [
      `${at(pointer, lang)}${whole ? `: ${count(marks, "mark")}, ${expected} in its original. Read the whole text:` : ""}`,
      ...sentences.flatMap(({ before, after }) =>
        before === after ? `    ${before}` : [`  - ${before}`, `  + ${after}`],
      ),
    ]),
    ...neighbours.map(
      ({ pointer, before, word, after }) => `  ${pointer}: is it the name? …${before}[${word}]${after}…`,
    ),
    ...remaining.map(
      ({ pointer, word }) => `  ${pointer}: a form of the name remains: --alike "${pointer}=${word}" if it is none`,
    ),
  ];
}

function show(
  outcome: CommandOutcome,
  id: string,
  preview: ErasurePreview,
  { also = [], leave = [] }: EraseOptions,
): void {
  const { pending, cases, unreached, elsewhere, hidden, more, drafts, proposals } = preview;
  outcome.say(`Erased from ${id}, and all that earlier revisions said:`, ...linesOf(preview));
  for (const one of pending) outcome.say(`In revision ${one.number}, ${momentWords(one.liveAt)}:`, ...linesOf(one));
  for (const one of cases) {
    const isChosen = also.includes(one.id);
    if (isChosen) outcome.say(`Also in ${one.id}:`);
    else if (leave.includes(one.id)) outcome.say(`It stays in ${one.id}.`);
    else outcome.say(`It stands in ${one.id} too. ${answersFor(one.id)}`);
    if (isChosen) outcome.say(...linesOf(one), ...one.pending.flatMap(linesOf));
  }
  for (const { place, id: of, case: about, word } of elsewhere.filter((one) => one.place !== "consent"))
    outcome.say(`“${word}” stands in a ${place} of ${about ?? "a new case"} (${of}). Delete it in the desk`);
  if (unreached.length > 0)
    outcome.say(`It stands in ${unreached.join(", ")} too, from where nothing can be erased now.`);
  if (hidden > 0) outcome.say(`${count(hidden, "draft")} of other editors: they must look before they can publish.`);
  if (more) outcome.say("There are more places than this list has.");
  outcome.say(`${count(drafts, "draft")} and ${count(proposals, "proposal")} of ${id} go too.`);
  if (asksForNobody(preview.case))
    outcome.say("Nobody is left in the case, and its action still asks readers to write. Close the action next.");
}

const answersFor = (id: string) => `Add --also ${id} to erase it there, or --leave ${id}.`;

export async function erase(outcome: CommandOutcome, id: string, options: EraseOptions): Promise<void> {
  const operations = operationsOf(options);
  const { also = [], leave = [] } = options;
  const deployment = await configuredDeployment(outcome);
  const newestOf = async (one: string): Promise<number> => (await deployment.newest(one))?.revision.number ?? 1;
  const body: ErasureRequest = {
    erase: operations.length > 0 ? operations : [{ what: "earlier" }],
    alike: (options.alike ?? []).map(alikeIn),
    cases: await Promise.all(also.map(async (one) => ({ id: one, basedOn: await newestOf(one) }))),
    ...{ leave, drafts: [], proposals: [] },
  };
  const basedOn = await newestOf(id);
  const preview = await deployment.previewErasure({ id, basedOn, body });
  show(outcome, id, preview, options);
  if (options.preview) {
    outcome.say(`seen: ${preview.seen}`);
    return outcome.result(preview);
  }
  const unanswered = preview.cases.flatMap((one) => ([...also, ...leave].includes(one.id) ? [] : one.id));
  if (unanswered.length > 0)
    throw new Stop("refused", {
      title: "Another case holds the same",
      detail: "Nothing was changed.",
      remedy: unanswered.map(answersFor).join(" "),
    });
  if (options.seen === undefined)
    await confirm(outcome, {
      expected: id,
      option: `--seen ${preview.seen}`,
      question: `Nobody can bring it back after its moment. Type ${id} to erase it: `,
    });
  const { would } = preview;
  const done = await deployment.erase({
    id,
    basedOn,
    body: { ...body, seen: options.seen ?? preview.seen, expect: would },
  });
  if ("proposal" in done) {
    outcome.say("You erased or withdrew something within the hour, so this waits for a second editor.");
    return outcome.result({ id, ...done });
  }
  outcome.say(
    `Revision ${done.revision} of ${id} goes live on ${momentWords(done.liveAt)}. Until then you can take it back in the desk, as a whole.`,
  );
  outcome.result({ id, ...done });
}
