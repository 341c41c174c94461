/** Rate, errors and duration of requests, by kind of operation, in Prometheus's format. */
import type { AuditEvent } from "../../audit/index.ts";
import type { RequestRecord } from "./request-record.ts";

/** Seconds. A Docker call takes milliseconds, a build minutes. */
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600] as const;

/** By the first digit. */
const STATUS_CLASSES = ["0xx", "1xx", "2xx", "3xx", "4xx", "5xx"] as const;

type Kind = "read" | "write" | "stream" | "unknown" | "gateway";

interface Series {
  requests: number;
  seconds: number;
  bytesIn: number;
  bytesOut: number;
  /** Not cumulative. The last one counts everything above the largest bucket. */
  readonly buckets: number[];
}

function emptySeries(): Series {
  return { requests: 0, seconds: 0, bytesIn: 0, bytesOut: 0, buckets: Array(BUCKETS.length + 1).fill(0) };
}

function kindOf({ call, target, grpc }: RequestRecord, streaming: boolean): Kind {
  if (streaming) return "stream";
  if (grpc) return grpc.writes ? "write" : "read";
  if (call !== null) return call.operation.kind;
  return target.startsWith("/tetherdock/") ? "gateway" : "unknown";
}

function outcomeOf({ decision, status, error }: AuditEvent): string {
  if (decision !== "allow") return decision === "deny" ? "denied" : "refused";
  if (error !== undefined || status === null) return "broken";
  return STATUS_CLASSES[Math.floor(status / 100)] ?? "broken";
}

/** Numbers that are kept elsewhere. */
export interface Gauges {
  readonly connections: number;
  readonly handshakes: number;
  readonly auditFailing: boolean;
}

export class Metrics {
  /** By kind, then outcome: building a combined key for each request would cost time. */
  readonly #series = new Map<Kind, Map<string, Series>>();
  readonly #events = new Map<string, number>();

  /** Counts one exchange at its end. */
  count(asked: RequestRecord, event: AuditEvent, streaming: boolean): void {
    const series = this.#of(kindOf(asked, streaming), outcomeOf(event));
    const seconds = event.durationMs / 1000;
    series.requests++;
    series.seconds += seconds;
    series.bytesIn += event.bytesIn;
    series.bytesOut += event.bytesOut;
    let bucket = 0;
    while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] as number)) bucket++;
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
  }

  /** Counts an event that is not a request. @param name `handshake_failed`, `connection_dropped`, `peer_refused`, … */
  note(name: string): void {
    this.#events.set(name, (this.#events.get(name) ?? 0) + 1);
  }

  /** @returns the text exposition format 0.0.4 */
  render({ connections, handshakes, auditFailing }: Gauges): string {
    return [
      "# TYPE tetherdock_requests_total counter",
      ...this.#rows("tetherdock_requests_total", ({ requests }) => requests),
      "# TYPE tetherdock_request_bytes_total counter",
      ...this.#rows("tetherdock_request_bytes_total", ({ bytesIn }) => bytesIn),
      "# TYPE tetherdock_response_bytes_total counter",
      ...this.#rows("tetherdock_response_bytes_total", ({ bytesOut }) => bytesOut),
      "# TYPE tetherdock_request_seconds histogram",
      ...this.#all().flatMap(([labels, series]) => histogram(labels, series)),
      "# TYPE tetherdock_events_total counter",
      ...[...this.#events].map(([name, count]) => `tetherdock_events_total{event="${name}"} ${count}`),
      "# TYPE tetherdock_connections gauge",
      `tetherdock_connections ${connections}`,
      "# TYPE tetherdock_handshakes gauge",
      `tetherdock_handshakes ${handshakes}`,
      "# TYPE tetherdock_audit_failing gauge",
      `tetherdock_audit_failing ${auditFailing ? 1 : 0}`,
      "",
    ].join("\n");
  }

  #rows(name: string, value: (series: Series) => number): string[] {
    return this.#all().map(([labels, series]) => `${name}{${labels}} ${value(series)}`);
  }

  #of(kind: Kind, outcome: string): Series {
    const ofKind = this.#series.get(kind) ?? new Map<string, Series>();
    const series = ofKind.get(outcome) ?? emptySeries();
    if (series.requests > 0) return series;
    this.#series.set(kind, ofKind);
    ofKind.set(outcome, series);
    return series;
  }

  /** All series with their labels. */
  #all(): [string, Series][] {
    return [...this.#series].flatMap(([kind, ofKind]) =>
      [...ofKind].map(([outcome, series]): [string, Series] => [
        `kind="${kind}",outcome="${outcome}"`,
        series,
      ]),
    );
  }
}

function histogram(labels: string, { buckets, requests, seconds }: Series): string[] {
  let sum = 0;
  const rows = BUCKETS.map((limit, index) => {
    sum += buckets[index] ?? 0;
    return `tetherdock_request_seconds_bucket{${labels},le="${limit}"} ${sum}`;
  });
  return [
    ...rows,
    `tetherdock_request_seconds_bucket{${labels},le="+Inf"} ${requests}`,
    `tetherdock_request_seconds_sum{${labels}} ${seconds}`,
    `tetherdock_request_seconds_count{${labels}} ${requests}`,
  ];
}
