/** The places that hold a name which must go. */
import type { UnfinishedCase } from "../../editing/rules/desk.ts";
import type { Mention } from "../../editing/rules/name-forms.ts";
import type { Redacts } from "../../editing/rules/redacts.ts";
import { wordsFor } from "../form/form-state.ts";
import { pathOf } from "../form/path.ts";
import { useSession } from "../session.ts";
import { say } from "../words.ts";

interface MentionsProps {
  mentions: readonly Mention[];
  fields: UnfinishedCase;
  /** Called when the editor says that the word is not the name. */
  onAlike?: (mention: Mention) => void;
}

/** Each form of a name with the words around it. */
export function MentionList({ mentions, fields, onAlike }: MentionsProps) {
  const { profile } = useSession().me;
  return (
    <ul class="mention-list">
      {mentions.map((mention, index) => {
        const { pointer, before, word, after } = mention;
        return (
          <li key={`${pointer} ${index}`}>
            <b>{wordsFor(fields, pathOf(pointer.slice("/case".length)), profile) || pointer}</b>{" "}
            <bdi>
              {before}
              <mark>{word}</mark>
              {after}
            </bdi>{" "}
            {onAlike && (
              <button type="button" class="link" onClick={() => onAlike(mention)}>
                {say("redact.alike", { word })}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface RemainingProps {
  mentions: readonly Mention[];
  fields: UnfinishedCase;
  redacts: Redacts;
  onRedacts: (redacts: Redacts) => void;
}

/** The places that still hold the name. The redaction can't be published before each is gone, or confirmed to be another word. */
export function RemainingMentions({ mentions, fields, redacts, onRedacts }: RemainingProps) {
  return (
    <section class="mentions" aria-labelledby="mentions-title">
      <h3 id="mentions-title">{say("redact.remains", { count: mentions.length })}</h3>
      <MentionList
        mentions={mentions}
        fields={fields}
        onAlike={({ pointer, word }) => onRedacts({ ...redacts, alike: [...redacts.alike, { pointer, word }] })}
      />
    </section>
  );
}
