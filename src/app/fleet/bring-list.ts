/** Publishes a fleet's list, and waits until its hosts have it: by the operator's lines, or by their receipts in the store. */
import { SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  formatPublication,
  isShared,
  type OperatedFleet,
  type OperatorStore,
  readProposal,
  thresholdOf,
} from "../../fleet/index.ts";
import { offLine } from "./hosts/off-line.ts";
import type { FleetPorts } from "./ports.ts";
import { eachHost, type HostResult, pushTo } from "./push-list.ts";
import { awaited, isRefused, Receipts } from "./receipts.ts";

/** What became of a change. */
export interface Brought {
  readonly hosts: readonly HostResult[];
  /** Why the store does not have the list; null: it has it, or the fleet has no store. */
  readonly storeError: TetherdockError | null;
}

/** A change, and what became of it on each host. */
export interface Pushed extends Brought {
  readonly fleet: OperatedFleet;
  /** Version that was signed here, if another command or operator has published a later one meanwhile. Hosts that have it have the change. */
  readonly since?: number;
}

const LOOK_MS = 3 * SECOND_MS;
/** Hosts poll every 10 s, and the answer of a slow store takes up to 30. */
const RECEIPTS_MS = 45 * SECOND_MS;
/** How long a line may take although the host's receipt is here. */
const DESPITE_RECEIPT_MS = SECOND_MS;
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

export type Look<T> = { readonly found: T | null } | { readonly unread: TetherdockError };

const notRead = (error: unknown): TetherdockError =>
  error instanceof TetherdockError
    ? error
    : new TetherdockError("FLEET_STORE_FAILED", "the fleet's store cannot be read", { cause: error });

/** @returns what the look finds; null: nothing, or the fleet has no store; or why the store cannot be read in that time */
export async function readStore<T>(
  ports: Pick<FleetPorts, "openStore" | "pause">,
  fleet: OperatedFleet,
  look: (store: OperatorStore) => Promise<T | null>,
  withinMs = LOOK_MS,
): Promise<Look<T>> {
  const stop = new AbortController();
  const why = [`it does not answer within ${withinMs / SECOND_MS} s`];
  const late = ports.pause(withinMs, stop.signal).then(() => ({
    unread: new TetherdockError("FLEET_STORE_FAILED", "the fleet's store cannot be read", { why }),
  }));
  const found = withStore(ports, fleet, async (store) => store && look(store)).then(
    (value) => ({ found: value }),
    (error: unknown) => ({ unread: notRead(error) }),
  );
  try {
    return await Promise.race([found, late]);
  } finally {
    stop.abort();
  }
}

/**
 * A store that is away must not hold a revocation up.
 * @returns what the look finds; null: the fleet has no store, or it does not answer in time. Whoever publishes tells that
 */
export async function lookInStore<T>(
  ports: Pick<FleetPorts, "openStore" | "pause">,
  fleet: OperatedFleet,
  look: (store: OperatorStore) => Promise<T | null>,
): Promise<T | null> {
  const read = await readStore(ports, fleet, look);
  return "found" in read ? read.found : null;
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
  joins: boolean,
): Promise<HostResult> {
  const stored = receipts?.confirmed(host) ?? null;
  if (stored || receipts === null) return stored ?? pushTo(ports, fleet, host, { joins });
  const stop = new AbortController();
  const byReceipt = async () => {
    await Promise.all([receipts.of(host), ports.pause(DESPITE_RECEIPT_MS, stop.signal)]);
    return receipts.confirmed(host) as HostResult;
  };
  try {
    return await Promise.race([pushTo(ports, fleet, host, { joins, signal: stop.signal }), byReceipt()]);
  } finally {
    stop.abort();
  }
}

/** Says for whom it waits, if that takes long. */
async function tellWaiting(
  { tell, pause }: FleetPorts,
  fleet: string,
  results: readonly HostResult[],
  receipts: Receipts,
  signal: AbortSignal,
): Promise<void> {
  await pause(TELL_MS, signal);
  if (signal.aborted) return;
  const why = awaited(results, receipts);
  const status = shellJoin(["tetherdock", "fleet", "status", "--fleet", fleet]);
  if (why !== null)
    tell(
      `${why}; waiting up to ${RECEIPTS_MS / SECOND_MS} s for receipts; the change is signed, and Ctrl-C does not take it back: ${status} says which hosts have it`,
    );
}

/** The store reaches hosts that the line does not. */
async function settle(
  ports: FleetPorts,
  fleet: OperatedFleet,
  receipts: Receipts | null,
  joining: ReadonlySet<string>,
  late: Promise<unknown>,
  signal: AbortSignal,
): Promise<HostResult[]> {
  const first = await eachHost(ports, fleet.kept.view.list.hosts, ({ name }) =>
    lineOrReceipt(ports, fleet, name, receipts, joining.has(name)),
  );
  if (receipts === null) return first;
  void tellWaiting(ports, fleet.name, first, receipts, signal);
  return Promise.all(
    first.map(async (result) => {
      if (!("error" in result)) return result;
      const { host, error } = result;
      await Promise.race([receipts.settled(host), late]);
      const receipt = isRefused(error) ? receipts.confirmed(host) : receipts.newest(host);
      if (!receipt) return result;
      return receipts.confirmed(host) === null ? offLine(receipt, error, ports.clock()) : receipt;
    }),
  );
}

/** The store may have lost what it was told before: it was wiped, or restored from a backup. */
async function endAgain(
  { tell }: FleetPorts,
  store: OperatorStore,
  names: readonly string[],
  isShared: boolean,
): Promise<void> {
  const lost = await store.endAgain(names, isShared);
  const what = lost === 1 ? "1 credential of a host was" : `${lost} credentials of hosts were`;
  if (lost > 0) tell(`the store had forgotten that ${what} ended; it knows now`);
}

/** Publishes, and hears the receipts until the signal is aborted. @returns why not */
async function viaStore(
  ports: FleetPorts,
  store: OperatorStore,
  { view, documents }: OperatedFleet["kept"],
  receipts: Receipts,
  signal: AbortSignal,
): Promise<TetherdockError | null> {
  const names = view.list.hosts.map(({ name }) => name);
  return failureOf(async () => {
    const isSharedList = isShared(documents);
    // Before: a host may be faster than the store's answer.
    const batches = store.receipts(names, signal);
    await store.publish(
      formatPublication(documents),
      view.version,
      isSharedList ? documents.hosts : undefined,
    );
    // Receipts do not wait for it.
    const done = await Promise.allSettled([
      endAgain(ports, store, names, isSharedList),
      signal.aborted ? null : batches && receipts.follow(batches),
    ]);
    for (const one of done) if (one.status === "rejected") throw one.reason;
  });
}

/** One operator alone has changed the list under a change that waits, for the first threshold above one for example. */
async function tellOutdated(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  const { name, kept } = fleet;
  if (!isShared(kept.documents) || thresholdOf(kept.documents) > 1) return;
  const text = await lookInStore(ports, fleet, (store) => store.proposed());
  const read = text === null ? null : readProposal(kept, text, ports.clock());
  if (read !== null && "refused" in read && read.isOld && !read.isPublished)
    ports.tell(
      `the change that waits for signatures is for the list before this one: make it again; tetherdock fleet sign --drop --fleet ${name} removes it`,
    );
}

/**
 * Over the lines and by the store at once: a store that is away takes half a minute to say so. Hosts that nobody reaches keep the
 * list that they have. @param joining hosts that may be in no fleet yet @returns what became of each host, in the list's order
 */
export function bringList(
  ports: FleetPorts,
  fleet: OperatedFleet,
  joining: ReadonlySet<string> = new Set(),
): Promise<Brought> {
  return withStore(ports, fleet, async (store) => {
    const stop = new AbortController();
    const receipts = store && new Receipts(fleet);
    const stored = store && receipts ? viaStore(ports, store, fleet.kept, receipts, stop.signal) : null;
    try {
      // Without receipts there is nothing to wait for.
      const late = Promise.race([ports.pause(RECEIPTS_MS, stop.signal), stored ?? Promise.resolve()]);
      const hosts = await settle(ports, fleet, receipts, joining, late, stop.signal);
      stop.abort();
      const storeError = (await stored) ?? null;
      if (storeError === null) await tellOutdated(ports, fleet);
      return { hosts, storeError };
    } finally {
      stop.abort();
    }
  });
}
