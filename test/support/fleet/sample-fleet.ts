/** A fleet with one operator, whose documents tests sign. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { DAY_MS } from "../../../src/base/index.ts";
import {
  type FleetDocuments,
  type FleetList,
  type HostReceipt,
  type Signed,
  type Signing,
  signDocuments,
  verifyDocuments,
} from "../../../src/fleet/index.ts";
import type { Client } from "../../../src/identity/index.ts";
import { makeAuthority } from "../../../src/pki/index.ts";

const { certificate: ca } = await makeAuthority({ subject: "fleet", now: Date.now(), clientsOnly: true });

export const makeOperator = (): KeyObject => generateKeyPairSync("ed25519").privateKey;

export const fleetClient = (name: string, over: Partial<Client> = {}): Client => ({
  ...{ name, role: "viewer", state: "active", expires: null },
  fingerprint: Buffer.from(name).toString("hex").padEnd(64, "0"),
  ...over,
});

export const fleetList = (over: Partial<FleetList> = {}): FleetList => ({
  ...{ name: "acme", ca, clients: [], roles: [], revoked: [], hosts: [], store: null },
  ...over,
});

/** Not signed. @param inForce version */
export const sampleReceipt = (
  host: string,
  inForce: number,
  over: Partial<HostReceipt> = {},
): HostReceipt => ({
  ...{ host, seen: inForce, inForce, list: null, rejected: null, refused: null, signature: null },
  ...{ closed: 0, open: 0, tookMs: 1, at: 1_800_000_000_000 },
  ...over,
});

/** @param now milliseconds since the epoch @param validMs how long the documents last */
export function signNext(
  before: Signed | null,
  key: KeyObject,
  list: FleetList,
  { now = Date.now(), validMs = 30 * DAY_MS, ...more }: Partial<Signing> = {},
): FleetDocuments {
  return signDocuments(before, list, { key, now, validMs, rootMs: 730 * DAY_MS, ...more });
}

/** Documents that verify. @param trusted the ones before */
export async function accepted(trusted: FleetDocuments | null, offered: FleetDocuments): Promise<Signed> {
  const verified = await verifyDocuments(trusted, offered);
  if ("refused" in verified) throw new Error(verified.refused);
  return verified;
}
