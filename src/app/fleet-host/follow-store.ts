/**
 * The fleet process of a host: reads the list from the store, verifies it, hands it to the gateway, and writes the receipt.
 * It keeps nothing: the gateway has what is in force, on its disk.
 */
import { OneAtATime, quoteForeign, SECOND_MS } from "../../base/index.ts";
import { listLine, NO_RECEIPT, RECEIPTS_TAKEN } from "../../facts/index.ts";
import {
  type FleetDocuments,
  type HandOverAnswer,
  HEARTBEAT_MS,
  type HostReceipt,
  Newest,
  type StoreState,
  waitMs,
} from "../../fleet/index.ts";
import { type Judgement, judge, receiptOf } from "./judge.ts";
import type { FleetHostPorts } from "./ports.ts";

/**
 * After a refusal of the gateway, which may have been busy. Each time it takes longer: a list that it goes on refusing, and which both
 * sides verify whole, may lie in the store for weeks.
 */
const AGAIN_MS = 5 * SECOND_MS;
const RECEIPT_MS = 2 * SECOND_MS;

export class FollowStore {
  readonly #ports: FleetHostPorts;
  readonly #host: string;
  readonly #state: () => StoreState | null;
  readonly #turns = new OneAtATime();
  readonly #receipts = new Newest<HostReceipt>();
  #publication: string | null = null;
  /** Why the store does not take receipts; null: it does, or there was none yet. */
  #noReceipt: string | null = null;
  /** Whether it has taken or refused one. */
  #isTold = false;
  /** What was logged last, so that it is logged once. */
  #told = "";

  /** @param host name in the fleet's list @param state of the store, as the driver has told it */
  constructor(ports: FleetHostPorts, host: string, state: () => StoreState | null) {
    this.#ports = ports;
    this.#host = host;
    this.#state = state;
  }

  /**
   * Runs until the signal is aborted.
   * @throws FLEET_LINK_FAILED: the gateway is gone, or has something newer to say about the store
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
      await Promise.race([this.#read(either), this.#beat(either), this.#send(either)]);
    } finally {
      stop.abort();
    }
  }

  /** The state of the store has changed: `fleet status` asks the gateway. Whether that can be reached, the next heartbeat says. */
  async tellState(): Promise<void> {
    await this.#turns.run(() => this.#ask(null)).catch(() => {});
  }

  async #read(signal: AbortSignal): Promise<void> {
    for await (const text of this.#ports.store.publications(signal)) {
      this.#publication = text;
      await this.#consider();
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { pause, random } = this.#ports;
    for (let refusals = 0; !signal.aborted; ) {
      refusals = (await this.#consider()) ? refusals + 1 : 0;
      await pause(refusals > 0 ? waitMs(refusals - 1, AGAIN_MS, random()) : HEARTBEAT_MS, signal);
    }
  }

  /** Apart from reading: a store that takes no receipts must not hold a revocation up. */
  async #send(signal: AbortSignal): Promise<void> {
    const { store, pause, random } = this.#ports;
    for (let failures = 0; !signal.aborted; ) {
      const receipt = await this.#receipts.take(signal);
      if (receipt === undefined) continue;
      const why = await store.acknowledge(receipt).then(
        () => null,
        (error: Error) => error.message,
      );
      await this.#tellReceipts(why);
      failures = why === null ? 0 : failures + 1;
      if (why === null) continue;
      await pause(waitMs(failures - 1, RECEIPT_MS, random()), signal);
      if (!this.#receipts.isThere) this.#receipts.put(receipt);
    }
  }

  /** The operator asks the gateway, and doctor reads the journal. @param why not; null: the store takes receipts */
  async #tellReceipts(why: string | null): Promise<void> {
    if (this.#isTold && why === this.#noReceipt) return;
    this.#isTold = true;
    this.#noReceipt = why;
    this.#ports.log(why === null ? RECEIPTS_TAKEN : `${NO_RECEIPT}${quoteForeign(why)}`);
    await this.#turns.run(() => this.#ask(null));
  }

  #ask(documents: FleetDocuments | null): Promise<HandOverAnswer> {
    return this.#ports.handOver({ documents, store: this.#state(), noReceipt: this.#noReceipt });
  }

  /** @returns whether the gateway refuses what is published */
  #consider(): Promise<boolean> {
    return this.#turns.run(async () => {
      const held = await this.#ask(null);
      const text = this.#publication;
      if (text === null) return false;
      const judged = await judge(held, text);
      const answer = judged.offer === null ? held : await this.#ask(judged.offer);
      const receipt = receiptOf(this.#host, judged, answer);
      this.#tell(judged, receipt);
      this.#receipts.put(receipt);
      return judged.offer !== null && answer.refused !== null;
    });
  }

  #tell({ offer }: Judgement, { seen, rejected, refused, closed }: HostReceipt): void {
    const what = listLine(seen, { rejected, refused });
    if (what === this.#told) return;
    this.#told = what;
    const isTaken = offer !== null && rejected === null && refused === null;
    this.#ports.log(isTaken ? `${what}; closed ${closed} connections` : what);
  }
}
