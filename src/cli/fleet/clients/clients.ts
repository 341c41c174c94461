/** `tetherdock fleet client ls`, `add`, `role`, `expires`, `revoke` and `rm`. */
import { basename, join, resolve } from "node:path";
import {
  addFleetClient,
  type FleetCertificate,
  openFleet,
  type Pushed,
  removeFleetClient,
  renewFleetClient,
  revokeFleetClient,
  setFleetExpires,
  setFleetRole,
  takeNewest,
} from "../../../app/fleet/index.ts";
import { shellJoin } from "../../../base/index.ts";
import { readCertificate } from "../../../pki/index.ts";
import { readText } from "../../../system/files/file-error.ts";
import { writeIssued } from "../../../system/identity/issued-files.ts";
import { writeNew } from "../../../system/identity/new-file.ts";
import type { Context } from "../../context.ts";
import type { NewEnd } from "../../flags/parameters.ts";
import { renderEnd } from "../../flags/render-end.ts";
import { renderTable, tableWidth } from "../../output/render-table.ts";
import { date } from "../../output/when.ts";
import type { AddFlags, FleetFlags, RenewFlags } from "../flags.ts";
import { fleetPorts } from "../ports.ts";
import { tellHosts } from "../render-fleet.ts";

export async function fleetClientLs(this: Context, { fleet, json }: FleetFlags): Promise<void> {
  const ports = fleetPorts(this);
  const { kept } = await takeNewest(ports, await openFleet(ports, fleet));
  const { clients } = kept.view.list;
  if (json) {
    this.stdout.json(clients);
    return;
  }
  const rows = clients.map(({ name, role, state, expires, fingerprint }) => [
    ...[name, role, state, expires ?? "-", fingerprint?.slice(0, 16) ?? ""],
  ]);
  this.stdout.lines(
    renderTable(["CLIENT", "ROLE", "STATE", "EXPIRES", "KEY"], rows, tableWidth(this.terminal)),
  );
}

/** The folder of each host is a DOCKER_CERT_PATH, once the client's key.pem is in it. */
async function deliver(out: string, { certificate, hosts }: FleetCertificate): Promise<void> {
  for (const { name, ca } of hosts)
    await writeIssued(join(out, name), { "ca.pem": ca, "cert.pem": certificate });
}

export async function fleetClientAdd(this: Context, flags: AddFlags, name: string): Promise<void> {
  const { fleet, role, out, expires: expiresIn } = flags;
  const publicKey = await readText(flags.publicKey);
  const wanted = { name, role, publicKey, expiresIn };
  const pushed = await addFleetClient(fleetPorts(this), fleet, wanted, (issued) => deliver(out, issued));
  tellHosts(this, pushed, flags);
  this.stderr.line(
    `give ${name} the folder ${out}; with their key.pem in it, a host's folder is a DOCKER_CERT_PATH`,
  );
}

export async function fleetClientRenew(
  this: Context,
  { fleet, publicKey, out }: RenewFlags,
  name: string,
): Promise<void> {
  const path = resolve(this.cwd, out);
  const certificate = await renewFleetClient(fleetPorts(this), fleet, name, await readText(publicKey));
  await writeNew(path, certificate, 0o644, "choose another file with --out");
  const until = readCertificate(certificate).notAfter;
  this.stdout.line(`${name}: a certificate until ${date(until)}, for every host of the fleet`);
  const take = shellJoin(["tetherdock", "renew", "LINE", "--certificate", basename(path)]);
  this.stderr.line(`send ${name} the file ${out}: it is their new cert.pem; with a line they run: ${take}`);
}

export async function fleetClientRole(
  this: Context,
  flags: FleetFlags,
  name: string,
  role: string,
): Promise<void> {
  tellHosts(this, await setFleetRole(fleetPorts(this), flags.fleet, name, role), flags);
}

export async function fleetClientExpires(
  this: Context,
  flags: FleetFlags,
  name: string,
  end: NewEnd,
): Promise<void> {
  const { fleet } = flags;
  const option = fleet === undefined ? [] : ["--fleet", fleet];
  const { at } = end(this.clock, ["tetherdock", "fleet", "revoke", name, ...option]);
  const pushed = await setFleetExpires(fleetPorts(this), fleet, name, at);
  tellHosts(this, pushed, flags);
  const client = pushed.fleet.kept.view.list.clients.find((one) => one.name === name);
  this.stderr.line(
    `${renderEnd(client?.expires ?? null)}${client?.state === "revoked" ? "; it stays revoked" : ""}`,
  );
}

function change(
  make: (ports: ReturnType<typeof fleetPorts>, fleet: string | undefined, name: string) => Promise<Pushed>,
  { isRevocation }: { readonly isRevocation: boolean },
) {
  return async function run(this: Context, flags: FleetFlags, name: string): Promise<void> {
    tellHosts(this, await make(fleetPorts(this), flags.fleet, name), { ...flags, isRevocation });
  };
}

export const fleetClientRevoke = change(revokeFleetClient, { isRevocation: true });
export const fleetClientRm = change(removeFleetClient, { isRevocation: false });
