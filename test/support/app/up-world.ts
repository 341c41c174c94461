/** All ports of `up` as fakes, and the prepared change of a healthy host: each test changes what it needs. */
import type { Question, UpEvent, UpPorts, UpRequest } from "../../../src/app/up/index.ts";
import { makeIdentity } from "../../../src/app/up/prepare/identity.ts";
import type { Prepared } from "../../../src/app/up/prepared.ts";
import type { TetherdockError } from "../../../src/base/index.ts";
import { GATEWAY_PROGRAM, type HostFacts } from "../../../src/facts/index.ts";
import { type DesiredState, type Executable, planLine, surveyHost } from "../../../src/host/index.ts";
import type { Line, LineMode } from "../../../src/line/index.ts";
import { normaliseNames } from "../../../src/pki/index.ts";
import { hostFacts, NOW } from "../host-facts.ts";
import { sampleLine } from "../sample-line.ts";
import { countingRandom } from "./counting-random.ts";
import { FakeGateway } from "./fake-gateway.ts";
import { FakeHost } from "./fake-host.ts";
import { FakeOutside } from "./fake-outside.ts";
import { MemoryLines } from "./lines.ts";
import { MemoryContexts } from "./memory-contexts.ts";
import { MemoryRecords } from "./memory-records.ts";

export const OPERATOR = "anna@laptop";

const PROGRAM = { path: GATEWAY_PROGRAM, sha256: "aa", bytes: 1000, packedBytes: 400 };
const executable: Executable = {
  files: [PROGRAM],
  payload: () => ({ bytes: PROGRAM.packedBytes, read: async function* () {} }),
};

/** The laptop, the network and the host of one `up`. */
export interface World {
  readonly ports: UpPorts;
  readonly host: FakeHost;
  readonly outside: FakeOutside;
  readonly gateway: FakeGateway;
  readonly lines: MemoryLines;
  readonly contexts: MemoryContexts;
  /** Clients that were approved here. */
  readonly approvals: MemoryRecords;
  /** The files for clients, by name. */
  readonly reissued: Map<string, string>;
  /** The reported events, in order. */
  readonly events: UpEvent[];
  /** The questions, in order. */
  readonly asked: Question[];
  /** Destinations that were connected to. */
  readonly opened: (string | null)[];
  /** The answer to every question. */
  answer: boolean;
  /** Thrown by the next attempt to connect. */
  unreachable: TetherdockError | null;
  /** Aborts the user's wait. */
  interrupt(reason: Error): void;
}

/** A world without errors. */
export function upWorld(): World {
  const host = new FakeHost();
  const outside = new FakeOutside(() => host.certificate);
  const lines = new MemoryLines();
  const contexts = new MemoryContexts();
  const gateway = new FakeGateway();
  const events: UpEvent[] = [];
  const asked: Question[] = [];
  const opened: (string | null)[] = [];
  const approvals = new MemoryRecords();
  approvals.onWrite = (line) => lines.onWrite("approvals", line);
  const reissued = new Map<string, string>();
  const controller = new AbortController();
  let elapsed = 0;
  const world: Omit<World, "ports"> = {
    ...{ approvals, reissued },
    ...{ gateway, host, outside, lines, contexts, events, asked, opened, answer: true, unreachable: null },
    interrupt: (reason) => controller.abort(reason),
  };
  const ports: UpPorts = {
    ...{ env: {}, gateway },
    ...{ lines, outside, signal: controller.signal, clock: () => NOW, random: countingRandom() },
    contexts: async () => contexts,
    timer: {
      now: () => elapsed,
      pause: async (ms) => {
        elapsed += ms;
      },
    },
    laptop: {
      operator: () => OPERATOR,
      version: "0.0.0",
      addresses: () => ["192.0.2.100"],
      findExecutable: async () => executable,
    },
    questions: {
      confirm: async (question) => {
        asked.push(question);
        return world.answer;
      },
      passphrase: async () => "secret",
      newPassphrase: async () => "secret",
    },
    approvals,
    reissued: async (line, files) => {
      lines.onWrite("reissued", line);
      reissued.clear();
      for (const { name, text } of files) reissued.set(name, text);
      return files.map(({ name }) => `/home/${line}/reissued/${name}.pem`);
    },
    open: async (target) => {
      opened.push(target);
      if (world.unreachable) throw world.unreachable;
      return { shell: host, hostname: target === null ? null : "192.0.2.7", place: null };
    },
    report: (event) => {
      events.push(event);
    },
  };
  return Object.assign(world, { ports });
}

/** An `up core@vps` without options. */
export function upRequest(over: Partial<UpRequest> = {}): UpRequest {
  return {
    ...{ destination: "core@vps", local: false, name: undefined, port: undefined, address: undefined },
    ...{ san: undefined, dropSan: undefined, acceptHost: undefined, gateway: false, native: false },
    ...{ newCa: false, revoke: undefined, finishNewCa: false, leaveBehind: false },
    ...{ replaceTls: false, encryptCaKey: false, confirmWithin: 120_000, dryRun: false },
    ...over,
  };
}

/** Differences from a new line in native mode on a host where docker runs. */
export interface Differs {
  readonly facts?: HostFacts;
  readonly before?: Line;
  readonly mode?: LineMode;
  readonly address?: string;
  /** Addresses that only the host claims. */
  readonly claimed?: readonly string[];
}

/** Made once for each file, because keys take time. */
let identityOnce: ReturnType<typeof makeIdentity> | undefined;

/** The decisions of `prepare`. */
export async function preparedFor({ ports }: World, differs: Differs = {}): Promise<Prepared> {
  const { facts = hostFacts(), before = null, mode = "native", address = "192.0.2.7" } = differs;
  identityOnce ??= makeIdentity(ports, "vps", undefined);
  const made = await identityOnce;
  const identity = { ...made, id: before?.id ?? made.id };
  const line = before ?? sampleLine({ id: identity.id, mode, address, addresses: [address] });
  const names = { named: normaliseNames([address]), claimed: differs.claimed ?? [] };
  const gateway =
    mode === "gateway" ? { desired: { programs: executable.files, clients: "{}\n" }, executable } : null;
  const survey = surveyHost(facts, NOW);
  const desired: DesiredState = {
    ...{ port: line.port, names: names.named, ca: identity.ca, replaceTls: false, forceRestart: false },
    ...{
      gateway: gateway?.desired ?? null,
      plainPorts: new Set(),
      caReason: null,
      isCaMade: false,
      now: NOW,
    },
  };
  const plan = planLine(facts, survey, desired);
  return {
    request: upRequest(),
    facts,
    survey,
    line,
    before,
    identity,
    names,
    serverKey: "",
    desired,
    gateway,
    reissued: [],
    twins: [],
    plan,
  };
}
