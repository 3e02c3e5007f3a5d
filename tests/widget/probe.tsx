/** Built like the widget but with this entry point, so that tests can see how Preact renders components there. */
import { hydrate, render } from "preact";
import { CaseCard, type CaseCardProps } from "../../widget/case-card.tsx";

/** Counts to three, then removes its listener. Like the widget's components it has no state: the root is rendered again. */
export const Counter = ({ count = 0, onCount }: { count?: number; onCount?: () => void }) => (
  <button type="button" onClick={count < 3 ? onCount : undefined}>
    Pressed {count} times
  </button>
);

export const drawCard = (props: CaseCardProps, root: ParentNode): void => render(<CaseCard {...props} />, root);
export const adoptCard = (props: CaseCardProps, root: ParentNode): void => hydrate(<CaseCard {...props} />, root);

/** @param show `hydrate` at first where the server has rendered the counter */
function count(root: ParentNode, show: typeof render, number = 0): void {
  show(<Counter count={number} onCount={() => count(root, render, number + 1)} />, root);
}
export const drawCounter = (root: ParentNode): void => count(root, render);
export const adoptCounter = (root: ParentNode): void => count(root, hydrate);
