/** Publishes a fleet's list, and waits until its hosts have it: by the operator's lines, or by their receipts in the store. */
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import {
  formatPublication,
  type HostReceipt,
  type OperatedFleet,
  type OperatorStore,
} from "../../fleet/index.ts";
import type { FleetPorts } from "./ports.ts";
import { eachAtOnce, type HostResult, pushTo, tellsItself } from "./push-list.ts";
import { versionOn } from "./results.ts";

/** What became of a change. */
export interface Brought {
  readonly hosts: readonly HostResult[];
  /** Why the store does not have the list; null: it has it, or the fleet has no store. */
  readonly storeError: TetherdockError | null;
}

/** Hosts poll every 10 s, and the answer of a slow store takes up to 30. */
const RECEIPTS_MS = 45 * SECOND_MS;
/** How long a line may take although the host's receipt is here. */
const LINE_MS = SECOND_MS;
/** Receipts come faster where all is well. */
const TELL_MS = 2 * SECOND_MS;

async function failureOf(work: () => Promise<void>): Promise<TetherdockError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof TetherdockError) return error;
    throw error;
  }
}

/** Runs with the fleet's store open. @param work gets null: the fleet has none */
export async function withStore<T>(
  { openStore }: Pick<FleetPorts, "openStore">,
  { store, name }: OperatedFleet,
  work: (store: OperatorStore | null) => Promise<T>,
): Promise<T> {
  if (store === null) return work(null);
  const opened = await openStore(store, name);
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Receipts as they come. */
class Receipts {
  readonly newest = new Map<string, HostReceipt>();
  readonly #version: number;
  readonly #waiting = new Map<string, () => void>();

  constructor(version: number) {
    this.#version = version;
  }

  has(host: string): boolean {
    return (this.newest.get(host)?.inForce ?? 0) >= this.#version;
  }

  async follow(batches: AsyncIterable<readonly HostReceipt[]>): Promise<void> {
    for await (const batch of batches)
      for (const receipt of batch) {
        this.newest.set(receipt.host, receipt);
        if (this.has(receipt.host)) this.#waiting.get(receipt.host)?.();
      }
  }

  /** Waits until the host has the version. */
  of(host: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(host, resolve);
    if (this.has(host)) resolve();
    return promise;
  }
}

/** What the receipts say of a host; null: not that it has the version. */
function storedOn(host: string, receipts: Receipts | null): HostResult | null {
  const receipt = receipts?.newest.get(host);
  return receipt && receipts?.has(host) ? { host, stored: receipt } : null;
}

/**
 * Asks over the line, which says more than a receipt; but a host whose receipt is here is not waited for: the line may take
 * 20 s to fail, and there may be a thousand.
 */
async function lineOrReceipt(
  ports: FleetPorts,
  fleet: OperatedFleet,
  host: string,
  receipts: Receipts | null,
): Promise<HostResult> {
  const stored = storedOn(host, receipts);
  if (stored || receipts === null) return stored ?? pushTo(ports, fleet, host);
  const stop = new AbortController();
  const byReceipt = async () => {
    await Promise.all([receipts.of(host), ports.pause(LINE_MS, stop.signal)]);
    return storedOn(host, receipts) as HostResult;
  };
  try {
    return await Promise.race([pushTo(ports, fleet, host, stop.signal), byReceipt()]);
  } finally {
    stop.abort();
  }
}

/** The host has refused over its line, so it can be asked what it has; unless this client may not ask. */
async function afterRefusal(
  ports: FleetPorts,
  { kept }: OperatedFleet,
  refused: HostResult,
  stored: HostReceipt,
): Promise<HostResult> {
  const { host } = refused;
  const told = await tellsItself(ports, host);
  if ("error" in told) return { host, stored };
  return versionOn(told) === kept.view.version ? told : refused;
}

/** Says for whom it waits, if that takes long. */
async function tellWaiting(
  { tell, pause }: FleetPorts,
  results: readonly HostResult[],
  receipts: Receipts,
  signal: AbortSignal,
): Promise<void> {
  await pause(TELL_MS, signal);
  if (signal.aborted) return;
  const away = results.filter((one) => "error" in one && !receipts.has(one.host)).map(({ host }) => host);
  if (away.length === 0) return;
  const names = `${away.slice(0, 5).join(", ")}${away.length > 5 ? ", …" : ""}`;
  tell(
    `cannot reach ${names}; waiting up to ${RECEIPTS_MS / SECOND_MS} s for ${away.length === 1 ? "its receipt" : "their receipts"}`,
  );
}

/** The store reaches hosts that the line does not. */
async function settle(
  ports: FleetPorts,
  fleet: OperatedFleet,
  receipts: Receipts | null,
  late: Promise<unknown>,
  signal: AbortSignal,
): Promise<HostResult[]> {
  const first = await eachAtOnce(fleet.kept.view.list.hosts, ({ name }) =>
    lineOrReceipt(ports, fleet, name, receipts),
  );
  if (receipts === null) return first;
  void tellWaiting(ports, first, receipts, signal);
  return Promise.all(
    first.map(async (result) => {
      if (!("error" in result)) return result;
      const { host, error } = result;
      await Promise.race([receipts.of(host), late]);
      const receipt = receipts.newest.get(host);
      // A receipt is not signed: what the host itself has refused is not confirmed by one.
      if (receipt && error.code === "GATEWAY_REFUSED") return afterRefusal(ports, fleet, result, receipt);
      return receipt ? { host, stored: receipt } : result;
    }),
  );
}

/** Publishes, and hears the receipts until the signal is aborted. @returns why not */
async function viaStore(
  store: OperatorStore,
  { view, documents }: OperatedFleet["kept"],
  receipts: Receipts,
  signal: AbortSignal,
): Promise<TetherdockError | null> {
  const names = view.list.hosts.map(({ name }) => name);
  return failureOf(async () => {
    await store.publish(formatPublication(documents), view.version);
    const batches = signal.aborted ? null : store.receipts(names, signal);
    if (batches !== null) await receipts.follow(batches);
  });
}

/**
 * Over the lines and by the store at once: a store that is away takes half a minute to say so. Hosts that nobody reaches keep the
 * list that they have. @returns what became of each host, in the list's order
 */
export function bringList(ports: FleetPorts, fleet: OperatedFleet): Promise<Brought> {
  return withStore(ports, fleet, async (store) => {
    const stop = new AbortController();
    const receipts = store && new Receipts(fleet.kept.view.version);
    const stored = store && receipts ? viaStore(store, fleet.kept, receipts, stop.signal) : null;
    try {
      // Without receipts nobody is waited for.
      const late = Promise.race([ports.pause(RECEIPTS_MS, stop.signal), stored ?? Promise.resolve()]);
      const hosts = await settle(ports, fleet, receipts, late, stop.signal);
      stop.abort();
      return { hosts, storeError: (await stored) ?? null };
    } finally {
      stop.abort();
    }
  });
}
