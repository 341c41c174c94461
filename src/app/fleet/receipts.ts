/** Receipts of a fleet's hosts, as they come from its store. Only what a host's gateway has signed confirms anything. */
import { firstOf, type TetherdockError } from "../../base/index.ts";
import { type HostReceipt, judgeReceipt, type OperatedFleet, type StoredReceipt } from "../../fleet/index.ts";
import type { HostResult } from "./push-list.ts";

const MOST_NAMES = 5;

export const isRefused = ({ code }: TetherdockError): boolean => code === "GATEWAY_REFUSED";

/** Why the line did not do; default: it does not reach the host. */
const LINES = [
  ["no line to", (error: TetherdockError) => error.code === "LINE_UNKNOWN"],
  ["refused over the line by", isRefused],
  ["cannot reach", () => true],
] as const;

/** @returns whose receipts are waited for, and why; null: nobody's */
export function awaited(results: readonly HostResult[], receipts: Receipts): string | null {
  const groups = new Map<string, string[]>(LINES.map(([what]) => [what, []]));
  for (const one of results) {
    if (!("error" in one) || receipts.confirmed(one.host) || receipts.refuses(one.host)) continue;
    const [what] = LINES.find(([, holds]) => holds(one.error)) ?? LINES[2];
    groups.get(what)?.push(one.host);
  }
  const told = [...groups]
    .filter(([, hosts]) => hosts.length > 0)
    .map(([what, hosts]) => `${what} ${firstOf(hosts, MOST_NAMES)}`);
  return told.length === 0 ? null : told.join("; ");
}

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
  /** Hosts that have said something since the list was published. */
  readonly #heard = new Set<string>();
  /** By host: called for each receipt. */
  readonly #waiting = new Map<string, (() => void)[]>();

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

  /** The host has the list, and refuses it now. An old refusal does not count: its disk may have had no room then. */
  refuses(host: string): boolean {
    const found = this.#newest.get(host);
    if (found?.doubt !== null || !this.#heard.has(host)) return false;
    const { seen, inForce, refused } = found.stored;
    return refused !== null && seen >= this.#version && inForce < this.#version;
  }

  async follow(batches: AsyncIterable<readonly HostReceipt[]>): Promise<void> {
    let isFirst = true;
    for await (const batch of batches) {
      for (const receipt of batch) {
        if (!isFirst) this.#heard.add(receipt.host);
        this.#take(this.#judge(receipt));
      }
      isFirst = false;
    }
  }

  /** Waits until the host has the version. */
  of(host: string): Promise<void> {
    return this.#until(host, () => this.confirmed(host) !== null);
  }

  /** Waits until the host has the version, or refuses it. */
  settled(host: string): Promise<void> {
    return this.#until(host, () => this.confirmed(host) !== null || this.refuses(host));
  }

  #until(host: string, holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
    };
    this.#waiting.set(host, [...(this.#waiting.get(host) ?? []), look]);
    look();
    return promise;
  }

  /** What is confirmed stays so, whatever the store shows later. */
  #take(receipt: OfHost): void {
    const { host } = receipt;
    if (!this.confirmed(host)) this.#newest.set(host, receipt);
    for (const look of this.#waiting.get(host) ?? []) look();
  }
}
