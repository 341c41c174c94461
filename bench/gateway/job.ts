/** The load generator's input and output; both are one line of JSON. */

/** Address and client. */
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
  /** Each connection sends the next request as soon as it is answered, for `ms`. */
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
  /** Connections that have sent `requests` requests and then are silent. */
  | { readonly kind: "idle"; readonly count: number; readonly requests: 0 | 1 }
  /** The requests of `docker ps`, once each on all targets in turn, `count` times. */
  | { readonly kind: "visits"; readonly count: number };

export interface Job {
  readonly targets: readonly Target[];
  readonly identity: Identity;
  readonly work: Work;
}

/** Per target; only the figures that this kind of work measures. */
export interface Outcome {
  /** Total processor time of the proxy in microseconds. */
  readonly cpuUs: number;
  /** Requests, connections or visits. */
  readonly done: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Increase of memory in KiB. */
  readonly grownKib: number;
}
