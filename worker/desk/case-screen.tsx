/** One case: its newest revision, what is pending, and what an editor can do about it. */
export function CaseScreen({ id }: { id: string }) {
  return (
    <main class="page">
      <h1>{id}</h1>
    </main>
  );
}
