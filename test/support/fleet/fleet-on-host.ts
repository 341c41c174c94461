/** What doctor sees of a healthy host in a fleet with a store. */
import type { FleetOnHost } from "../../../src/doctor/subject.ts";
import {
  FLEET_LINK,
  FLEET_PATH_FILE,
  FLEET_SERVICE_FILE,
  GATEWAY_LINKS,
  GATEWAY_SOCKET_FILE,
  type HostFacts,
} from "../../../src/facts/index.ts";
import { type FleetDocuments, formatKeptFleet } from "../../../src/fleet/index.ts";
import { NOW, runningGateway } from "../host-facts.ts";
import { accepted, fleetClient, fleetList, makeOperator, signNext } from "./sample-fleet.ts";

const QUARTER_MS = 90 * 86_400_000;

export const fleetOnHost = (): FleetOnHost => ({
  list: { version: 3, until: NOW + QUARTER_MS },
  process: {
    ...{ state: "active", restarts: 1, upS: 600, storeAgeS: null },
    said: {
      store: "connected to the store",
      list: "version 3 is in force",
      receipts: "the store takes the receipts",
    },
  },
});

/** What a gateway keeps, with many clients. @param more of the documents */
export async function keptFleet(
  more: Partial<FleetDocuments> = {},
): Promise<{ text: string; version: number; until: number }> {
  const clients = Array.from({ length: 200 }, (_, at) => fleetClient(`c${at}`));
  const { documents, view } = await accepted(null, signNext(null, makeOperator(), fleetList({ clients })));
  return {
    text: formatKeptFleet({ documents: { ...documents, ...more }, view, revoked: ["a".repeat(64)] }),
    ...view,
  };
}

export function fleetFacts(): Pick<HostFacts, "gateway" | "ours" | "engine"> {
  const paths = [GATEWAY_SOCKET_FILE, FLEET_SERVICE_FILE, FLEET_PATH_FILE];
  const files = new Map(paths.map((path) => [path, { path, mode: "644", owner: "0:0", text: "" }]));
  const path = { state: "active", needsReload: false };
  const gateway = {
    ...runningGateway,
    links: new Set([...GATEWAY_LINKS.keys(), FLEET_LINK]),
    fleet: { usesStore: true, path, resolvers: [] },
  };
  return { gateway, ours: { files, publicKey: null }, engine: { version: "29.9.0", liveRestore: false } };
}
