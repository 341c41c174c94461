/** `fleet audit`: the records of a fleet's hosts: of the copies in order of time, or new ones as they come. */
import { mergeByTime, timeOfRecord } from "../../../audit/index.ts";
import { SECOND_MS, TetherdockError } from "../../../base/index.ts";
import { type AskLog, fetchLog, type RecordQuery } from "../../audit/index.ts";
import { askRecords, gatewayAccess } from "../../gateway-api/index.ts";
import { askThroughStore, neither } from "./ask-host.ts";
import { type FleetAuditPorts, type FleetPlace, hostsOf, orError } from "./fleet-audit.ts";

export interface HostRecord {
  readonly host: string;
  /** JSON. */
  readonly record: string;
}

const BATCH = 256;
/** How late a record may be that comes through the store. */
const FETCH_MS = 2 * SECOND_MS;

async function* inBatches(host: string, records: AsyncIterable<string>): AsyncGenerator<HostRecord[]> {
  let batch: HostRecord[] = [];
  for await (const record of records) {
    batch.push({ host, record });
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** @returns the records of the copies, oldest first @throws FILE_FAILED */
export async function* showFleetAudit(
  ports: FleetAuditPorts,
  fleet: string,
  hosts: readonly string[],
  query: Omit<RecordQuery, "follow">,
): AsyncGenerator<HostRecord> {
  const there: string[] = [];
  for (const host of hosts) if ((await ports.auditCopy(fleet, host).sizes()).size > 0) there.push(host);
  const sequences = there.map((host) =>
    inBatches(host, ports.auditCopy(fleet, host).records({ ...query, follow: false })),
  );
  for await (const batch of mergeByTime(sequences, ({ record }) => timeOfRecord(record))) yield* batch;
}

/**
 * New records of all hosts, as they come.
 * @param onError a host cannot be followed (any more); the others can
 * @throws as {@link hostsOf}
 */
export async function* followFleetAudit(
  ports: FleetAuditPorts,
  place: FleetPlace,
  query: Omit<RecordQuery, "follow">,
  onError: (host: string, error: TetherdockError) => void,
): AsyncGenerator<HostRecord> {
  const { fleet, hosts } = await hostsOf(ports, place);
  const store = fleet.store && (await ports.openStore(fleet.store, fleet.name));
  try {
    const throughStore = askThroughStore(ports, fleet, store);
    const streams = hosts.map((host) => {
      const copy = throughStore && { ask: throughStore(host), log: ports.auditCopy(fleet.name, host) };
      return [host, followHost(ports, host, copy, query)] as const;
    });
    yield* asTheyCome(new Map(streams), onError);
  } finally {
    await store?.close();
  }
}

type FollowQuery = Omit<RecordQuery, "follow">;
type CopyOf = { readonly ask: AskLog; readonly log: ReturnType<FleetAuditPorts["auditCopy"]> };

/** Where no line reaches the host, what the store brings is copied again and again, and the copy is read as it grows. */
async function* followCopy(
  ports: FleetAuditPorts,
  { ask, log }: CopyOf,
  query: FollowQuery,
): AsyncGenerator<string> {
  await fetchLog(ask, log);
  const stop = new AbortController();
  const signal = AbortSignal.any([query.signal, stop.signal]);
  const fetching = async () => {
    for (; !signal.aborted; await ports.pause(FETCH_MS, signal)) await fetchLog(ask, log);
  };
  const failed = fetching().then(
    () => null,
    (error: unknown) => {
      stop.abort();
      return { error };
    },
  );
  try {
    yield* log.records({ ...query, signal, follow: true });
  } finally {
    stop.abort();
  }
  const failure = await failed;
  if (failure !== null) throw failure.error;
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
    return;
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

type Next = { readonly host: string } & (
  | { readonly next: IteratorResult<string> }
  | { error: TetherdockError }
);

async function* asTheyCome(
  streams: Map<string, AsyncIterator<string>>,
  onError: (host: string, error: TetherdockError) => void,
): AsyncGenerator<HostRecord> {
  const ask = async (host: string): Promise<Next> => ({
    host,
    ...(await orError(async () => ({
      next: (await streams.get(host)?.next()) ?? { done: true as const, value: undefined },
    }))),
  });
  const waiting = new Map([...streams.keys()].map((host) => [host, ask(host)]));
  while (waiting.size > 0) {
    const heard = await Promise.race(waiting.values());
    const { host } = heard;
    if ("error" in heard) onError(host, heard.error);
    if ("error" in heard || heard.next.done) {
      waiting.delete(host);
      continue;
    }
    waiting.set(host, ask(host));
    yield { host, record: heard.next.value };
  }
}
