/**
 * The deployment's metrics as OpenMetrics 1.0 text, which Prometheus, Grafana
 * and most monitoring systems read.
 */
import type { BucketUploadStatus } from "../../objects/storage/bucket-upload.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";

export const OPEN_METRICS_TYPE =
  "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Record<string, string>;
type Sample = [value: number, labels?: Labels];

interface Metric {
  type: "gauge" | "counter" | "info";
  help: string;
  unit?: "seconds" | "bytes" | undefined;
  samples: Sample[];
}

const escaped = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

const labelsOf = (labels: Labels = {}) => {
  const all = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(value)}"`,
  );
  return all.length > 0 ? `{${all.join(",")}}` : "";
};

/**
 * @param metrics by their names, without the suffix of a counter. A metric
 * without samples is left out.
 */
export function openMetrics(metrics: Record<string, Metric>): string {
  const lines = Object.entries(metrics).flatMap(
    ([name, { type, help, unit, samples }]) => {
      if (samples.length === 0) return [];
      const suffix = { counter: "_total", info: "_info", gauge: "" }[type];
      return [
        `# TYPE ${name} ${type}`,
        ...(unit ? [`# UNIT ${name} ${unit}`] : []),
        `# HELP ${name} ${escaped(help)}`,
        ...samples.map(
          ([value, labels]) => `${name}${suffix}${labelsOf(labels)} ${value}`,
        ),
      ];
    },
  );
  return [...lines, "# EOF", ""].join("\n");
}

/** @param value none leaves the metric out */
const metric =
  (type: Metric["type"]) =>
  (
    help: string,
    value: number | Sample[] | null | undefined,
    unit?: Metric["unit"],
  ): Metric => ({
    ...{ type, help, unit },
    samples: typeof value === "number" ? [[value]] : (value ?? []),
  });
const [gauge, counter] = [metric("gauge"), metric("counter")];

/**
 * Everything that an operator watches. docs/operations.md explains each metric.
 */
export async function metricsOf(env: Env): Promise<string> {
  const dispatcher = dispatcherFor(env);
  const [
    {
      counts,
      renewals,
      announcements,
      moments,
      backup,
      erasures,
      changes,
      unshowable,
      places,
    },
    outbox,
    forgotten,
  ] = await Promise.all([
    ledgerFor(env).observed(),
    dispatcher?.outbox.status() ?? null,
    dispatcher?.followerBackup.listed() ?? null,
  ]);
  const [newest] = moments;
  const now = Date.now();
  // The daily backup has a list too.
  const newestOfCases = Math.max(erasures.newest ?? 0, backup?.at ?? 0) || null;
  const lists = {
    cases: { ...erasures, newest: newestOfCases },
    followers: forgotten,
    changes,
  };
  const ofLists = (
    value: (list: BucketUploadStatus) => number | null,
  ): Sample[] =>
    Object.entries(env.BACKUPS ? lists : {}).flatMap(
      ([list, status]): Sample[] => {
        const given = status && value(status);
        return given === null ? [] : [[given, { list }]];
      },
    );
  return openMetrics({
    casewire_build: {
      type: "info",
      help: "The deployed code",
      samples: [[1, { version: env.VERSION.id }]],
    },
    casewire_reads: counter(
      "Reads that reached the Worker, by whether a leased copy was in memory or the reader waited for the Ledger",
      [
        [counts.readsFromMemory ?? 0, { copy: "memory" }],
        [counts.readsThatWaited ?? 0, { copy: "waited" }],
      ],
    ),
    casewire_renewals: counter(
      "Questions that renewed the leases of an isolate",
      renewals ?? 0,
    ),
    casewire_sockets_opened: counter(
      "Sockets that widgets opened",
      counts.socketsOpened ?? 0,
    ),
    casewire_sockets_told: gauge(
      "Open widgets of a case at the last moment",
      newest?.sockets,
    ),
    casewire_failed_sign_ins: counter(
      "Requests with an editor's token that isn't recognised",
      counts.failedSignIns ?? 0,
    ),
    casewire_announcements_waiting: gauge(
      "Announcements of live revisions that a Channel or the Dispatcher has not acknowledged",
      announcements.waiting,
    ),
    casewire_announcement_oldest_seconds: gauge(
      "Time since the moment of the oldest of them; 0 for none",
      announcements.oldest / 1000,
      "seconds",
    ),
    casewire_moment_skew_seconds: gauge(
      "Time from the last moment until a surface was first seen to show it",
      Object.entries(newest?.surfaces ?? {}).map(([surface, late]) => [
        late / 1000,
        { surface },
      ]),
      "seconds",
    ),
    casewire_last_moment_timestamp_seconds: gauge(
      "The last moment",
      newest && Date.parse(newest.liveAt) / 1000,
      "seconds",
    ),
    casewire_outbox_depth: gauge(
      "Messages to followers not yet sent",
      outbox?.depth,
    ),
    casewire_outbox_oldest_seconds: gauge(
      "Time since the moment of the oldest of them; 0 for none",
      outbox && outbox.oldest / 1000,
      "seconds",
    ),
    casewire_outbox_lag_seconds: gauge(
      "Time from its moment until the last message was sent",
      outbox?.lag == null ? null : outbox.lag / 1000,
      "seconds",
    ),
    casewire_outbox_parked: gauge(
      "Messages that Telegram or a push service refused",
      outbox?.parked,
    ),
    casewire_outbox_held: gauge(
      "Messages that wait for a key that is not configured",
      outbox?.held,
    ),
    casewire_bot_accepted: gauge(
      "0 while Telegram refuses the bot's token",
      outbox && Number(outbox.running),
    ),
    casewire_devices_accepted: gauge(
      "0 while a push service refuses PUSH_KEY",
      outbox && Number(outbox.devices),
    ),
    casewire_bot_webhook: gauge(
      "0 while Telegram sends messages to the bot elsewhere",
      outbox && Number(outbox.webhook),
    ),
    casewire_cases_unshowable: gauge(
      "Live cases whose stored content is not a valid case",
      unshowable,
    ),
    casewire_places: gauge(
      "Pages elsewhere that quote a case, by what the last look found",
      places.map(({ state, count }) => [count, { state }]),
    ),
    casewire_backup_last_timestamp_seconds: gauge(
      "When the last daily backup was completed; 0 before the first",
      env.BACKUPS ? (backup?.at ?? 0) / 1000 : null,
      "seconds",
    ),
    casewire_backup_last_bytes: gauge(
      "The size of its files",
      env.BACKUPS ? backup?.bytes : null,
      "bytes",
    ),
    casewire_erasure_list_age_seconds: gauge(
      "Time since the newest list of erasures in the bucket was made",
      ofLists(({ newest }) => newest && (now - newest) / 1000),
      "seconds",
    ),
    casewire_erasure_list_waiting_seconds: gauge(
      "Time since the oldest erasure that it lacks; 0 for none",
      ofLists(({ since }) => (since === null ? 0 : (now - since) / 1000)),
      "seconds",
    ),
    casewire_erasure_list_failures: counter(
      "Uploads of a list of erasures that failed, and were tried again",
      ofLists(({ failures }) => failures),
    ),
  });
}
