/** The way to the audit log of a fleet's host: its line, or else the fleet's store. */
import type { KeyObject } from "node:crypto";
import { json, quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../../base/index.ts";
import { gatewayReason } from "../../../engine/index.ts";
import {
  isOperator,
  makeQuestion,
  type OperatedFleet,
  type OperatorStore,
  openAnswer,
} from "../../../fleet/index.ts";
import { isEncryptedKey } from "../../../line/index.ts";
import type { AskLog } from "../../audit/index.ts";
import { signingKey } from "../operators/own-key.ts";
import type { FleetPorts } from "../ports.ts";

/** For an answer that need not be computed: the host may just have lost its connection to the store. */
const ANSWER_MS = 30 * SECOND_MS;

/** How long a line may take before the store is asked too. */
const LINE_ALONE_MS = 1.5 * SECOND_MS;

function noAnswer(host: string, why: string, ...hints: readonly string[]): TetherdockError {
  return new TetherdockError("GATEWAY_UNREACHABLE", `${host} does not answer through the store`, {
    why: [why],
    hints,
  });
}

export interface ThroughStore {
  readonly to: (host: string) => AskLog;
  /** Whether nobody would have to be asked for a passphrase. */
  readonly isReady: () => boolean;
}

/** Asks hosts through the store; null: it carries no questions, or this machine's key is no operator's. */
export function askThroughStore(
  ports: FleetPorts,
  fleet: OperatedFleet,
  store: OperatorStore | null,
): ThroughStore | null {
  const { kept, name } = fleet;
  const pass = store?.ask;
  if (!pass || !isOperator(kept.documents, fleet.operatorKey)) return null;
  let key: Promise<KeyObject> | null = null;
  const receiptKeys = new Map(kept.view.list.hosts.map((host) => [host.name, host.receiptKey]));
  const to =
    (host: string): AskLog =>
    async (path, reader, withinMs = ANSWER_MS) => {
      const receiptKey = receiptKeys.get(host);
      if (receiptKey === undefined)
        throw noAnswer(
          host,
          "it joined with an older tetherdock, so its answer could not be verified",
          shellJoin(["tetherdock", "upgrade", host]),
          shellJoin(["tetherdock", "fleet", "join", host, "--fleet", name]),
        );
      // The passphrase is asked for when the first host is not reached over its line.
      key ??= signingKey(ports, fleet);
      const asked = makeQuestion(kept.documents, { host, call: path, at: ports.clock() }, await key);
      const opened = await openAnswer(await pass(host, asked.text, withinMs), asked, receiptKey);
      if ("refused" in opened) {
        const status = shellJoin(["tetherdock", "fleet", "status", "--fleet", name]);
        throw noAnswer(host, quoteForeign(opened.refused), status);
      }
      return readSaid(host, opened.said, reader);
    };
  return { to, isReady: () => key !== null || !isEncryptedKey(fleet.operatorKey) };
}

function readSaid<T>(host: string, said: { status: number; value: unknown }, reader: json.Read<T>): T {
  const text = JSON.stringify(said.value);
  if (said.status !== 200) {
    const why = gatewayReason(text) ?? `status ${said.status}`;
    throw new TetherdockError("GATEWAY_REFUSED", `the gateway of ${host} refuses: ${why}`);
  }
  const read = json.read(text, reader);
  if ("value" in read) return read.value;
  throw new TetherdockError("GATEWAY_REFUSED", `the gateway of ${host} does not answer as expected`, {
    why: read.problems,
  });
}

/** How a host was asked. */
export type Way = "line" | "store";

/** A host's log, and the way to it: the first that has answered. */
export interface WayToLog {
  readonly ask: AskLog;
  /** null: none has answered yet. */
  way(): Way | null;
}

/** @returns a failure that was foreseen @throws any other */
function foreseen(error: unknown): TetherdockError {
  if (error instanceof TetherdockError) return error;
  throw error;
}

/** Neither way leads to the host. */
export function neither(line: TetherdockError, store: TetherdockError): TetherdockError {
  const why = store.why.length > 0 ? `: ${store.why.join("; ")}` : "";
  // Of a line that is not there, the store is the way, and not another line.
  const ofLine = line.code === "GATEWAY_UNREACHABLE" ? line.hints : [];
  return new TetherdockError(line.code, `${line.message}; ${store.message}${why}`, {
    ...{ why: line.why, hints: [...new Set([...ofLine, ...store.hints])], cause: line },
  });
}

const settle = <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> =>
  Promise.allSettled([work]).then(([one]) => one);

const reasonOf = (one: PromiseSettledResult<unknown>): unknown =>
  one.status === "rejected" ? one.reason : undefined;

async function firstAnswer<T>(line: Promise<T>, store: Promise<T>): Promise<T> {
  const both = [settle(line), settle(store)] as const;
  try {
    return await Promise.any([line, store]);
  } catch {
    const [lost, failed] = await Promise.all(both);
    throw neither(foreseen(reasonOf(lost)), foreseen(reasonOf(failed)));
  }
}

/**
 * The line is tried first: it costs the store nothing, and no passphrase. But one that hangs may take 20 s to fail, so the store is
 * asked beside it after a while.
 * @param store null: there is no other way
 */
export function wayToLog(
  { pause }: Pick<FleetPorts, "pause">,
  line: AskLog,
  store: AskLog | null,
  isReady: () => boolean = () => true,
): WayToLog {
  let way: Way | null = null;
  const by =
    (next: Way, asked: AskLog): AskLog =>
    async (...question) => {
      const answer = await asked(...question);
      way ??= next;
      return answer;
    };
  const overLine = by("line", line);
  const throughStore = store && by("store", store);
  const ask: AskLog = async (...asked) => {
    if (way === "line" || throughStore === null) return overLine(...asked);
    if (way === "store") return throughStore(...asked);
    const [path, reader, withinMs] = asked;
    const over = new AbortController();
    const answer = overLine(path, reader, withinMs, over.signal);
    try {
      const early = await Promise.race([settle(answer), pause(LINE_ALONE_MS, over.signal)]);
      // A person is asked for a passphrase only if there is no other way.
      if (early?.status === "fulfilled" || !isReady()) await settle(answer);
      if (way !== null) return await answer;
      if (early?.status === "rejected") foreseen(early.reason);
      return await firstAnswer(answer, throughStore(...asked));
    } finally {
      over.abort();
    }
  };
  return { ask, way: () => way };
}
