/**
 * Built like the widget but with this entry point, so that tests can see how
 * Preact renders components there.
 */
import { hydrate, render } from "preact";
import { CaseCard, type CaseCardProps } from "../../widget/case-card.tsx";

export const drawCard = (props: CaseCardProps, root: ParentNode): void =>
  render(<CaseCard {...props} />, root);
export const adoptCard = (props: CaseCardProps, root: ParentNode): void =>
  hydrate(<CaseCard {...props} />, root);
