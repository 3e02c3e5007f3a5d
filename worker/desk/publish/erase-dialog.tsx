/**
 * Erases something from a case, in three steps: what must go, what will be
 * gone, and the confirmation; or the whole case.
 */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { numberOf } from "../../../shared/profile/numbers.ts";
import {
  type WithdrawalReason,
  withdrawalReasons,
} from "../../../shared/revision.ts";
import { asksForNobody } from "../../editing/rules/erasable.ts";
import { Button, LineList, Option, TextInput } from "../inputs.tsx";
import { ReaderLanguage, TelegramMessage, Widget } from "../preview-pane.tsx";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { language, say } from "../words.ts";
import { Dialog } from "./dialog.tsx";
import { ChooseErased, eraseWords } from "./erase-choice.tsx";
import { ErasePreview } from "./erase-preview.tsx";
import { rememberPublished } from "./publish-draft.ts";
import { RefusalNotice, useAction, useAnswer } from "./refusal.tsx";
import { type EraseProps, eraseSteps, useErasure } from "./use-erasure.ts";

export function EraseDialog(props: EraseProps) {
  const { id, record, onClose } = props;
  const { api, me } = useSession();
  const { revision, live } = record;
  const erasure = useErasure(props);
  const { step, erase, confirmed, preview, refused, show } = erasure;
  /** The case as readers see it, which an erasure is about. */
  const { answer: fields, refused: unread } = useAnswer(async () => {
    if (live === null || live === revision.number) return record.case;
    return (await api.readRevision({ id, number: live })).case;
  }, [api, id, live]);
  const name = numberOf(id, me.profile);

  if (step === "withdraw")
    return (
      <Withdrawal
        {...props}
        name={name}
        onBack={() => (live === null ? onClose() : show("choose"))}
      />
    );
  const others = confirmed.drafts.length + confirmed.proposals.length;
  const works = (preview?.elsewhere ?? []).flatMap(({ place, id: of }) =>
    place === "consent" ? [] : place + of,
  );
  const found = new Set(works).size;
  return (
    <Dialog
      title={say("erase.title", {
        id: name,
        step: eraseSteps.indexOf(step) + 1,
      })}
      class="wide danger-dialog"
      onClose={onClose}
    >
      <RefusalNotice error={unread} />
      {fields && step === "choose" && (
        <ChooseErased erasure={erasure} fields={fields} onClose={onClose} />
      )}
      {fields && preview && step === "preview" && (
        <ErasePreview
          erasure={erasure}
          preview={preview}
          fields={fields}
          newest={record.case ?? fields}
        />
      )}
      {fields && preview && step === "confirm" && (
        <ConfirmErasure
          id={id}
          lead={
            preview.would === "proposed"
              ? say("erase.lead.waits")
              : `${me.review === "two" ? `${say("erase.lead.once")} ` : ""}${say("erase.lead.now")}`
          }
          erased={[
            ...erase.flatMap((one) =>
              one.what === "earlier" ? [] : eraseWords(one, fields, me.profile),
            ),
            say("erase.history", { number: revision.number }),
            ...(preview.drafts > 0
              ? [`${say("erase.drafts")} (${preview.drafts})`]
              : []),
            ...(preview.proposals > 0
              ? [`${say("erase.waiting")} (${preview.proposals})`]
              : []),
            say("erase.cards"),
            ...confirmed.cases.map((one) =>
              say("erase.case", { id: numberOf(one.id, me.profile) }),
            ),
            ...(others > 0 ? [say("erase.others", { count: others })] : []),
          ]}
          remains={[
            say("erase.new", { number: record.next }),
            ...preview.pending.map(({ number }) =>
              say("erase.again", { number }),
            ),
            ...[...confirmed.leave, ...preview.unreached].map(
              (one) =>
                `${say("erase.found.left")}: ${numberOf(one, me.profile)}`,
            ),
            ...(asksForNobody(preview.case)
              ? [say("case.asks-for-nobody")]
              : []),
            ...(found > others
              ? [say("erase.others", { count: found - others })]
              : []),
            say("erase.hashes"),
            say("erase.pages"),
            say("erase.audit"),
            say("erase.copies"),
            say("erase.elsewhere"),
          ]}
          action={say(
            preview.would === "proposed" ? "erase.go.waits" : "erase.go",
            { seconds: me.lead },
          )}
          busy={erasure.busy}
          onErase={() => void erasure.commit(preview)}
          onBack={() => show("preview")}
        >
          <RefusalNotice error={refused} />
        </ConfirmErasure>
      )}
    </Dialog>
  );
}

interface WithdrawalProps extends EraseProps {
  name: string;
  onBack: () => void;
}

export function Withdrawal({
  id,
  name,
  record,
  onClose,
  onBack,
}: WithdrawalProps) {
  const { api, me } = useSession();
  const [reason, setReason] = useState<WithdrawalReason | null>(null);
  const { busy, refused, run } = useAction();
  const { live, pending, revision } = record;
  /**
   * A withdrawal and an erasure share one budget, so the preview of an erasure
   * knows.
   */
  const { answer } = useAnswer(async () => {
    if (live === null || me.review !== "two") return null;
    return api.previewErasure({
      id,
      basedOn: revision.number,
      body: { erase: [{ what: "earlier" as const }] },
    });
  }, [api, me, id, live]);
  const waits = answer?.would === "proposed";

  const withdraw = async () => {
    const error = await run(async () => {
      const done = await api.withdraw({
        id,
        reason: reason ?? "unstated",
        basedOn: revision.number,
        // What the button said.
        expect: waits ? "proposed" : "committed",
      });
      if ("proposal" in done) go({ at: "approvals", id: done.proposal });
      else if (done.revision) rememberPublished(id, done.revision, null);
    });
    // After a lost response, the case shows whether it was withdrawn.
    const now =
      error?.status === 0 && (await api.readDeskCase({ id }).catch(() => null));
    if (!error || (now && now.revision.kind === "withdrawal")) onClose();
  };
  const lead = say(
    live === null
      ? "withdraw.lead.unseen"
      : waits
        ? "erase.lead.waits"
        : "withdraw.lead",
  );

  return (
    <Dialog
      title={say("withdraw.title", { id: name })}
      class="wide danger-dialog"
      onClose={onClose}
    >
      <fieldset>
        <legend>{say("withdraw.reason")}</legend>
        {withdrawalReasons.map((one) => (
          <Option
            key={one}
            name="reason"
            checked={reason === one}
            label={say(`withdraw.reason.${one}`)}
            onChoose={() => setReason(one)}
          />
        ))}
        <p class="hint">{say("withdraw.reason.hint")}</p>
      </fieldset>
      <ConfirmErasure
        id={id}
        lead={lead}
        erased={[
          say("erase.history", { number: revision.number }),
          ...(pending.length > 0
            ? [say("erase.pending", { count: pending.length })]
            : []),
          say("erase.drafts"),
          say("erase.waiting"),
          ...(live === null ? [] : [say("erase.cards")]),
        ]}
        remains={[
          ...(live === null ? [] : [say("erase.trace"), say("erase.hashes")]),
          say(reason === "mistake" ? "erase.number.again" : "erase.number"),
          say("erase.audit"),
          say("erase.copies"),
          ...(live === null ? [] : [say("erase.elsewhere")]),
        ]}
        action={say(
          live === null
            ? "withdraw.go.unseen"
            : waits
              ? "withdraw.go.waits"
              : "withdraw.go",
          {
            id: name,
            seconds: me.lead,
          },
        )}
        busy={busy || reason === null}
        onErase={() => void withdraw()}
        onBack={onBack}
      >
        {live !== null && <TraceView id={id} />}
        <RefusalNotice error={refused} />
      </ConfirmErasure>
    </Dialog>
  );
}

export function TraceView({ id }: { id: string }) {
  const { api } = useSession();
  const [lang, setLang] = useState<string>(language());
  const { answer: trace } = useAnswer(
    () => api.readTrace({ id, lang }),
    [api, id, lang],
  );
  return (
    <section class="trace">
      <header>
        <h3>{say("erase.readers")}</h3>
        <ReaderLanguage lang={lang} onLang={setLang} />
      </header>
      {trace && (
        <div class="sides">
          <Widget view={trace.view} />
          {trace.telegram && (
            <TelegramMessage message={trace.telegram} lang={lang} />
          )}
        </div>
      )}
    </section>
  );
}

interface ConfirmErasureProps {
  id: string;
  lead: string;
  erased: string[];
  remains: string[];
  action: string;
  busy: boolean;
  onErase: () => void;
  onBack: () => void;
  /** A preview of the trace, and the error of the last attempt. */
  children?: ComponentChildren;
}

export function ConfirmErasure({
  id,
  lead,
  erased,
  remains,
  action,
  busy,
  children,
  ...press
}: ConfirmErasureProps) {
  const [typed, setTyped] = useState("");
  return (
    <div class="erasure">
      <p class="lead">{lead}</p>
      <section>
        <h3>{say("erase.goes")}</h3>
        <LineList class="goes" lines={erased} />
      </section>
      <section>
        <h3>{say("erase.stays")}</h3>
        <LineList lines={remains} />
      </section>
      {children}
      <div class="field">
        <TextInput
          id="typed-id"
          label={say("erase.type", { id })}
          dir="ltr"
          spellcheck={false}
          value={typed}
          onText={setTyped}
        />
      </div>
      <footer class="row">
        <Button class="quiet" onPress={press.onBack} say="erase.back" />
        <Button
          class="danger"
          disabled={busy || typed.trim().toLowerCase() !== id}
          onPress={press.onErase}
        >
          {action}
        </Button>
      </footer>
    </div>
  );
}
