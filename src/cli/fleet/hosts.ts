/** `tetherdock fleet init`, `join`, `leave`, `push` and `status`. */
import {
  initFleet,
  joinHosts,
  leaveFleet,
  pushFleet,
  fleetStatus as statusOf,
} from "../../app/fleet/index.ts";
import { shellJoin } from "../../base/index.ts";
import { kindOfStore } from "../../fleet/index.ts";
import type { Context } from "../context.ts";
import type { FleetFlags, LeaveFlags, StoreFlags } from "./flags.ts";
import { fleetPorts } from "./ports.ts";
import { tellHosts, tellStore } from "./render-fleet.ts";
import { operatedStore } from "./store-flags.ts";

export async function fleetInit(this: Context, flags: StoreFlags, name: string): Promise<void> {
  const store = await operatedStore(flags);
  const { kept } = await initFleet(fleetPorts(this), name, store);
  this.stdout.line(name);
  this.stderr.line(
    `its key is on this machine only; its list ends ${new Date(kept.view.until).toISOString()}`,
  );
  if (store !== null && kindOfStore(store.address) === "nats") {
    const { writeNatsConfig } = await import("./nats-config.ts");
    const path = await writeNatsConfig(this, name, store);
    this.stderr.line(`copy ${path} to each NATS server, and start them; it has no secret`);
  }
  this.stderr.line(`try: ${shellJoin(["tetherdock", "fleet", "join", "LINE..."])}`);
}

export async function fleetJoin(this: Context, flags: FleetFlags, ...lines: string[]): Promise<void> {
  const pushed = await joinHosts(fleetPorts(this), flags.fleet, lines);
  tellHosts(this, pushed, flags);
  const without = pushed.hosts.flatMap((one) =>
    "fleet" in one && one.fleet?.link && one.fleet.link.process === null ? [one.host] : [],
  );
  if (without.length > 0)
    this.stderr.line(
      `try: ${shellJoin(["tetherdock", "upgrade", ...without])}   # installs the process that reads the store`,
    );
}

export async function fleetLeave(this: Context, flags: LeaveFlags, host: string): Promise<void> {
  tellHosts(this, await leaveFleet(fleetPorts(this), flags.fleet, host, flags), flags);
}

export async function fleetPush(this: Context, flags: FleetFlags): Promise<void> {
  tellHosts(this, await pushFleet(fleetPorts(this), flags.fleet), flags);
}

export async function fleetStatus(this: Context, flags: FleetFlags): Promise<void> {
  const status = await statusOf(fleetPorts(this), flags.fleet);
  tellHosts(this, status, flags);
  if (!flags.json) tellStore(this, status);
}
