/**
 * What a gateway gives to the fleet process beside it, as one file: how to reach the store, and the gateway itself. The
 * process has no rights of its own: it carries documents, which the gateway verifies.
 */
import { json, TetherdockError } from "../../base/index.ts";
import { readFleetName } from "../fleet-list.ts";
import { readStoreAddress } from "../store/address.ts";
import { type HostAccess, MOST_CREDENTIALS } from "../store/ports.ts";
import { readHostName } from "../store/receipt.ts";

export interface FleetLink extends Omit<HostAccess, "onState" | "onQuestion"> {
  /** Where the gateway listens for the fleet process. Who knows the name gets in, so nobody can guess it. */
  readonly socket: string;
}

const readForm = json.object<FleetLink & { version: number }>({
  version: { read: json.only(1) },
  fleet: { read: readFleetName },
  host: { read: readHostName },
  address: { read: readStoreAddress },
  credentials: { read: json.orNull(json.words(MOST_CREDENTIALS)) },
  socket: { read: json.matching(/^\/[^\0]{1,106}$/, "the path of a socket") },
});

export function formatLink(link: FleetLink): string {
  return `${JSON.stringify({ version: 1, ...link })}\n`;
}

/** @param path for the message @throws FLEET_LINK_FAILED */
export function parseLink(text: string, path: string): FleetLink {
  const read = json.read(text, readForm);
  if ("value" in read) {
    const { version: _, ...link } = read.value;
    return link;
  }
  throw new TetherdockError("FLEET_LINK_FAILED", `cannot read ${path}`, {
    why: read.problems,
    hints: ["tetherdock fleet join LINE   # on the operator's machine: the gateway writes it again"],
  });
}
