/** A draft: its document, its form, and how it will appear. */
export function DraftScreen({ id }: { id: string }) {
  return <main class="editor">{id}</main>;
}
