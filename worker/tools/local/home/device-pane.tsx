/**
 * A device that follows the demo case by Web Push, through the push service of
 * this run.
 */
import { useEffect, useState } from "preact/hooks";
import type { DeviceMessage } from "../demo-device.ts";

const POLL_INTERVAL_MS = 500;

export function DevicePane({ language }: { language: string }) {
  const [messages, setMessages] = useState<DeviceMessage[]>([]);
  useEffect(() => {
    const look = () =>
      fetch(`/local/device?lang=${language}`)
        .then((answer) => answer.json())
        // Until the run serves again.
        .then(setMessages, () => {});
    const timer = setInterval(
      () => !document.hidden && void look(),
      POLL_INTERVAL_MS,
    );
    void look();
    return () => clearInterval(timer);
  }, [language]);
  return (
    <section class="pane chat" id="device" aria-labelledby="device-title">
      <header>
        <h2 id="device-title">A device</h2>
        <span>Web Push</span>
        <span class="state">local push service</span>
      </header>
      <div class="log" role="log" aria-label="Notifications of the device">
        {messages.length === 0 && (
          <p class="empty">
            This device follows the demo case. Publish an update: its
            notification comes at the moment.
          </p>
        )}
        {messages.toReversed().map(({ at, title, body, silent }) => (
          <div key={at} class="message bot">
            <div class="bubble" dir="auto">
              <b>{title}</b>
              {body.split("\n").map((line) => (
                <div key={line}>{line}</div>
              ))}
              <time dateTime={new Date(at).toISOString()}>
                {silent && "silent "}
                {new Date(at).toLocaleTimeString("en-GB")}
              </time>
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}
