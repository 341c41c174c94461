/** Which connections a change of the client list has cut: for the receipt of a revocation. */

/** A destroyed socket is closed within milliseconds; whoever waits for a receipt does not wait longer. */
const CLOSE_MS = 2_000;

/** What a change has cut. */
export interface CutReceipt<Session> {
  /** Connections as they were when they were cut, with the request that ran on each. */
  readonly cut: readonly Session[];
  /** How many of them are not closed yet. */
  readonly open: number;
}

async function inTime(closed: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
}

/** One change in progress. */
interface Pending<Session> {
  /** null: those of all clients count. */
  readonly client: string | null;
  readonly cut: Session[];
  /** Ids of these: who loses both the role and the place on the list is cut twice. */
  readonly told: Set<string>;
  readonly open: Set<string>;
  closed: () => void;
}

export class Cuts<Session extends { readonly id: string }> {
  readonly #changes = new Set<Pending<Session>>();

  /** A connection is being cut. Costs nothing while no change is being made. @param session made only if it is needed */
  tell(client: string | null, session: () => Session): void {
    for (const { client: wanted, cut, told, open } of this.#changes)
      if (wanted === null || wanted === client) {
        const one = session();
        if (told.has(one.id)) continue;
        told.add(one.id);
        cut.push(one);
        open.add(one.id);
      }
  }

  /** A connection's socket is closed. */
  closed(id: string): void {
    for (const { open, closed } of this.#changes) if (open.delete(id) && open.size === 0) closed();
  }

  /**
   * Makes a change, and waits until the connections that it cut are closed.
   * @param client whose connections count; null: everybody's
   */
  async during<T>(
    client: string | null,
    change: () => Promise<T>,
  ): Promise<{ result: T; receipt: CutReceipt<Session> }> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pending: Pending<Session> = { client, cut: [], told: new Set(), open: new Set(), closed: resolve };
    this.#changes.add(pending);
    try {
      const result = await change();
      if (pending.open.size > 0) await inTime(promise);
      return { result, receipt: { cut: pending.cut, open: pending.open.size } };
    } finally {
      this.#changes.delete(pending);
    }
  }
}
