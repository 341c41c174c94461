/** `status`: queries the engines of all lines at once. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type Credential,
  describeObservation,
  type Endpoint,
  type EngineVersionResult,
  gatewayRefusal,
  type Observation,
} from "../../engine/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import type { SelfAnswer } from "../gateway-api/index.ts";
import { pickLine, type SelectionPorts } from "../lines/index.ts";
import { daysOf, daysProblem } from "./certificate-days.ts";
import { type LineSummary, type Summarised, type SummaryPorts, summariseLines } from "./line-summary.ts";

// A laptop's first packet over a phone can take seconds; users do not wait longer for a list.
const PROBE_MS = 8_000;

export interface StatusPorts extends SummaryPorts {
  readonly env: SelectionPorts["env"];
  /** @throws CREDENTIAL_UNUSABLE; never because of network or peer */
  askEngine(endpoint: Endpoint, credential: Credential, timeoutMs: number): Promise<EngineVersionResult>;
  /** What the line's gateway says of this machine; null: it does not. */
  askSelf(line: string, timeoutMs: number): Promise<SelfAnswer | null>;
}

/** One line, and what its engine answers. */
export interface LineStatus {
  readonly name: string;
  /** Undefined: the line cannot be read. */
  readonly summary: LineSummary | undefined;
  /** Undefined: it could not be asked. */
  readonly engine: EngineVersionResult | undefined;
  /** By its gateway; null: it has none, or does not say. */
  readonly self: SelfAnswer | null;
  /** Whole days that the server's certificate has left. */
  readonly serverDays: number | undefined;
  readonly problems: readonly string[];
}

function failed(name: string, summary: LineSummary | undefined, error: TetherdockError): LineStatus {
  const problems = [error.message, ...error.why, ...(summary?.problems ?? [])];
  return { name, summary, engine: undefined, self: null, serverDays: undefined, problems };
}

/** With the line's own files. @throws LINE_BROKEN, CREDENTIAL_UNUSABLE; never because of network or peer */
export async function askEngineOf(
  ports: Pick<StatusPorts, "lines" | "askEngine">,
  line: Line,
): Promise<EngineVersionResult> {
  const read = (file: "ca" | "cert" | "key") => ports.lines.readFile(line.name, `docker/${file}.pem`);
  const [caPem, certPem, keyPem] = await Promise.all([read("ca"), read("cert"), read("key")]);
  const credential = { kind: "tls", caPem, identity: { certPem, keyPem } } as const;
  return ports.askEngine(lineEndpoint(line), credential, PROBE_MS);
}

/** A gateway says why it does not let this machine in. */
function notAnswering(address: string, seen: Observation): string {
  const reason = gatewayRefusal(seen);
  return reason === null
    ? `${address} does not answer as it should: ${describeObservation(seen)}`
    : `the gateway at ${address} refuses this machine: ${reason}`;
}

/** Whoever set a native line up may have revoked another client, which replaces the CA. */
function wayBack({ joined, mode, name }: Line, seen: Observation): string[] {
  if (
    joined !== true ||
    mode !== "native" ||
    seen.kind !== "distrusted" ||
    seen.reason !== "unknown-authority"
  )
    return [];
  const renew = shellJoin(["tetherdock", "renew", name, "--certificate", "FILE"]);
  return [
    `if its CA was replaced, whoever set the line up has a new certificate for you; then run: ${renew}`,
  ];
}

async function ask(ports: StatusPorts, each: Summarised): Promise<LineStatus> {
  if ("error" in each) return failed(each.name, undefined, each.error);
  const { name, summary } = each;
  try {
    const [engine, self] = await Promise.all([
      askEngineOf(ports, summary.line),
      summary.line.mode === "gateway" ? ports.askSelf(name, PROBE_MS) : null,
    ]);
    const serverDays = engine.ok && engine.tls ? daysOf(engine.tls.certificatePem, ports.clock()) : undefined;
    const seen = engine.ok ? daysProblem("server's", serverDays) : notAnswering(summary.address, engine.seen);
    const way = engine.ok ? [] : wayBack(summary.line, engine.seen);
    const problems = seen === undefined ? summary.problems : [seen, ...way, ...summary.problems];
    return { name, summary, engine, self, serverDays, problems };
  } catch (error) {
    if (error instanceof TetherdockError) return failed(name, summary, error);
    throw error;
  }
}

/**
 * @param argument the line as typed; undefined: every line
 * @throws LINE_UNKNOWN; LINE_NONE: with no line at all there is nothing that could be well
 */
export async function statusOf(ports: StatusPorts, argument: string | undefined): Promise<LineStatus[]> {
  const names = argument === undefined ? await ports.lines.list() : [await pickLine(ports, argument)];
  if (names.length === 0) await pickLine(ports, undefined);
  return Promise.all((await summariseLines(ports, names)).map((each) => ask(ports, each)));
}
