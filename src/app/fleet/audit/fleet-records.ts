/** `fleet audit`: the records of the copies of all hosts, in order of time. */
import { mergeByTime, timeOfRecord } from "../../../audit/index.ts";
import type { RecordQuery } from "../../audit/index.ts";
import type { HostRecord } from "./as-they-come.ts";
import type { FleetAuditPorts } from "./fleet-audit.ts";

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
