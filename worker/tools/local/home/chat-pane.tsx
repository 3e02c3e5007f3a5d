/** A chat with the bot through the local Telegram stand-in. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type EntityRenderers, RichText } from "../../../desk/rich-text.tsx";
import type { ShownMessage } from "../stand-in.ts";
import { DEMO } from "./demo.ts";
import type { HomeSettings } from "./settings.ts";

interface Chat {
  version: number;
  messages: ShownMessage[];
  notices: { date: number; text: string }[];
}

const clock = (ms: number) =>
  new Date(ms).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });

/** Renderers for the entities that a reader can press. */
const pressable = (say: (text: string) => void): EntityRenderers => ({
  pre: (text, inside) => (
    <button
      type="button"
      class="copied"
      title="Copy"
      onClick={() => void navigator.clipboard.writeText(text)}
    >
      {inside}
    </button>
  ),
  spoiler: (_, inside) => (
    <details class="spoiler">
      <summary>Show spoiler</summary>
      {inside}
    </details>
  ),
  bot_command: (text, inside) => (
    <button type="button" class="command" onClick={() => say(text)}>
      {inside}
    </button>
  ),
});

async function post(
  address: string,
  path: string,
  body: unknown,
): Promise<void> {
  const answer = await fetch(address + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok)
    throw new Error(
      (await answer.json().catch(() => ({}))).message ??
        `The stand-in responded with ${answer.status}.`,
    );
}

const RETRY_DELAY_MS = 1_000;
const NOTICE_MS = 4_000;
const SHARE_HINT =
  "In Telegram, you would now choose a chat in which to share the case’s card. This page has only one chat, so use a real bot to try it.";

function LiveChat({
  address,
  language,
}: {
  address: string;
  language: string;
}) {
  const [chat, setChat] = useState<Chat>({
    version: -1,
    messages: [],
    notices: [],
  });
  const [draft, setDraft] = useState("");
  const [said, setSaid] = useState("");
  const log = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const gone = new AbortController();
    const listen = async () => {
      let after = "";
      while (!gone.signal.aborted) {
        try {
          const answer = await fetch(`${address}/chat${after}`, {
            signal: gone.signal,
          });
          const next: Chat = await answer.json();
          after = `?after=${next.version}`;
          setChat(next);
          const { date = 0, text = "" } = next.notices.at(-1) ?? {};
          if (Date.now() - date < NOTICE_MS) setSaid(text);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
          after = "";
        }
      }
    };
    void listen();
    return () => gone.abort();
  }, [address]);

  // Scrolls to the start of the newest message, which may be longer than the
  // pane.
  useEffect(() => {
    const newest = log.current?.lastElementChild;
    if (newest instanceof HTMLElement)
      log.current?.scrollTo({ top: newest.offsetTop - 12 });
  }, [chat.messages.at(-1)?.id]);

  const act = (path: string, body: object) => {
    setSaid("");
    void post(address, path, { ...body, language }).catch((error: Error) =>
      setSaid(error.message),
    );
  };
  const say = (text: string) => act("/chat/send", { text });

  return (
    <>
      <div class="log" ref={log} role="log" aria-label="Chat with the bot">
        {chat.messages.length === 0 && (
          <p class="empty">
            Follow the demo case, then publish an update. The message arrives at
            the same moment as the change on the page.
          </p>
        )}
        {chat.messages.map((message) => (
          <div key={message.id} class={`message ${message.from}`}>
            <div class="bubble" dir="auto">
              <RichText
                text={message.text}
                entities={message.entities}
                own={pressable(say)}
              />
              <time dateTime={new Date(message.date).toISOString()}>
                {message.earlier.length > 0 && "edited "}
                {message.silent && "silent "}
                {clock(message.date)}
              </time>
            </div>
            {message.keyboard.map((row, index) => (
              <div class="keys" key={index}>
                {row.map((button) =>
                  button.url ? (
                    <a
                      key={button.text}
                      href={button.url}
                      target="_blank"
                      rel="noreferrer"
                    >
                      {button.text}
                    </a>
                  ) : (
                    <button
                      key={button.text}
                      type="button"
                      onClick={() => {
                        if (button.switch_inline_query !== undefined)
                          setSaid(SHARE_HINT);
                        else if (button.copy_text)
                          void navigator.clipboard.writeText(
                            button.copy_text.text,
                          );
                        else
                          act("/chat/press", {
                            message: message.id,
                            data: button.callback_data,
                          });
                      }}
                    >
                      {button.text}
                    </button>
                  ),
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      {said && (
        <p class="notice" role="status">
          {said}
        </p>
      )}
      <div class="chips">
        {[`/follow ${DEMO}`, "/cases", "/help"].map((command) => (
          <button key={command} type="button" onClick={() => say(command)}>
            {command}
          </button>
        ))}
      </div>
      <form
        class="say"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim()) say(draft.trim());
          setDraft("");
        }}
      >
        <input
          aria-label="Message to the bot"
          placeholder="Message"
          value={draft}
          maxLength={4096}
          dir="auto"
          autoComplete="off"
          onInput={({ currentTarget: { value } }) => setDraft(value)}
        />
        <button type="submit">Send</button>
      </form>
    </>
  );
}

export function ChatPane({
  language,
  telegram: { standIn, username },
}: {
  language: string;
  telegram: NonNullable<HomeSettings["telegram"]>;
}) {
  return (
    <section class="pane chat" id="chat" aria-labelledby="chat-title">
      <header>
        <h2 id="chat-title">Telegram</h2>
        <span>@{username}</span>
        <span class="state">local stand-in</span>
      </header>
      <LiveChat address={standIn} language={language} />
    </section>
  );
}
