/**
 * An erasure that an editor prepares: what shall go, how far it reaches, and
 * what the server says of it.
 */

import { useRef, useState } from "preact/hooks";
import type { DeskRecord } from "../../editing/rules/desk.ts";
import type {
  Erase,
  ErasurePreview,
  ErasureRequest,
} from "../../editing/rules/erase.ts";
import { go } from "../route.ts";
import { useSession } from "../session.ts";
import { rememberPublished } from "./publish-draft.ts";
import { useAction } from "./refusal.tsx";

export const eraseSteps = ["choose", "preview", "confirm"] as const;

/** How far the erasure reaches, as the editor has confirmed. */
type Reach = Pick<
  ErasureRequest,
  "alike" | "cases" | "leave" | "drafts" | "proposals"
>;

export interface EraseProps {
  id: string;
  record: DeskRecord;
  onClose: () => void;
}

export type Erasure = ReturnType<typeof useErasure>;

export function useErasure({
  id,
  record: { revision, live },
  onClose,
}: EraseProps) {
  const { api } = useSession();
  const basedOn = revision.number;
  // A case that readers never saw can only be withdrawn.
  const [step, setStep] = useState<(typeof eraseSteps)[number] | "withdraw">(
    live === null ? "withdraw" : "choose",
  );
  const [erase, setErase] = useState<Erase[]>([]);
  const [confirmed, setConfirmed] = useState<Reach>({
    alike: [],
    cases: [],
    leave: [],
    drafts: [],
    proposals: [],
  });
  const [preview, setPreview] = useState<ErasurePreview | null>(null);
  /** Something changed after the editor looked, so what is shown is new. */
  const [isNew, setNew] = useState(false);
  const [isLooking, setLooking] = useState(false);
  const { busy, refused, run, dismiss } = useAction();
  const asked = useRef(0);
  /** Asks what will be gone, and shows it. A refused choice is taken back. */
  const look = async (next: Erase[], also = confirmed) => {
    const mine = ++asked.current;
    setErase(next);
    setConfirmed(also);
    setLooking(true);
    const error = await run(async () => {
      const answer = await api.previewErasure({
        id,
        basedOn,
        body: { ...also, erase: next },
      });
      if (mine !== asked.current) return;
      setPreview(answer);
      setStep("preview");
    });
    // The editor has pressed something else meanwhile, and its answer is on its
    // way.
    if (mine !== asked.current) return;
    setLooking(false);
    if (!error || step === "choose") return;
    setErase(erase);
    setConfirmed(confirmed);
  };
  const commit = async ({ seen, would }: ErasurePreview) => {
    const error = await run(async () => {
      const done = await api.erase({
        id,
        basedOn,
        body: { ...confirmed, erase, seen, expect: would },
      });
      if ("proposal" in done) return go({ at: "approvals", id: done.proposal });
      rememberPublished(id, done.revision, null);
      onClose();
    });
    if (error?.is("erasure-unseen")) {
      setNew(true);
      return void look(erase);
    }
    // After a lost response, the case shows whether it was erased.
    const now =
      error?.status === 0 && (await api.readDeskCase({ id }).catch(() => null));
    if (now && now.revision.number > basedOn) onClose();
  };
  return {
    step,
    erase,
    confirmed,
    preview,
    isNew,
    busy: busy || isLooking,
    refused,
    look,
    commit,
    choose: (next: Erase[]) => {
      dismiss();
      setErase(next);
    },
    show: (to: typeof step) => {
      dismiss();
      setNew(false);
      setStep(to);
    },
  };
}
