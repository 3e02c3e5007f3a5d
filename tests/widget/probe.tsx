/** Built like the widget but with this entry point, so that tests can see how Preact renders components there. */
import { Component, hydrate, render } from "preact";
import { CaseCard, type CaseCardProps } from "../../widget/case-card.tsx";

/** Counts to three, then removes its listener. */
export class Counter extends Component<object, { count: number }> {
  override state = { count: 0 };

  render() {
    const { count } = this.state;
    return (
      <button type="button" onClick={count < 3 ? () => this.setState({ count: count + 1 }) : undefined}>
        Pressed {count} times
      </button>
    );
  }
}

export const drawCard = (props: CaseCardProps, root: ParentNode): void => render(<CaseCard {...props} />, root);
export const adoptCard = (props: CaseCardProps, root: ParentNode): void => hydrate(<CaseCard {...props} />, root);
export const drawCounter = (root: ParentNode): void => render(<Counter />, root);
export const adoptCounter = (root: ParentNode): void => hydrate(<Counter />, root);
