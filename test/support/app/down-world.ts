/** All ports of `down` as fakes: a laptop with the line `vps`, and its host. Each test changes what it needs. */
import type { DownEvent, DownPorts, DownQuestion, DownRequest } from "../../../src/app/down/index.ts";
import { TetherdockError } from "../../../src/base/index.ts";
import type { EntryFact, HostFacts, TransactionAbout, TransactionFact } from "../../../src/facts/index.ts";
import { formatContextMeta, type Line } from "../../../src/line/index.ts";
import { publicKeyFingerprint } from "../../../src/pki/index.ts";
import { hostFacts } from "../host-facts.ts";
import { sampleLine } from "../sample-line.ts";
import { countingRandom } from "./counting-random.ts";
import { FakeHost } from "./fake-host.ts";
import { MemoryLines } from "./lines.ts";
import { MemoryContexts } from "./memory-contexts.ts";

export const VPS = sampleLine({ id: "00000000000000aa", name: "vps", target: "core@vps" });
export const OTHER = sampleLine({ id: "00000000000000bb", name: "other", target: "root@other" });

export interface DownWorld {
  readonly ports: DownPorts;
  readonly host: FakeHost;
  readonly lines: MemoryLines;
  readonly contexts: MemoryContexts;
  readonly events: DownEvent[];
  readonly asked: DownQuestion[];
  /** Destinations that were connected to. */
  readonly opened: (string | null)[];
  /** The answer to every question; a function for each. */
  answer: boolean | ((question: DownQuestion) => boolean);
  /** Thrown by the next attempt to connect. */
  unreachable: TetherdockError | null;
  readonly env: Record<string, string>;
  interrupt(): void;
}

export const about = (line: Line): TransactionAbout => ({
  ...{ lineId: line.id, lineName: line.name, port: 2376, exposedPorts: [] },
  ...{ by: "anna@laptop", at: "2026-01-31T08:00:00.000Z", version: "0.1.0" },
});

const ENTRIES: readonly EntryFact[] = [
  { path: "/etc/tetherdock/ca.pem", before: "absent", after: "sum", now: "sum" },
  { path: "/etc/docker/daemon.json", before: "kept", after: "sum", now: "sum" },
];

/** One confirmed change. */
export function transaction(line: Line, more: Partial<TransactionFact> = {}): TransactionFact {
  const state = { state: "confirmed", ownerAlive: false, restarted: true } as const;
  return { number: 1, ...state, about: about(line), entries: ENTRIES, ...more };
}

/** The facts of a host with a line. */
export function carrying(
  line: Line,
  publicKey: string | null,
  more: Partial<TransactionFact> = {},
): HostFacts {
  return hostFacts({}, { ours: { files: new Map(), publicKey }, transactions: [transaction(line, more)] });
}

const FILES = {
  "docker/ca.pem": "ca",
  "docker/cert.pem": "cert",
  "docker/key.pem": "key",
  "ca/ca-key.pem": "ca",
};

function keepLines(lines: MemoryLines, { publicKey }: FakeHost): void {
  const serverKeys = [publicKeyFingerprint(publicKey) ?? ""];
  lines.keep({ ...VPS, host: { ...VPS.host, serverKeys } }, FILES);
  lines.keep(OTHER, FILES);
}

export function downWorld(): DownWorld {
  const [host, lines, contexts] = [new FakeHost(), new MemoryLines(), new MemoryContexts()];
  const events: DownEvent[] = [];
  const asked: DownQuestion[] = [];
  const opened: (string | null)[] = [];
  const env: Record<string, string> = {};
  const controller = new AbortController();
  keepLines(lines, host);
  host.state = carrying(VPS, host.publicKey);
  const world: Omit<DownWorld, "ports"> = {
    ...{ host, lines, contexts, events, asked, opened, env, answer: true, unreachable: null },
    interrupt: () => controller.abort(new TetherdockError("INTERRUPTED", "interrupted")),
  };
  const ports: DownPorts = {
    ...{ lines, env, platform: "linux", random: countingRandom(), signal: controller.signal },
    contexts: async () => contexts,
    questions: {
      confirm: async (question) => {
        asked.push(question);
        return typeof world.answer === "function" ? world.answer(question) : world.answer;
      },
    },
    open: async (target) => {
      opened.push(target);
      if (world.unreachable) throw world.unreachable;
      return { shell: host, hostname: target, place: null };
    },
    fleetsWith: async () => [],
    report: (event) => {
      events.push(event);
    },
  };
  return Object.assign(world, { ports });
}

/** A `down vps` without options. */
export function downRequest(over: Partial<DownRequest> = {}): DownRequest {
  const off = { local: false, force: false, reopen: false, forget: false, yes: false, dryRun: false };
  return { argument: "vps", acceptHost: undefined, ...off, ...over };
}

/** A docker context that was made from a line. */
export async function keepContext({ contexts }: DownWorld, name: string, line: Line): Promise<void> {
  await contexts.write(name, formatContextMeta(name, line), { "ca.pem": "", "cert.pem": "", "key.pem": "" });
}

/** The ids of the reported notices, and the kinds of other events. */
export function told({ events }: DownWorld): string[] {
  return events.map((event) => (event.kind === "notice" ? event.id : event.kind));
}
