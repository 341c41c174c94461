/** `fleet audit`: the records of a fleet's hosts: of the copies in order of time, or new ones as they come. */
import { mergeByTime, timeOfRecord } from "../../../audit/index.ts";
import type { TetherdockError } from "../../../base/index.ts";
import type { RecordQuery } from "../../audit/index.ts";
import { askRecords, gatewayAccess } from "../../gateway-api/index.ts";
import { type FleetAuditPorts, type FleetPlace, hostsOf, orError } from "./fleet-audit.ts";

export interface HostRecord {
  readonly host: string;
  /** JSON. */
  readonly record: string;
}

const BATCH = 256;

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
  const { hosts } = await hostsOf(ports, place);
  const streams = new Map<string, AsyncIterator<string>>();
  for (const host of hosts) {
    const opened = await orError(async () =>
      askRecords(ports.gateway, await gatewayAccess(ports, host), { ...query, follow: true }),
    );
    if ("error" in opened) onError(host, opened.error);
    else streams.set(host, opened[Symbol.asyncIterator]());
  }
  yield* asTheyCome(streams, onError);
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
