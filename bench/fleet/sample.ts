/** A fleet of many hosts and clients, each with a key or a certificate of its own, as they are in a real list. */
import { createHash } from "node:crypto";
import { DAY_MS } from "../../src/base/index.ts";
import {
  type FleetList,
  MOST_HOSTS,
  type Signed,
  type StoreAddress,
  signDocuments,
} from "../../src/fleet/index.ts";
import { makeAuthority } from "../../src/pki/index.ts";
import { accepted, fleetClient, fleetList, makeOperator } from "../../test/support/fleet/sample-fleet.ts";

export const FLEET = "acme";

/** Whole certificates take minutes to make, and half of one's text is the same in all. */
const CERTIFICATES = 50;

export const fingerprintOf = (name: string): string => createHash("sha256").update(name).digest("hex");

export async function sampleList(
  hosts: readonly string[],
  clients: readonly string[],
  store: StoreAddress,
  receiptKeys: readonly string[] = [],
): Promise<FleetList> {
  const cas: string[] = [];
  while (cas.length < Math.min(CERTIFICATES, hosts.length))
    cas.push((await makeAuthority({ subject: "host", now: Date.now() })).certificate);
  return fleetList({
    store,
    clients: clients.map((name) => fleetClient(name, { fingerprint: fingerprintOf(name) })),
    // The list has no room for more.
    hosts: hosts.slice(0, MOST_HOSTS).map((name, at) => ({
      ...{ name, address: `${name}.example`, port: 2376 },
      ca: cas[at % cas.length] ?? "",
      receiptKey: receiptKeys[at],
    })),
  });
}

/** Publishes nothing: signs one list after another. */
export class Operator {
  readonly key = makeOperator();
  #signed: Signed | null = null;

  async sign(list: FleetList): Promise<Signed> {
    const dates = { now: Date.now(), validMs: 30 * DAY_MS, rootMs: 730 * DAY_MS };
    const documents = signDocuments(this.#signed, list, { key: this.key, ...dates });
    this.#signed = await accepted(this.#signed?.documents ?? null, documents);
    return this.#signed;
  }

  /** The list with one more revoked client. */
  revoke(client: string): Promise<Signed> {
    const { list } = (this.#signed as Signed).view;
    return this.sign({ ...list, revoked: [...list.revoked, fingerprintOf(client)] });
  }
}
