/**
 * Some hosts of a fleet in one process, each with a connection of its own: the real fleet process's code with the real driver, and
 * a stand-in for the gateway. Some only listen, and write a receipt at once: one machine cannot do
 * the work of a thousand.
 */

import { createPrivateKey, type KeyObject } from "node:crypto";
import { FollowStore } from "../../src/app/fleet-host/index.ts";
import {
  type FleetDocuments,
  formatReceipt,
  type HandOver,
  type HandOverAnswer,
  type HostStore,
  inboxOf,
  lastOf,
  listDigest,
  listSubject,
  readPublication,
  receiptSubject,
  type StoreAddress,
  type StoreState,
  signStatement,
  unpack,
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
    /** Signs its receipts, PEM; null: they are not signed. */
    readonly receiptKey: string | null;
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

type Host = Wanted["hosts"][number];

const NEVER = new AbortController().signal;
const tell = (told: InForce): void => void process.send?.(told);

const documentsIn = (publication: string): FleetDocuments => {
  const read = readPublication(publication);
  if ("value" in read) return read.value;
  throw new Error(read.problems.join());
};

type Said = Omit<Parameters<typeof signStatement>[1], "host">;

/** As a gateway does. */
function signing({ name: host, receiptKey }: Host): (documents: FleetDocuments, said: Said) => string | null {
  const key: KeyObject | null = receiptKey === null ? null : createPrivateKey(receiptKey);
  return (documents, said) => key && signStatement(documents, { host, ...said }, key);
}

/** Puts in force what is handed over, and tells the parent. */
class Gateway {
  readonly #host: string;
  readonly #sign: ReturnType<typeof signing>;
  #documents: FleetDocuments;
  #version = 1;
  got = 0;

  constructor(host: Host, documents: FleetDocuments) {
    this.#host = host.name;
    this.#sign = signing(host);
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
    const list = listDigest(this.#documents);
    const said = {
      inForce: this.#version,
      list,
      refused: null,
      closed: 0,
      open: 0,
      tookMs: 0,
      at: Date.now(),
    };
    return { documents: this.#documents, ...said, signature: this.#sign(this.#documents, said) };
  }
}

async function follow(
  host: Host,
  store: HostStore,
  first: string,
  state: () => StoreState | null,
): Promise<void> {
  const gateway = new Gateway(host, documentsIn(first));
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
  await new FollowStore(ports, host.name, state).run(NEVER);
}

/** Of the hosts that only listen: one of them unpacks for all. */
let unpacked: { readonly version: number; readonly documents: FleetDocuments } | null = null;

/** What the driver does, but for unpacking: this is the store's work and the network's, without the host's. */
async function listen({ address, fleet, first, version: begin }: Wanted, of: Host): Promise<void> {
  const { name: host, credentials } = of;
  const sign = signing(of);
  let version = begin;
  let documents = documentsIn(first);
  const who = { credentials: Buffer.from(credentials), inbox: inboxOf(fleet, host) };
  const connection = await connectTo(address, who);
  // It is not made again: the parent would wait for this host.
  void connection.closed().then((why) => process.stderr.write(`${host}: ${why?.message ?? "closed"}\n`));
  const hear = () => {
    const at = Date.now();
    tell({ host, version, got: at, at });
    const list = listDigest(documents);
    const said = { inForce: version, list, refused: null, closed: 0, open: 0, tookMs: 0, at };
    const signature = sign(documents, said);
    const receipt = formatReceipt({ host, seen: version, rejected: null, ...said, signature });
    connection
      .request(receiptSubject(fleet, host), receipt, { timeout: ANSWER_MS })
      .catch((error: Error) => process.stderr.write(`${error.message}\n`));
  };
  const heard = (data: Uint8Array) => {
    version += 1;
    if (of.receiptKey !== null) {
      if (unpacked?.version !== version) unpacked = { version, documents: documentsIn(unpack(data)) };
      documents = unpacked.documents;
    }
    hear();
  };
  connection.subscribe(listSubject(fleet), { callback: (_, { data }) => heard(data) });
  await connection.request(lastOf(fleet, listSubject(fleet)), undefined, { timeout: ANSWER_MS });
  hear();
}

async function start(wanted: Wanted, host: Host): Promise<void> {
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
  await follow(host, store, first, () => state);
}

process.on("message", (wanted: Wanted) => {
  for (const host of wanted.hosts) void start(wanted, host);
});
