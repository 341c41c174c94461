/**
 * Some hosts of a fleet in one process, each with a connection of its own: the real fleet process's code with the real driver, and
 * a stand-in for the gateway. Some only listen, and write a receipt at once: one machine cannot do
 * the work of a thousand.
 */

import { FollowStore } from "../../src/app/fleet-host/index.ts";
import {
  type FleetDocuments,
  formatReceipt,
  type HandOver,
  type HandOverAnswer,
  type HostStore,
  inboxOf,
  lastOf,
  listSubject,
  readPublication,
  receiptSubject,
  type StoreAddress,
  type StoreState,
  verifySignatures,
} from "../../src/fleet/index.ts";
import { pause } from "../../src/system/fleet-process/pause.ts";
import { ANSWER_MS, connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openHostStore } from "../../src/system/fleet-store/open-host-store.ts";
import { NO_QUESTION } from "../../test/support/fleet/no-question.ts";

/** What the parent sends. */
export interface Wanted {
  readonly address: StoreAddress;
  readonly fleet: string;
  /** A publication that the hosts trust from the beginning. */
  readonly first: string;
  /** What is published when they start. */
  readonly version: number;
  readonly hosts: readonly {
    readonly name: string;
    readonly credentials: string;
    /** false: it only listens. */
    readonly verifies: boolean;
  }[];
}

/** What the parent gets: a host has a version in force; or it only listens, and has got it. */
export interface InForce {
  readonly host: string;
  readonly version: number;
  /** When the text came, milliseconds since the epoch: all is on one machine. */
  readonly got: number;
  /** When it was in force. */
  readonly at: number;
}

const NEVER = new AbortController().signal;
const tell = (told: InForce): void => void process.send?.(told);

/** Puts in force what is handed over, and tells the parent. */
class Gateway {
  readonly #host: string;
  #documents: FleetDocuments;
  #version = 1;
  got = 0;

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
      tell({ host: this.#host, version: verified.version, got: this.got, at: Date.now() });
    }
    const rest = { refused: null, closed: 0, open: 0, tookMs: 0, at: Date.now(), signature: null };
    return { documents: this.#documents, list: null, inForce: this.#version, ...rest };
  }
}

async function follow(
  host: string,
  store: HostStore,
  first: string,
  state: () => StoreState | null,
): Promise<void> {
  const read = readPublication(first);
  if (!("value" in read)) throw new Error(read.problems.join());
  const gateway = new Gateway(host, read.value);
  const timed: HostStore = {
    acknowledge: (receipt) => store.acknowledge(receipt),
    close: () => store.close(),
    async *publications(signal) {
      for await (const text of store.publications(signal)) {
        gateway.got = Date.now();
        yield text;
      }
    },
  };
  const handOver = (offer: HandOver) => gateway.handOver(offer);
  const ports = { store: timed, handOver, pause, random: Math.random, log: () => {} };
  await new FollowStore(ports, host, state).run(NEVER);
}

/** What the driver does, but for unpacking: this is the store's work and the network's, without the host's. */
async function listen(
  { address, fleet, version: begin }: Wanted,
  { name: host, credentials }: Wanted["hosts"][number],
): Promise<void> {
  let version = begin;
  const who = { credentials: Buffer.from(credentials), inbox: inboxOf(fleet, host) };
  const connection = await connectTo(address, who);
  const hear = () => {
    const at = Date.now();
    tell({ host, version, got: at, at });
    const rest = { rejected: null, refused: null, closed: 0, open: 0, tookMs: 0, at, signature: null };
    const receipt = formatReceipt({ host, seen: version, inForce: version, list: null, ...rest });
    connection
      .request(receiptSubject(fleet, host), receipt, { timeout: ANSWER_MS })
      .catch((error: Error) => process.stderr.write(`${error.message}\n`));
  };
  const heard = () => {
    version += 1;
    hear();
  };
  connection.subscribe(listSubject(fleet), { callback: heard });
  await connection.request(lastOf(fleet, listSubject(fleet)), undefined, { timeout: ANSWER_MS });
  hear();
}

async function start(wanted: Wanted, host: Wanted["hosts"][number]): Promise<void> {
  if (!host.verifies) return listen(wanted, host);
  const { address, fleet, first } = wanted;
  let state: StoreState | null = null;
  const onState = (next: StoreState) => {
    state = next;
  };
  const { name, credentials } = host;
  const store = await openHostStore({
    address,
    fleet,
    host: name,
    credentials,
    onState,
    onQuestion: NO_QUESTION,
  });
  await follow(name, store, first, () => state);
}

process.on("message", (wanted: Wanted) => {
  for (const host of wanted.hosts) void start(wanted, host);
});
