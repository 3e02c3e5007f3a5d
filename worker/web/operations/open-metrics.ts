/** The deployment's metrics as OpenMetrics 1.0 text, which Prometheus, Grafana and most monitoring systems read. */
import type { ErasureUploadStatus } from "../../objects/storage/erasure-upload.ts";
import { dispatcherFor, ledgerFor } from "../../runtime/bindings.ts";

export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Labels = Record<string, string>;
type Sample = [value: number, labels?: Labels];

interface Metric {
  type: "gauge" | "counter" | "info";
  help: string;
  unit?: "seconds" | "bytes";
  samples: Sample[];
}

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');

const labelsOf = (labels: Labels = {}) => {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return all.length > 0 ? `{${all.join(",")}}` : "";
};

/** @param metrics by their names, without the suffix of a counter. A metric without samples is left out. */
export function openMetrics(metrics: Record<string, Metric>): string {
  const lines = Object.entries(metrics).flatMap(([name, { type, help, unit, samples }]) => {
    if (samples.length === 0) return [];
    const suffix = { counter: "_total", info: "_info", gauge: "" }[type];
    return [
      `# TYPE ${name} ${type}`,
      ...(unit ? [`# UNIT ${name} ${unit}`] : []),
      `# HELP ${name} ${escaped(help)}`,
      ...samples.map(([value, labels]) => `${name}${suffix}${labelsOf(labels)} ${value}`),
    ];
  });
  return [...lines, "# EOF", ""].join("\n");
}

const flag = (value: boolean) => (value ? 1 : 0);

/** Everything that an operator watches. docs/operations.md explains each metric. */
export async function metricsOf(env: Env): Promise<string> {
  const dispatcher = dispatcherFor(env);
  const [{ counts, renewals, announcements, moments, backup, erasures, unshowable, damaged }, outbox, forgotten] =
    await Promise.all([
      ledgerFor(env).observed(),
      dispatcher?.outbox.status() ?? null,
      dispatcher?.followerBackup.listed() ?? null,
    ]);
  const [newest] = moments;
  const now = Date.now();
  // The daily backup has a list too.
  const newestOfCases = Math.max(erasures.newest ?? 0, backup?.at ?? 0) || null;
  const lists = { cases: { ...erasures, newest: newestOfCases }, followers: forgotten };
  const ofLists = (value: (list: ErasureUploadStatus) => number | null): Sample[] =>
    Object.entries(env.BACKUPS ? lists : {}).flatMap(([list, status]): Sample[] => {
      const given = status && value(status);
      return given === null ? [] : [[given, { list }]];
    });
  const ofOutbox = (value: number): Sample[] => (outbox ? [[value]] : []);
  return openMetrics({
    casewire_build: { type: "info", help: "The deployed code", samples: [[1, { version: env.VERSION.id }]] },
    casewire_reads: {
      type: "counter",
      help: "Reads that reached the Worker, by whether a leased copy was in memory or the reader waited for the Ledger",
      samples: [
        [counts.readsFromMemory ?? 0, { copy: "memory" }],
        [counts.readsThatWaited ?? 0, { copy: "waited" }],
      ],
    },
    casewire_renewals: {
      type: "counter",
      help: "Questions that renewed the leases of an isolate",
      samples: [[renewals]],
    },
    casewire_sockets_opened: {
      type: "counter",
      help: "Sockets that widgets opened",
      samples: [[counts.socketsOpened ?? 0]],
    },
    casewire_sockets_told: {
      type: "gauge",
      help: "Open widgets of a case at the last moment",
      samples: newest?.sockets === undefined ? [] : [[newest.sockets]],
    },
    casewire_failed_sign_ins: {
      type: "counter",
      help: "Requests with an editor's token that isn't recognised",
      samples: [[counts.failedSignIns ?? 0]],
    },
    casewire_announcements_waiting: {
      type: "gauge",
      help: "Announcements of live revisions that a Channel or the Dispatcher has not acknowledged",
      samples: [[announcements.waiting]],
    },
    casewire_announcement_oldest_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time since the moment of the oldest of them; 0 for none",
      samples: [[announcements.oldest / 1000]],
    },
    casewire_moment_skew_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time from the last moment until a surface was first seen to show it",
      samples: Object.entries(newest?.surfaces ?? {}).map(([surface, late]) => [late / 1000, { surface }] as Sample),
    },
    casewire_last_moment_timestamp_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "The last moment",
      samples: newest ? [[Date.parse(newest.liveAt) / 1000]] : [],
    },
    casewire_outbox_depth: {
      type: "gauge",
      help: "Telegram messages not yet sent",
      samples: ofOutbox(outbox?.depth ?? 0),
    },
    casewire_outbox_oldest_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time since the moment of the oldest of them; 0 for none",
      samples: ofOutbox((outbox?.oldest ?? 0) / 1000),
    },
    casewire_outbox_lag_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time from its moment until the last message was sent",
      samples: outbox?.lag == null ? [] : [[outbox.lag / 1000]],
    },
    casewire_outbox_parked: {
      type: "gauge",
      help: "Messages that Telegram refused",
      samples: ofOutbox(outbox?.parked ?? 0),
    },
    casewire_outbox_held: {
      type: "gauge",
      help: "Messages that wait for a key that is not configured",
      samples: ofOutbox(outbox?.held ?? 0),
    },
    casewire_bot_accepted: {
      type: "gauge",
      help: "0 while Telegram refuses the bot's token",
      samples: ofOutbox(flag(outbox?.running ?? true)),
    },
    casewire_cases_unshowable: {
      type: "gauge",
      help: "Live cases whose stored content is not a valid case",
      samples: [[unshowable]],
    },
    casewire_drafts_damaged: {
      type: "gauge",
      help: "Drafts and proposals whose stored content can't be read",
      samples: [[damaged]],
    },
    casewire_backup_last_timestamp_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "When the last daily backup was completed; 0 before the first",
      samples: env.BACKUPS ? [[(backup?.at ?? 0) / 1000]] : [],
    },
    casewire_backup_last_bytes: {
      type: "gauge",
      unit: "bytes",
      help: "The size of its files",
      samples: env.BACKUPS && backup ? [[backup.bytes]] : [],
    },
    casewire_erasure_list_age_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time since the newest list of erasures in the bucket was made",
      samples: ofLists(({ newest }) => newest && (now - newest) / 1000),
    },
    casewire_erasure_list_waiting_seconds: {
      type: "gauge",
      unit: "seconds",
      help: "Time since the oldest erasure that it lacks; 0 for none",
      samples: ofLists(({ since }) => (since === null ? 0 : (now - since) / 1000)),
    },
    casewire_erasure_list_failures: {
      type: "counter",
      help: "Uploads of a list of erasures that failed, and were tried again",
      samples: ofLists(({ failures }) => failures),
    },
  });
}
