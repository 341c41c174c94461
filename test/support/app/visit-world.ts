/** All ports of a visit as fakes: a host that answers our scripts, endpoints that answer from a table, lines in memory. */
import type { VisitEvent, VisitPorts } from "../../../src/app/doctor/index.ts";
import { Foreign, TetherdockError } from "../../../src/base/index.ts";
import type { EndpointReport, SurveyItem } from "../../../src/doctor/index.ts";
import { CALLERS, type Caller, formatEndpoint, type Observation } from "../../../src/engine/index.ts";
import type { HostFacts, HostShell } from "../../../src/facts/index.ts";
import type { OperatedFleet } from "../../../src/fleet/index.ts";
import type { Line } from "../../../src/line/index.ts";
import { issueClient, makeAuthority, makeKeyPair, openAuthority } from "../../../src/pki/index.ts";
import { hostFacts, NOW } from "../host-facts.ts";
import { sampleLine } from "../sample-line.ts";
import { CLOSED, endpointReport } from "../subject.ts";
import { countingRandom } from "./counting-random.ts";
import { MemoryLines } from "./lines.ts";
import { printFacts } from "./print-facts.ts";

const MARKER = /'\\n((?:facts|inside)-\S+) %s\\n'/;

/** The network and the host of one visit; each test changes what it is about. */
export class VisitWorld {
  readonly lines = new MemoryLines();
  readonly events: VisitEvent[] = [];
  /** Destinations that were connected to. */
  readonly opened: (string | null)[] = [];
  /** Shells that were closed. */
  closed = 0;
  /** Surveys, in order, and what was probed in each. */
  readonly surveys: SurveyItem[][] = [];
  facts: HostFacts = hostFacts();
  /** Sections that the script of the look from inside prints. */
  inside = "";
  /** Thrown by every attempt to connect. */
  unreachable: Error | null = null;
  /** What a name resolves to. */
  readonly addresses = new Map<string, readonly string[]>();
  readonly fleets = new Map<string, OperatedFleet>();
  /** By line: who waits for approval. */
  readonly waiting = new Map<string, readonly string[]>();
  /** Docker contexts, and where they point. */
  readonly contexts = new Map<string, string>();
  /** `host:port` → the endpoint there; nothing listens anywhere else. */
  readonly endpoints = new Map<string, Partial<EndpointReport>>();

  readonly #shell: HostShell = {
    arrivedAt: null,
    run: async (script) => {
      const marker = MARKER.exec(script)?.[1] ?? "";
      const stdout = marker.startsWith("facts")
        ? printFacts(this.facts, marker)
        : `${this.inside.replaceAll("§", `\n${marker} `)}\n${marker} end\n`;
      return { status: 0, stdout, stderr: new Foreign("") };
    },
    send: () => Promise.reject(new Error("a visit sends nothing")),
    atEnd: () => {},
    close: async () => {
      this.closed += 1;
    },
  };

  readonly ports: VisitPorts = {
    lines: this.lines,
    env: {},
    fleets: {
      list: async () => [...this.fleets.keys()],
      read: async (name) => this.fleets.get(name) as OperatedFleet,
    },
    waiting: async (line) => this.waiting.get(line) ?? [],
    clock: () => NOW,
    random: countingRandom(),
    signal: new AbortController().signal,
    outside: {
      resolve: async ({ host, port }) =>
        (this.addresses.get(host) ?? [host]).map((address) => ({
          endpoint: { host: address, port },
          serverName: host,
        })),
      survey: async (items, { onProgress }) => {
        this.surveys.push([...items]);
        onProgress(items.length, items.length);
        return items.map((item) => this.#report(item));
      },
    },
    hostnameOf: async (destination) => {
      if (this.unreachable) throw this.unreachable;
      return destination.replace(/^.*@/, "");
    },
    contextHost: async (name) => this.contexts.get(name),
    open: async (target) => {
      this.opened.push(target);
      if (this.unreachable) throw this.unreachable;
      return { shell: this.#shell, hostname: target, place: null };
    },
    report: (event) => {
      this.events.push(event);
    },
  };

  #report({ planned }: SurveyItem): EndpointReport {
    const there = this.endpoints.get(formatEndpoint(planned.endpoint));
    const closed = { probes: [{ caller: "plain" as const, seen: CLOSED }], offer: null };
    return { ...endpointReport(), ...(there ?? closed), ...planned };
  }

  /** Addresses that were probed, with who connected. */
  probed(): Record<string, Caller[]> {
    const items = this.surveys.flat();
    return Object.fromEntries(
      items.map(({ planned, credentials }) => [
        formatEndpoint(planned.endpoint),
        CALLERS.filter((caller) => caller in credentials),
      ]),
    );
  }
}

let files:
  | { readonly ca: string; readonly caKey: string; readonly cert: string; readonly key: string }
  | undefined;

/** Keeps a line with certificates that work. @param caKey instead of its CA's key */
export async function keepLine(lines: MemoryLines, over: Partial<Line> = {}, caKey?: string): Promise<Line> {
  if (!files) {
    const made = await makeAuthority({ subject: "tetherdock vps", now: NOW });
    const authority = await openAuthority(made);
    const { publicKey, privateKey } = makeKeyPair();
    const cert = await issueClient(authority, { publicKey, commonName: "anna@laptop", now: NOW });
    files = { ca: made.certificate, caKey: made.privateKey, cert, key: privateKey };
  }
  const line = sampleLine(over);
  lines.keep(line, {
    "docker/ca.pem": files.ca,
    "docker/cert.pem": files.cert,
    "docker/key.pem": files.key,
    "ca/ca-key.pem": caKey ?? files.caKey,
  });
  return line;
}

/** ssh does not let us in. */
export const noSsh = new TetherdockError("SSH_FAILED", "core@vps does not accept your key", {
  why: ["Permission denied (publickey)"],
});

/** What every caller saw, as a report of the survey has it. */
export function seenByAll(seen: Observation): Partial<EndpointReport> {
  return { probes: CALLERS.map((caller) => ({ caller, seen })) };
}
