/** Code or text to copy. The page's script reveals the button. */
export const Snippet = ({
  text,
  label,
  copy,
  prose,
}: {
  text: string;
  label: string;
  copy: string;
  prose?: boolean;
}) => (
  <figure class="snippet">
    <figcaption>{label}</figcaption>
    <pre {...(prose ? {} : { lang: "en", dir: "ltr" })}>
      <code>{text}</code>
    </pre>
    <button type="button" class="copy" aria-label={`${copy}: ${label}`} hidden>
      {copy}
    </button>
  </figure>
);
