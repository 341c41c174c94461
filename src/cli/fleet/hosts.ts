/** `tetherdock fleet init`, `join`, `leave`, `push` and `status`. */
import { askHosts, initFleet, joinHosts, leaveFleet, openFleet, pushFleet } from "../../app/fleet/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Context } from "../context.ts";
import type { FleetFlags, LeaveFlags } from "./flags.ts";
import { fleetPorts } from "./ports.ts";
import { tellHosts } from "./render-fleet.ts";

export async function fleetInit(this: Context, _flags: Record<never, never>, name: string): Promise<void> {
  const { kept } = await initFleet(fleetPorts(this), name);
  this.stdout.line(name);
  this.stderr.line(
    `its key is on this machine only; its list ends ${new Date(kept.view.until).toISOString()}`,
  );
  this.stderr.line(`try: ${shellJoin(["tetherdock", "fleet", "join", "LINE..."])}`);
}

export async function fleetJoin(this: Context, flags: FleetFlags, ...lines: string[]): Promise<void> {
  tellHosts(this, await joinHosts(fleetPorts(this), flags.fleet, lines), flags);
}

export async function fleetLeave(this: Context, flags: LeaveFlags, host: string): Promise<void> {
  tellHosts(this, await leaveFleet(fleetPorts(this), flags.fleet, host, flags), flags);
}

export async function fleetPush(this: Context, flags: FleetFlags): Promise<void> {
  tellHosts(this, await pushFleet(fleetPorts(this), flags.fleet), flags);
}

export async function fleetStatus(this: Context, flags: FleetFlags): Promise<void> {
  const ports = fleetPorts(this);
  const fleet = await openFleet(ports, flags.fleet);
  tellHosts(this, { fleet, hosts: await askHosts(ports, fleet) }, flags);
}
