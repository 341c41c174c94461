/** A fleet's hosts have the names of lines, and each operator has their own lines: a name may be on the list for another host. */
import { quoteForeign, shellJoin, TetherdockError } from "../../../base/index.ts";
import type { FleetHost, FleetList } from "../../../fleet/index.ts";
import { readBundle } from "../../../pki/index.ts";
import { readLineFileIfThere } from "../../lines/index.ts";
import type { FleetPorts } from "../ports.ts";

/** @returns the CAs of a line: the one that has just verified its host, the one before, and the one to come */
export async function authoritiesOf({ lines }: FleetPorts, line: string): Promise<readonly string[]> {
  const other = await readLineFileIfThere(lines, line, "ca/other-ca.pem");
  return readBundle(`${await lines.readFile(line, "docker/ca.pem")}\n${other ?? ""}`).authorities;
}

const where = ({ address, port }: FleetHost): string => `${quoteForeign(address)} port ${port}`;

const hasCa = ({ ca }: FleetHost, found: readonly string[] | undefined): boolean =>
  readBundle(ca).authorities.some((one) => found?.includes(one));

/** Another operator's host is not taken off the list by mistake. @throws FLEET_REFUSED */
export function requireSameHost({ hosts }: FleetList, name: string, found: readonly string[]): void {
  const there = hosts.find((one) => one.name === name);
  if (there === undefined || hasCa(there, found)) return;
  throw new TetherdockError("FLEET_REFUSED", `the host of your line "${name}" is not the fleet's`, {
    why: [`the one on its list is at ${where(there)}, with another CA, and your line's host is in no fleet`],
  });
}

/**
 * The host of a line has proven its CA. Its key for receipts proves nothing: whoever reads the list can name it.
 * @param found CAs of the line of each host that joins
 * @throws FLEET_REFUSED: the list has another host of that name
 */
export function requireSameHosts(
  { name, hosts }: Pick<FleetList, "name" | "hosts">,
  joining: readonly FleetHost[],
  found: ReadonlyMap<string, readonly string[]>,
): void {
  for (const host of joining) {
    const there = hosts.find((one) => one.name === host.name);
    if (there === undefined || hasCa(there, found.get(host.name))) continue;
    throw new TetherdockError("FLEET_REFUSED", `the fleet has another host "${host.name}"`, {
      why: [
        `the one on its list is at ${where(there)}, the one of your line at ${where(host)}, and their CAs differ`,
      ],
      hints: [
        `${shellJoin(["tetherdock", "fleet", "status", "--fleet", name])}   # the hosts of the fleet`,
        `${shellJoin(["tetherdock", "fleet", "join", host.name, "--replace", "--fleet", name])}   # if it takes that host's place, or its CA was replaced`,
      ],
    });
  }
}
