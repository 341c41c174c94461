/** `fleet status`: what the hosts and the store have. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type HostReceipt,
  type OperatedFleet,
  type OperatorStore,
  readPublication,
} from "../../fleet/index.ts";
import { type Pushed, withStore } from "./bring-list.ts";
import { offLine } from "./hosts/off-line.ts";
import { aheadOf, changedElsewhere, takeNewest, verifyPublished } from "./newest-list.ts";
import { openFleet, requireStore } from "./open-fleet.ts";
import { type Waiting, waitingIn } from "./operators/sign.ts";
import type { FleetPorts } from "./ports.ts";
import { askHosts } from "./push-list.ts";
import { receiptJudge } from "./receipts.ts";

export interface FleetStatus extends Pushed {
  /** Version of the list in the store; null: the fleet has no store, or `storeError` says what is wrong. */
  readonly published: number | null;
  /** A change that waits for signatures; null: none does; FLEET_REFUSED: what waits cannot be signed. */
  readonly waiting: Waiting | TetherdockError | null;
}

/** An old list in the store stops no host: each keeps the newest that it has seen. */
function wrong({ name, store }: OperatedFleet, why: string): TetherdockError {
  return new TetherdockError("FLEET_STORE_FAILED", "the fleet's store does not have this fleet's list", {
    why: [`${store?.address.urls.join(", ")}: ${quoteForeign(why)}`],
    hints: [
      shellJoin(["tetherdock", "fleet", "push", "--fleet", name]),
      "tetherdock fleet store --help   # if its address or its folder is wrong",
    ],
  });
}

/** The store is no more trusted here than on a host. @throws FLEET_STORE_FAILED, FLEET_CONFLICT */
async function versionIn(ports: FleetPorts, store: OperatorStore, fleet: OperatedFleet): Promise<number> {
  const { kept } = fleet;
  requireStore(fleet);
  const text = await store.published();
  if (text === null) throw wrong(fleet, "nothing is published");
  const read = readPublication(text);
  if ("problems" in read) throw wrong(fleet, read.problems.slice(0, 3).join("; "));
  const trusted = await verifyPublished(kept, read.value);
  if ("refused" in trusted) throw wrong(fleet, trusted.refused);
  const { version } = trusted.view;
  const ahead = await aheadOf(ports, store, fleet, read.value);
  if (ahead !== null) throw changedElsewhere(fleet, ahead);
  if (version !== kept.view.version)
    throw wrong(fleet, `it has version ${version}, not ${kept.view.version}`);
  return version;
}

async function firstReceipts(
  store: OperatorStore,
  hosts: readonly string[],
): Promise<readonly HostReceipt[]> {
  const stop = new AbortController();
  try {
    for await (const batch of store.receipts(hosts, stop.signal) ?? []) return batch;
    return [];
  } finally {
    stop.abort();
  }
}

async function tried<T>(work: () => Promise<T>): Promise<{ value: T | null; error: TetherdockError | null }> {
  try {
    return { value: await work(), error: null };
  } catch (error) {
    if (error instanceof TetherdockError) return { value: null, error };
    throw error;
  }
}

/** @throws FLEET_UNKNOWN, FLEET_BROKEN */
export async function fleetStatus(ports: FleetPorts, name: string | undefined): Promise<FleetStatus> {
  const begun = await takeNewest(ports, await openFleet(ports, name));
  const names = begun.kept.view.list.hosts.map((one) => one.name);
  return withStore(ports, begun, async (store) => {
    const [asked, receipts] = await Promise.all([
      askHosts(ports, begun),
      tried(async () => (store ? firstReceipts(store, names) : [])),
    ]);
    // A host may take long to answer: another command on this machine may have changed the list meanwhile.
    const fleet = await openFleet(ports, begun.name);
    const [published, waiting] = await Promise.all([
      tried(async () => store && versionIn(ports, store, fleet)),
      waitingIn(ports, fleet),
    ]);
    const judge = receiptJudge(fleet);
    const byHost = new Map((receipts.value ?? []).map((one) => [one.host, one]));
    const hosts = asked.map((one) => {
      const stored = byHost.get(one.host);
      if (!("error" in one) || !stored) return one;
      return offLine(judge(stored), one.error, ports.clock());
    });
    const storeError = published.error ?? receipts.error;
    const { version } = begun.kept.view;
    const since = version < fleet.kept.view.version ? { since: version } : {};
    return { fleet, hosts, storeError, published: published.value, waiting, ...since };
  });
}

/**
 * Whether the store gives hosts what was signed last.
 * @returns FLEET_STORE_FAILED or FLEET_CONFLICT; null: it does, or the fleet has none
 */
export async function storeProblem(ports: FleetPorts, fleet: OperatedFleet): Promise<TetherdockError | null> {
  const { error } = await tried(() =>
    withStore(ports, fleet, async (store) => store && versionIn(ports, store, fleet)),
  );
  return error;
}
