/** What the load generator is told, and what it tells; both are one line of JSON. */

/** Where and as whom. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The proxy's processes. */
  readonly pids: readonly number[];
}

/** Files, as the docker CLI names them. */
export interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export type Work =
  /** Each connection asks again as soon as it is answered, for `ms`. */
  | { readonly kind: "requests"; readonly connections: number; readonly ms: number }
  /** One answer, one body. */
  | { readonly kind: "down" }
  | { readonly kind: "up"; readonly mib: number }
  /** New connections, each with one request; `parallel` at a time. */
  | {
      readonly kind: "handshakes";
      readonly count: number;
      readonly parallel: number;
      readonly groups: string;
    }
  /** Connections that have asked `requests` times and then are silent. */
  | { readonly kind: "idle"; readonly count: number; readonly requests: 0 | 1 }
  /** What `docker ps` does, once each on all targets in turn, `count` times. */
  | { readonly kind: "visits"; readonly count: number };

export interface Job {
  readonly targets: readonly Target[];
  readonly identity: Identity;
  readonly work: Work;
}

/** Per target; of a kind of work only what it measures. */
export interface Outcome {
  /** Microseconds of processor time of the proxy in all. */
  readonly cpuUs: number;
  /** Requests, connections or visits. */
  readonly done: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** KiB more in memory than before. */
  readonly grownKib: number;
}
