/** `fleet audit -f`: new records of a fleet's hosts, over their lines, or through the store. */
import { Places, SECOND_MS, TetherdockError } from "../../../base/index.ts";
import {
  type AskLog,
  type Fetched,
  type FollowQuery,
  fetchLog,
  followAgain,
  MOST_FETCHED,
  MOST_OF_HOST,
  overLine,
  problemTexts,
  type Reach,
} from "../../audit/index.ts";
import { askRecords, gatewayAccess } from "../../gateway-api/index.ts";
import { asTheyCome, type HostRecord } from "./as-they-come.ts";
import { askThroughStore, neither } from "./ask-host.ts";
import { type FleetAuditPorts, type FleetPlace, hostsOf } from "./fleet-audit.ts";

/** How late a record may be that comes through the store. */
const FETCH_MS = 2 * SECOND_MS;
/** Questions through the store, of all hosts: some may never be answered. */
const ASKED_AT_ONCE = 32;

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

/** Nothing of the host or of the store, so that waiting does not mend it: this machine's disk, the operator's key, Ctrl-C. */
const isOwn = ({ code }: TetherdockError): boolean =>
  code === "FILE_FAILED" ||
  code === "INTERRUPTED" ||
  code === "PROMPT_IMPOSSIBLE" ||
  code === "USAGE" ||
  code.startsWith("KEY_");

/** Over the line; through the store, if no line reaches the host. */
async function* recordsOnce(
  ports: FleetAuditPorts,
  host: string,
  copy: CopyOf | null,
  reach: Reach,
): AsyncGenerator<string> {
  let isReached = false;
  let lost: TetherdockError;
  try {
    const query = await reach(overLine(ports, host));
    isReached = true;
    yield* askRecords(ports.gateway, await gatewayAccess(ports, host), { ...query, follow: true });
    return;
  } catch (error) {
    if (isReached || copy === null || !(error instanceof TetherdockError)) throw error;
    lost = error;
  }
  try {
    yield* followCopy(ports, copy, await reach(copy.ask));
  } catch (error) {
    throw error instanceof TetherdockError && !isOwn(error) ? neither(lost, error) : error;
  }
}

/** What is said of hosts while they are followed. */
export interface HostsTold {
  /** A host cannot be followed, or not for now; the others can. */
  readonly onError: (host: string, error: TetherdockError) => void;
  readonly onAgain: (host: string) => void;
}

/** @param copy made through the store; null: there is no way but the line */
function followHost(
  ports: FleetAuditPorts,
  host: string,
  copy: CopyOf | null,
  query: FollowQuery,
  told: HostsTold,
): AsyncGenerator<string> {
  return followAgain(
    ports,
    {
      open: (reach) => recordsOnce(ports, host, copy, reach),
      // Without a store, a line that is missing stays so.
      isPassing: (error) => !isOwn(error) && (copy !== null || !error.code.startsWith("LINE_")),
      onStop: (error) => told.onError(host, error),
      onAgain: () => told.onAgain(host),
    },
    query,
  );
}

/**
 * New records of all hosts, as they come.
 * @param query without `sinceMs`, those that are made from now on
 * @throws FLEET_UNKNOWN, FLEET_BROKEN; USAGE: no such host
 */
export async function* followFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
  query: FollowQuery,
  told: HostsTold,
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
        onFault: (error) => told.onError(host, error),
      };
    const streams = hosts.map(
      (host) => [host, followHost(ports, host, copyOf(host), following, told)] as const,
    );
    yield* asTheyCome(new Map(streams), told.onError);
  } finally {
    left.abort();
    await store?.close();
  }
}
