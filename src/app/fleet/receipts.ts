/** Receipts of a fleet's hosts, as they come from its store. Only what a host's gateway has signed confirms anything. */
import { type HostReceipt, judgeReceipt, type OperatedFleet, type StoredReceipt } from "../../fleet/index.ts";

type OfHost = { readonly host: string } & StoredReceipt;

/** @returns judges receipts of the fleet's hosts */
export function receiptJudge({ kept: { documents, view } }: OperatedFleet): (receipt: HostReceipt) => OfHost {
  const keys = new Map(view.list.hosts.map(({ name, receiptKey }) => [name, receiptKey]));
  return (receipt) => ({
    host: receipt.host,
    ...judgeReceipt(documents, view.version, receipt, keys.get(receipt.host)),
  });
}

export class Receipts {
  readonly #newest = new Map<string, OfHost>();
  readonly #version: number;
  readonly #judge: (receipt: HostReceipt) => OfHost;
  readonly #waiting = new Map<string, () => void>();

  constructor(fleet: OperatedFleet) {
    this.#version = fleet.kept.view.version;
    this.#judge = receiptJudge(fleet);
  }

  /** Whatever it says; undefined: there is none. */
  newest(host: string): OfHost | undefined {
    return this.#newest.get(host);
  }

  /** The receipt, if it confirms the version. */
  confirmed(host: string): OfHost | null {
    const found = this.#newest.get(host);
    return found?.doubt === null && found.stored.inForce >= this.#version ? found : null;
  }

  async follow(batches: AsyncIterable<readonly HostReceipt[]>): Promise<void> {
    for await (const batch of batches) for (const receipt of batch) this.#take(this.#judge(receipt));
  }

  /** Waits until the host has the version. */
  of(host: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(host, resolve);
    if (this.confirmed(host)) resolve();
    return promise;
  }

  /** What is confirmed stays so, whatever the store shows later. */
  #take(receipt: OfHost): void {
    const { host } = receipt;
    if (!this.confirmed(host)) this.#newest.set(host, receipt);
    if (this.confirmed(host)) this.#waiting.get(host)?.();
  }
}
