/** Some hosts of a fleet in one process: the real fleet process's code with the real driver, and a stand-in for the gateway. */
import { FollowStore } from "../../src/app/fleet-host/index.ts";
import {
  type FleetDocuments,
  type HandOver,
  type HandOverAnswer,
  readPublication,
  type StoreAddress,
  type StoreState,
  verifySignatures,
} from "../../src/fleet/index.ts";
import { pause } from "../../src/system/fleet-process/pause.ts";
import { openHostStore } from "../../src/system/fleet-store/open-host-store.ts";

/** What the parent sends. */
export interface Wanted {
  readonly address: StoreAddress;
  readonly fleet: string;
  /** A publication that the hosts trust from the beginning. */
  readonly first: string;
  readonly hosts: readonly { readonly name: string; readonly credentials: string }[];
}

/** What the parent gets: a host has a version in force. */
export interface InForce {
  readonly host: string;
  readonly version: number;
  /** Milliseconds since the epoch: all is on one machine. */
  readonly at: number;
}

/** Puts in force what is handed over, and tells the parent. */
class Gateway {
  readonly #host: string;
  #documents: FleetDocuments;
  #version = 1;

  constructor(host: string, documents: FleetDocuments) {
    this.#host = host;
    this.#documents = documents;
  }

  async handOver({ documents }: HandOver): Promise<HandOverAnswer> {
    if (documents !== null) {
      const verified = await verifySignatures(this.#documents, documents);
      if ("refused" in verified) throw new Error(verified.refused);
      this.#documents = verified.documents;
      this.#version = verified.version;
      const told: InForce = { host: this.#host, version: verified.version, at: Date.now() };
      process.send?.(told);
    }
    const rest = { refused: null, closed: 0, open: 0, tookMs: 0 };
    return { documents: this.#documents, inForce: this.#version, ...rest };
  }
}

async function follow({ address, fleet, first }: Wanted, host: Wanted["hosts"][number]): Promise<void> {
  const read = readPublication(first);
  if (!("value" in read)) throw new Error(read.problems.join());
  const gateway = new Gateway(host.name, read.value);
  let state: StoreState | null = null;
  const onState = (next: StoreState) => {
    state = next;
  };
  const { name, credentials } = host;
  const store = await openHostStore({ address, fleet, host: name, credentials, onState });
  const handOver = (offer: HandOver) => gateway.handOver(offer);
  const ports = { store, handOver, clock: Date.now, pause, random: Math.random, log: () => {} };
  await new FollowStore(ports, name, () => state).run(new AbortController().signal);
}

process.on("message", (wanted: Wanted) => {
  for (const host of wanted.hosts) void follow(wanted, host);
});
