/** `tetherdock fleet ls`, `init`, `store`, `join`, `leave`, `push` and `status`. */
import {
  type HostResult,
  hostDetails,
  initFleet,
  joinHosts,
  type ListedFleet,
  leaveFleet,
  listFleets,
  type Pushed,
  pushFleet,
  removedFrom,
  setStore,
  fleetStatus as statusOf,
  storeProblem,
  versionOn,
  waysToSilent,
} from "../../app/fleet/index.ts";
import { shellJoin } from "../../base/index.ts";
import { kindOfStore, type OperatedFleet, type OperatedStore } from "../../fleet/index.ts";
import { engineVersion } from "../../system/probing/engine-client.ts";
import type { Context } from "../context.ts";
import { jsonTime } from "../output/json-time.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { tellFailure } from "../output/tell-failure.ts";
import { date } from "../output/when.ts";
import type {
  FleetFlags,
  JoinFlags,
  LeaveFlags,
  ListFlags,
  PushFlags,
  SetStoreFlags,
  StoreFlags,
} from "./flags.ts";
import { tellWaiting } from "./operators/waiting.ts";
import { fleetAuditPorts, fleetPorts } from "./ports.ts";
import { tellHosts, tellStore } from "./render-fleet.ts";
import { operatedStore, withCaBefore, withSecretBefore } from "./store-flags.ts";

/** NATS servers need a configuration before hosts can use them. */
async function tellServers(context: Context, name: string, store: OperatedStore | null): Promise<void> {
  if (store === null || kindOfStore(store.address) !== "nats") return;
  const { writeNatsConfig } = await import("./nats-config.ts");
  const path = await writeNatsConfig(context, name, store);
  context.stderr.line(`copy ${path} to each NATS server, and start them; it has no secret`);
}

const statusOfFleet = ({ name }: OperatedFleet): string =>
  shellJoin(["tetherdock", "fleet", "status", "--fleet", name]);

/**
 * Its web server may not be set up yet, or copy the folder later: that is said, and is no failure.
 * @returns whether there was something to say
 */
async function tellNotServed(context: Context, fleet: OperatedFleet): Promise<boolean> {
  if (fleet.store === null || kindOfStore(fleet.store.address) === "nats") return false;
  const problem = await storeProblem(fleetPorts(context), fleet);
  if (problem === null) return false;
  const { stderr } = context;
  stderr.line(`the store does not serve the list yet: ${problem.why[0] ?? problem.message}`);
  stderr.line(`try: ${statusOfFleet(fleet)}   # once the web server serves the folder`);
  stderr.lines(problem.hints.slice(-1).map((hint) => `try: ${hint}`));
  return true;
}

/** Hosts whose gateway uses the store, and which have no process that reads it. */
function tellUpgrade({ stderr }: Context, hosts: readonly HostResult[]): void {
  const without = hosts.flatMap((one) =>
    "fleet" in one && one.fleet?.link && one.fleet.link.process === null ? [one.host] : [],
  );
  if (without.length > 0)
    stderr.line(
      `try: ${shellJoin(["tetherdock", "upgrade", ...without])}   # installs the process that reads the store`,
    );
}

function listedJson(one: ListedFleet): object {
  if ("error" in one) return { fleet: one.name, ...one.error.toJSON() };
  const { version, until, list } = one.fleet.kept.view;
  const counts = { hosts: list.hosts.length, clients: list.clients.length };
  return { fleet: one.name, version, until: jsonTime(until), ...counts, store: list.store?.urls ?? null };
}

function listedRow(one: ListedFleet): string[] {
  if ("error" in one) return [one.name, "-", "-", "-", "-", one.error.message];
  const { version, until, list } = one.fleet.kept.view;
  const counts = [list.hosts, list.clients].map(({ length }) => `${length}`);
  return [one.name, `${version}`, date(until), ...counts, list.store?.urls.join(", ") ?? "-"];
}

export async function fleetLs(this: Context, { json }: ListFlags): Promise<void> {
  const listed = await listFleets(fleetPorts(this));
  if (json) this.stdout.json(listed.map(listedJson));
  else if (listed.length > 0)
    this.stdout.lines(
      renderTable(
        ["NAME", "VERSION", "ENDS", "HOSTS", "CLIENTS", "STORE"],
        listed.map(listedRow),
        tableWidth(this.terminal),
      ),
    );
  else
    this.stderr.line(
      "there is no fleet on this machine; try: tetherdock fleet init NAME, or fleet open FILE",
    );
  for (const one of listed) if ("error" in one) tellFailure(this, one.error);
}

export async function fleetInit(this: Context, flags: StoreFlags, name: string): Promise<void> {
  const example = "tetherdock fleet init acme --store https://web.example/acme --folder /srv/www/acme";
  const store = await operatedStore(flags, { url: "--store", example });
  const fleet = await initFleet(fleetPorts(this), name, store);
  this.stdout.line(name);
  this.stderr.line(
    `its key is on this machine only; its list ends ${new Date(fleet.kept.view.until).toISOString()}`,
  );
  await tellServers(this, name, store);
  await tellNotServed(this, fleet);
  this.stderr.line(`try: ${shellJoin(["tetherdock", "fleet", "join", "LINE..."])}`);
}

export async function fleetJoin(this: Context, flags: JoinFlags, ...lines: string[]): Promise<void> {
  const pushed = await joinHosts(fleetPorts(this), flags.fleet, lines, flags);
  tellHosts(this, pushed, flags);
  tellUpgrade(this, pushed.hosts);
}

export async function fleetStore(this: Context, flags: SetStoreFlags, url: string): Promise<void> {
  const { fleet, json, publicCa: _, newCredentials: __, ...places } = flags;
  const none = url === "none";
  const example = none
    ? "tetherdock fleet store none"
    : "tetherdock fleet store https://web.example/acme --folder /srv/www/acme";
  const taker = { url: "URL", example } as const;
  const asked = await operatedStore({ ...places, store: none ? undefined : url }, taker);
  const pushed = await setStore(fleetPorts(this), fleet, asked, (before, next) => {
    const address = withCaBefore(before.address, next.address, flags, taker);
    if (next.address.ca === null && address.ca !== null)
      this.stderr.line("the CA of the store's certificate stays as it was; --public-ca forgets it");
    return { ...(flags.newCredentials ? next : withSecretBefore(before.kept, next)), address };
  });
  const { isMove } = pushed;
  tellHosts(this, pushed, { json, isMove });
  await tellServers(this, pushed.fleet.name, pushed.fleet.store);
  const isTold = pushed.storeError === null && (await tellNotServed(this, pushed.fleet));
  if (!isMove) tellUpgrade(this, pushed.hosts);
  else if (!isTold)
    this.stderr.line(
      `try: ${statusOfFleet(pushed.fleet)}   # in a minute: whether each host reaches the new store`,
    );
}

/** Hosts that have the list by their receipts, while a line fails; one that was taken down leaves its receipt behind. */
function tellOffLine({ stderr }: Context, { fleet, hosts }: Pushed): void {
  const silent = hosts.filter((one) => "stored" in one && versionOn(one) === fleet.kept.view.version);
  stderr.lines(waysToSilent(fleet, silent).map((way) => `try: ${way}`));
}

export async function fleetLeave(this: Context, flags: LeaveFlags, host: string): Promise<void> {
  tellHosts(this, await leaveFleet(fleetPorts(this), flags.fleet, host, flags), flags);
}

export async function fleetPush(this: Context, flags: PushFlags): Promise<void> {
  tellHosts(this, await pushFleet(fleetPorts(this), flags.fleet, flags), flags);
}

export async function fleetStatus(this: Context, flags: FleetFlags): Promise<void> {
  const status = await statusOf(fleetPorts(this), flags.fleet);
  const details = await hostDetails({ ...fleetAuditPorts(this), askEngine: engineVersion }, status);
  const removed = removedFrom(status.fleet);
  const { waiting, published } = status;
  tellHosts(this, status, { ...flags, waiting, published, details, removed });
  if (!flags.json) tellStore(this, status);
  if (!flags.json) tellWaiting(this, status.fleet.name, status.waiting);
  if (removed !== null) return;
  tellUpgrade(this, status.hosts);
  tellOffLine(this, status);
}
