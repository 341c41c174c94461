/** `fleet audit -f`: new records of a fleet's hosts, over their lines, or through the store. */
import { Places, SECOND_MS, shellJoin, TetherdockError } from "../../../base/index.ts";
import {
  type AskLog,
  type Fetched,
  fetchLog,
  MOST_FETCHED,
  MOST_OF_HOST,
  problemTexts,
  type RecordQuery,
} from "../../audit/index.ts";
import { askRecords, gatewayAccess } from "../../gateway-api/index.ts";
import { asTheyCome, type HostRecord } from "./as-they-come.ts";
import { askThroughStore, neither } from "./ask-host.ts";
import { type FleetAuditPorts, type FleetPlace, hostsOf } from "./fleet-audit.ts";

/** How late a record may be that comes through the store. */
const FETCH_MS = 2 * SECOND_MS;
/** Questions through the store, of all hosts: some may never be answered. */
const ASKED_AT_ONCE = 32;

type FollowQuery = Omit<RecordQuery, "follow">;

/** The copy of a host's log, and what it is made from. */
interface CopyOf {
  readonly ask: AskLog;
  readonly log: ReturnType<FleetAuditPorts["auditCopy"]>;
  /** The store fails, and may work again; or the host's log is not what was copied. The host is followed on. */
  readonly onFault: (error: TetherdockError) => void;
}

function broken(problems: Fetched["problems"]): TetherdockError {
  return new TetherdockError("AUDIT_BROKEN", problemTexts(problems).join("; "));
}

/** Copies what is new, time after time; what is wrong is said once, as the bytes that are copied are not looked at again. */
class Fetching {
  readonly #copy: CopyOf;
  #isLost = false;
  #bytes = 0;
  #told = "";

  constructor(copy: CopyOf) {
    this.#copy = copy;
  }

  /** @throws TetherdockError */
  async first(): Promise<void> {
    this.#take(await fetchLog(this.#copy.ask, this.#copy.log, { most: MOST_OF_HOST }));
  }

  async again(): Promise<void> {
    try {
      await this.first();
      this.#isLost = false;
    } catch (error) {
      if (!(error instanceof TetherdockError) || error.code === "FILE_FAILED") throw error;
      if (!this.#isLost) this.#copy.onFault(error);
      this.#isLost = true;
    }
  }

  #take({ problems, bytes, noRoom }: Fetched): void {
    if (noRoom !== null) throw noRoom;
    this.#bytes += bytes;
    if (this.#bytes > MOST_FETCHED)
      throw new TetherdockError("FILE_FAILED", `more than ${MOST_FETCHED} bytes of its log were copied`, {
        hints: ["tetherdock fleet audit -f   # to go on"],
      });
    if (problems.length === 0) return;
    const error = broken(problems);
    if (error.message !== this.#told) this.#copy.onFault(error);
    this.#told = error.message;
  }
}

/** Until the signal. @throws what is no fault of the store */
async function keepFetching(
  { pause }: FleetAuditPorts,
  fetching: Fetching,
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await pause(FETCH_MS, signal)) await fetching.again();
}

/** Copies what is new again and again, and reads the copy as it grows. */
async function* followCopy(ports: FleetAuditPorts, copy: CopyOf, query: FollowQuery): AsyncGenerator<string> {
  const fetching = new Fetching(copy);
  await fetching.first();
  const stop = new AbortController();
  const signal = AbortSignal.any([query.signal, stop.signal]);
  const failed = keepFetching(ports, fetching, signal).then(
    () => null,
    (error: unknown) => {
      stop.abort();
      return { error };
    },
  );
  try {
    yield* copy.log.records({ ...query, signal, follow: true });
  } finally {
    stop.abort();
  }
  const failure = await failed;
  if (failure !== null) throw failure.error;
}

function endedThere(host: string): TetherdockError {
  return new TetherdockError("GATEWAY_UNREACHABLE", "its gateway has ended, and is not followed any more", {
    hints: [
      shellJoin(["tetherdock", "status", host]),
      "tetherdock fleet audit -f --since 10m   # follows all again, with the records of ten minutes",
    ],
  });
}

async function* recordsOverLine(ports: FleetAuditPorts, host: string, query: FollowQuery) {
  yield* askRecords(ports.gateway, await gatewayAccess(ports, host), { ...query, follow: true });
}

/** @param copy made through the store; null: there is no way but the line */
async function* followHost(
  ports: FleetAuditPorts,
  host: string,
  copy: CopyOf | null,
  query: FollowQuery,
): AsyncGenerator<string> {
  let lost: TetherdockError;
  let isHeard = false;
  try {
    for await (const record of recordsOverLine(ports, host, query)) {
      isHeard = true;
      yield record;
    }
    if (query.signal.aborted) return;
    // Its gateway was stopped or started again in order: somebody has to hear that nothing comes from there.
    isHeard = true;
    throw endedThere(host);
  } catch (error) {
    if (isHeard || copy === null || !(error instanceof TetherdockError)) throw error;
    lost = error;
  }
  try {
    yield* followCopy(ports, copy, query);
  } catch (error) {
    throw error instanceof TetherdockError ? neither(lost, error) : error;
  }
}

/**
 * New records of all hosts, as they come.
 * @param onError a host cannot be followed, or not for now; the others can
 * @throws FLEET_UNKNOWN, FLEET_BROKEN; USAGE: no such host
 */
export async function* followFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
  query: FollowQuery,
  onError: (host: string, error: TetherdockError) => void,
): AsyncGenerator<HostRecord> {
  const { fleet, hosts } = await hostsOf(ports, place);
  const store = fleet.store && (await ports.openStore(fleet.store, fleet.name));
  const left = new AbortController();
  const following = { ...query, signal: AbortSignal.any([query.signal, left.signal]) };
  try {
    const throughStore = askThroughStore(ports, fleet, store);
    const places = new Places(ASKED_AT_ONCE);
    const copyOf = (host: string): CopyOf | null =>
      throughStore && {
        ask: (...question) => places.run(() => throughStore.to(host)(...question)),
        log: ports.auditCopy(fleet.name, host),
        onFault: (error) => onError(host, error),
      };
    const streams = hosts.map((host) => [host, followHost(ports, host, copyOf(host), following)] as const);
    yield* asTheyCome(new Map(streams), onError);
  } finally {
    left.abort();
    await store?.close();
  }
}
