/** The way to the audit log of a fleet's host: its line, or else the fleet's store. */
import type { KeyObject } from "node:crypto";
import { json, quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../../base/index.ts";
import {
  isOperator,
  makeQuestion,
  type OperatedFleet,
  type OperatorStore,
  openAnswer,
} from "../../../fleet/index.ts";
import type { AskLog } from "../../audit/index.ts";
import { signingKey } from "../operators/own-key.ts";
import type { FleetPorts } from "../ports.ts";

/** For an answer that need not be computed: the host may just have lost its connection to the store. */
const ANSWER_MS = 30 * SECOND_MS;

const readRefusal = json.openObject<{ readonly message: string }>({ message: { read: json.words() } });

function noAnswer(fleet: string, host: string, why: string): TetherdockError {
  return new TetherdockError("GATEWAY_UNREACHABLE", `${host} does not answer through the store`, {
    why: [why],
    hints: [shellJoin(["tetherdock", "fleet", "status", "--fleet", fleet])],
  });
}

/** Asks hosts through the store; null: it carries no questions, or this machine's key is no operator's. */
export function askThroughStore(
  ports: FleetPorts,
  fleet: OperatedFleet,
  store: OperatorStore | null,
): ((host: string) => AskLog) | null {
  const { kept, name } = fleet;
  const pass = store?.ask;
  if (!pass || !isOperator(kept.documents, fleet.operatorKey)) return null;
  let key: Promise<KeyObject> | null = null;
  const receiptKeys = new Map(kept.view.list.hosts.map((host) => [host.name, host.receiptKey]));
  return (host) =>
    async (path, reader, answerMs = ANSWER_MS) => {
      const receiptKey = receiptKeys.get(host);
      if (receiptKey === undefined)
        throw noAnswer(
          name,
          host,
          "it has joined with an older tetherdock: nobody could tell whose the answer is",
        );
      // The passphrase is asked for when the first host is not reached over its line.
      key ??= signingKey(ports, fleet);
      const asked = makeQuestion(kept.documents, { host, call: path, at: ports.clock() }, await key);
      const opened = await openAnswer(await pass(host, asked.text, answerMs), asked, receiptKey);
      if ("refused" in opened) throw noAnswer(name, host, quoteForeign(opened.refused));
      return readSaid(host, opened.said, reader);
    };
}

function readSaid<T>(host: string, said: { status: number; value: unknown }, reader: json.Read<T>): T {
  const text = JSON.stringify(said.value);
  if (said.status !== 200) {
    const refusal = json.read(text, readRefusal);
    const why = "value" in refusal ? refusal.value.message : `status ${said.status}`;
    throw new TetherdockError("GATEWAY_REFUSED", `the gateway of ${host} refuses: ${quoteForeign(why)}`);
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

/** Neither way leads to the host. */
export function neither(line: TetherdockError, store: TetherdockError): TetherdockError {
  const why = store.why.length > 0 ? `: ${store.why.join("; ")}` : "";
  return new TetherdockError(line.code, `${line.message}; ${store.message}${why}`, {
    ...{ why: line.why, hints: store.hints, cause: line },
  });
}

/**
 * The line is tried first: it costs the store nothing, and no passphrase.
 * @param store null: there is no other way
 */
export function wayToLog(line: AskLog, store: AskLog | null): WayToLog {
  let way: Way | null = null;
  const ask: AskLog = async (path, reader, answerMs) => {
    if (way === "store" && store) return store(path, reader, answerMs);
    try {
      const answer = await line(path, reader, answerMs);
      way = "line";
      return answer;
    } catch (error) {
      if (way === "line" || store === null || !(error instanceof TetherdockError)) throw error;
      try {
        const answer = await store(path, reader, answerMs);
        way = "store";
        return answer;
      } catch (other) {
        if (other instanceof TetherdockError) throw neither(error, other);
        throw other;
      }
    }
  };
  return { ask, way: () => way };
}
