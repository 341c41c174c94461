/** The measurements of each proxy in each round, their units, and the gateway's goals. */
import { GROUP } from "./client.ts";
import type { Outcome, Target, Work } from "./job.ts";
import { rssKib } from "./usage.ts";

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  /** The maximum: times HAProxy with ACL and log, or in its own unit. */
  readonly goal?: { readonly timesHaproxy: number } | { readonly value: number };
  /** The load generator's job; null: none, the proxy is at rest. */
  readonly work: Work | null;
  readonly read: (outcome: Outcome, target: Target) => number;
}

/** Sizes of one round; medians are taken over the rounds. */
export interface Sizes {
  readonly rounds: number;
  readonly requestsMs: number;
  readonly mib: number;
  readonly handshakes: number;
  /** Connections that are idle. */
  readonly idle: number;
  /** How often each proxy is started again for these metrics. */
  readonly starts: number;
}

const CONNECTIONS = 16;
const PARALLEL_HANDSHAKES = 4;
const MIB_PER_GIB = 1024;
const KIB_PER_MIB = 1024;

const perConnection = ({ grownKib, done }: Outcome) => grownKib / done;
const perDone = ({ cpuUs, done }: Outcome) => cpuUs / done;

/** Measured on one running proxy, round by round. */
export function loadMetrics({ requestsMs, mib, handshakes }: Sizes): Metric[] {
  const perGib = ({ cpuUs }: Outcome) => (cpuUs / 1e6) * (MIB_PER_GIB / mib);
  const many = { kind: "requests", connections: CONNECTIONS, ms: requestsMs } as const;
  const one = { kind: "requests", connections: 1, ms: requestsMs / 2 } as const;
  const shake = (groups: string) =>
    ({ kind: "handshakes", count: handshakes, parallel: PARALLEL_HANDSHAKES, groups }) as const;
  return [
    {
      name: "CPU per request, 16 connections",
      unit: "µs",
      digits: 1,
      goal: { timesHaproxy: 1 },
      work: many,
      read: perDone,
    },
    { name: "… p50", unit: "ms", digits: 2, work: many, read: ({ p50 }) => p50 },
    { name: "… p99", unit: "ms", digits: 2, work: many, read: ({ p99 }) => p99 },
    { name: "CPU per request, 1 connection", unit: "µs", digits: 1, work: one, read: perDone },
    { name: "… p50", unit: "ms", digits: 3, work: one, read: ({ p50 }) => p50 },
    {
      name: "CPU per GiB down",
      unit: "s",
      digits: 2,
      goal: { timesHaproxy: 0.95 },
      work: { kind: "down" },
      read: perGib,
    },
    {
      name: "CPU per GiB up",
      unit: "s",
      digits: 2,
      goal: { timesHaproxy: 1.1 },
      work: { kind: "up", mib },
      read: perGib,
    },
    {
      name: "CPU per new connection",
      unit: "µs",
      digits: 0,
      goal: { timesHaproxy: 1 },
      work: shake(GROUP),
      read: perDone,
    },
    {
      name: "… with X25519MLKEM768 offered",
      unit: "µs",
      digits: 0,
      work: shake(`X25519MLKEM768:${GROUP}`),
      read: perDone,
    },
  ];
}

/** Measured on a proxy that was started for it alone, because its memory depends on what it has done before. */
export function freshMetrics({ idle }: Sizes): Metric[] {
  return [
    {
      name: "memory at rest",
      unit: "MiB",
      digits: 0,
      goal: { value: 90 },
      work: null,
      read: (_, { pids }) => rssKib(pids) / KIB_PER_MIB,
    },
    {
      name: "memory per idle connection",
      unit: "KiB",
      digits: 1,
      goal: { timesHaproxy: 2 },
      work: { kind: "idle", count: idle, requests: 1 },
      read: perConnection,
    },
  ];
}

/** The metrics that also work for a server that never answers. */
export function silentMetrics({ idle }: Sizes): Metric[] {
  return [
    {
      name: "memory per connection that has asked nothing",
      unit: "KiB",
      digits: 1,
      work: { kind: "idle", count: idle, requests: 0 },
      read: perConnection,
    },
  ];
}
