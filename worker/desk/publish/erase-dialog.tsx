/** Erases something from a case, in three steps: what must go, what will be gone, and the confirmation. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Case } from "../../../shared/case/schema.ts";
import { numberOf } from "../../../shared/profile/numbers.ts";
import type { ApiError } from "../../editing/contract/client.ts";
import { asksForNobody } from "../../editing/rules/erasable.ts";
import type { Erase, ErasurePreview } from "../../editing/rules/erase.ts";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";
import { ConfirmErasure } from "./confirm-erasure.tsx";
import { Dialog } from "./dialog.tsx";
import { ChooseErased, eraseWords, issuesOf } from "./erase-choice.tsx";
import { ErasePreview, type ErasureReach } from "./erase-preview.tsx";
import { rememberPublished } from "./published.ts";
import { RefusalNotice, useAction } from "./refusal.tsx";
import { type EraseProps, Withdrawal } from "./withdraw.tsx";

const steps = ["choose", "preview", "confirm"] as const;

/** The typed names that the server doesn't know from the case. */
const notNamesIn = (error: ApiError, erase: readonly Erase[]): string[] =>
  issuesOf(error).flatMap(({ pointer }) => {
    const one = erase[Number(/^\/erase\/(\d+)\/name$/.exec(pointer)?.[1])];
    return one?.what === "name" ? one.name : [];
  });

export function EraseDialog(props: EraseProps) {
  const { id, record, onClose } = props;
  const { api, me } = useSession();
  const { revision, live } = record;
  const basedOn = revision.number;
  /** The case as readers see it, which an erasure is about. A case that readers never saw can only be withdrawn. */
  const [fields, setFields] = useState<Case | null>(live === basedOn ? record.case : null);
  const [step, setStep] = useState<(typeof steps)[number] | "withdraw">(live === null ? "withdraw" : "choose");
  const [erase, setErase] = useState<Erase[]>([]);
  const [confirmed, setConfirmed] = useState<ErasureReach>({
    ...{ alike: [], cases: [], leave: [], drafts: [], proposals: [] },
  });
  const [preview, setPreview] = useState<ErasurePreview | null>(null);
  /** Something changed after the editor looked, so what is shown is new. */
  const [isNew, setNew] = useState(false);
  const { busy, refused, run, dismiss } = useAction();
  const name = numberOf(id, me.profile);
  useEffect(() => {
    if (fields === null && live !== null)
      void run(async () => setFields((await api.readRevision({ id, number: live })).case));
  }, []);

  const asked = useRef(0);
  const [isLooking, setLooking] = useState(false);
  /** Asks what will be gone, and shows it. A refused choice is taken back. */
  const look = async (next: Erase[], also = confirmed) => {
    const mine = ++asked.current;
    setErase(next);
    setConfirmed(also);
    setLooking(true);
    const error = await run(async () => {
      const answer = await api.previewErasure({ id, basedOn, body: { ...also, erase: next } });
      if (mine !== asked.current) return;
      setPreview(answer);
      setStep("preview");
    });
    // The editor has pressed something else meanwhile, and its answer is on its way.
    if (mine !== asked.current) return;
    setLooking(false);
    if (!error || step === "choose") return;
    setErase(erase);
    setConfirmed(confirmed);
  };
  const commit = async ({ seen, would }: ErasurePreview) => {
    const error = await run(async () => {
      const done = await api.erase({ id, basedOn, body: { ...confirmed, erase, seen, expect: would } });
      if ("proposal" in done) return go({ at: "approvals", id: done.proposal });
      rememberPublished(id, done.revision, null);
      onClose();
    });
    if (error?.is("erasure-unseen")) {
      setNew(true);
      return void look(erase);
    }
    // After a lost response, the case shows whether it was erased.
    const now = error?.status === 0 && (await api.readDeskCase({ id }).catch(() => null));
    if (now && now.revision.number > basedOn) onClose();
  };
  const show = (to: typeof step) => {
    dismiss();
    setNew(false);
    setStep(to);
  };

  if (step === "withdraw")
    return <Withdrawal {...props} name={name} onBack={() => (live === null ? onClose() : show("choose"))} />;
  const others = confirmed.drafts.length + confirmed.proposals.length;
  const works = (preview?.elsewhere ?? []).flatMap(({ place, id: of }) => (place === "consent" ? [] : place + of));
  const found = new Set(works).size;
  return (
    <Dialog
      title={say("erase.title", { id: name, step: steps.indexOf(step) + 1 })}
      class="wide danger-dialog"
      onClose={onClose}
    >
      {!fields && <RefusalNotice error={refused} />}
      {fields && step === "choose" && (
        <ChooseErased
          fields={fields}
          chosen={erase}
          busy={busy}
          refused={refused}
          notNames={refused ? notNamesIn(refused, erase) : []}
          onChosen={(next) => {
            dismiss();
            setErase(next);
          }}
          onWithdraw={() => show("withdraw")}
          onNext={() => void look(erase)}
          onClose={onClose}
        />
      )}
      {fields && preview && step === "preview" && (
        <ErasePreview
          fields={fields}
          newest={record.case ?? fields}
          goes={erase.flatMap((one) =>
            one.what === "name" || one.what === "sentence" ? [] : eraseWords(one, fields, me.profile),
          )}
          preview={preview}
          erase={erase}
          confirmed={confirmed}
          isNew={isNew}
          busy={busy || isLooking}
          refused={refused}
          onErase={(next) => void look(next)}
          onConfirmed={(also) => void look(erase, also)}
          onBack={() => show("choose")}
          onNext={() => show("confirm")}
        />
      )}
      {fields && preview && step === "confirm" && (
        <ConfirmErasure
          caseId={id}
          lead={
            preview.would === "proposed"
              ? say("erase.lead.waits")
              : `${me.review === "two" ? `${say("erase.lead.once")} ` : ""}${say("erase.lead.now")}`
          }
          erased={[
            ...erase.flatMap((one) => (one.what === "earlier" ? [] : eraseWords(one, fields, me.profile))),
            say("erase.history", { number: basedOn }),
            ...(preview.drafts > 0 ? [`${say("erase.drafts")} (${preview.drafts})`] : []),
            ...(preview.proposals > 0 ? [`${say("erase.waiting")} (${preview.proposals})`] : []),
            say("erase.cards"),
            ...confirmed.cases.map((one) => say("erase.case", { id: numberOf(one.id, me.profile) })),
            ...(others > 0 ? [say("erase.others", { count: others })] : []),
          ]}
          remains={[
            say("erase.new", { number: record.next }),
            ...preview.pending.map(({ number }) => say("erase.again", { number })),
            ...[...confirmed.leave, ...preview.unreached].map(
              (one) => `${say("erase.found.left")}: ${numberOf(one, me.profile)}`,
            ),
            ...(asksForNobody(preview.case) ? [say("case.asks-for-nobody")] : []),
            ...(found > others ? [say("erase.others", { count: found - others })] : []),
            say("erase.hashes"),
            say("erase.pages"),
            say("erase.audit"),
            say("erase.copies"),
            say("erase.elsewhere"),
          ]}
          action={say(preview.would === "proposed" ? "erase.go.waits" : "erase.go", { seconds: me.lead })}
          busy={busy}
          onErase={() => void commit(preview)}
          onBack={() => show("preview")}
        >
          <RefusalNotice error={refused} />
        </ConfirmErasure>
      )}
    </Dialog>
  );
}
