/** `tetherdock fleet operator` and `fleet open`. */
import { basename, resolve } from "node:path";
import {
  addOperator,
  allNeeded,
  fleetOperators,
  openShared,
  operatorPublicKey,
  protectOperator,
  removeOperator,
  rotateKey,
  setThreshold,
  unprotectOperator,
} from "../../../app/fleet/index.ts";
import { shellJoin } from "../../../base/index.ts";
import { calledOperator } from "../../../fleet/index.ts";
import { readText } from "../../../system/files/file-error.ts";
import { requireFree, writeNew } from "../../../system/identity/new-file.ts";
import type { Context } from "../../context.ts";
import { renderTable, tableWidth } from "../../output/render-table.ts";
import { warn } from "../../output/warn.ts";
import { date } from "../../output/when.ts";
import type { FleetFlags, OpenFlags, OperatorAddFlags, OperatorRmFlags } from "../flags.ts";
import { fleetPorts } from "../ports.ts";
import { tellHosts } from "../render-fleet.ts";
import { openCommand, openedStore } from "../store-flags.ts";
import { tellWaiting, waitingJson } from "./waiting.ts";

export async function operatorLs(this: Context, { fleet, json }: FleetFlags): Promise<void> {
  const { fleet: opened, operators, own, threshold, waiting } = await fleetOperators(fleetPorts(this), fleet);
  warn(this, allNeeded(operators.length, threshold) ?? undefined);
  if (json) {
    this.stdout.json({
      ...{ fleet: opened.name, threshold },
      operators: operators.map(({ name, id }) => ({ name, key: id, isThisMachine: id === own })),
      waiting: waiting && waitingJson(waiting),
    });
    return;
  }
  const rows = operators.map((one) => [
    ...[calledOperator(one), one.id.slice(0, 16), one.id === own ? "this machine" : ""],
  ]);
  this.stdout.lines(renderTable(["OPERATOR", "KEY", "REMARKS"], rows, tableWidth(this.terminal)));
  if (threshold > 1) this.stdout.line(`a change needs the signatures of ${threshold} operators`);
  tellWaiting(this, opened.name, waiting);
}

export async function operatorKey(this: Context, _: Record<never, never>, name: string): Promise<void> {
  this.stdout.lines((await operatorPublicKey(fleetPorts(this), name)).trimEnd().split("\n"));
  const add = `tetherdock fleet operator add NAME --public-key FILE --out FILE --fleet ${name}`;
  this.stderr.line(`send it to an operator of ${name}, who runs: ${add}`);
}

export async function operatorAdd(this: Context, flags: OperatorAddFlags, name: string): Promise<void> {
  const { fleet, out } = flags;
  const publicKey = await readText(flags.publicKey);
  const path = resolve(this.cwd, out);
  const other = "choose another file with --out";
  await requireFree(path, `${other}; nobody was added`);
  // Secret, so it replaces nothing whose mode or readers would be others.
  const write = (share: string) =>
    writeNew(path, share, 0o600, `${other}; the operator is added, and the command writes the file again`);
  const pushed = await addOperator(fleetPorts(this), fleet, { name, publicKey }, write);
  tellHosts(this, pushed, flags);
  const { store } = pushed.fleet;
  const open = store === null ? "" : `; they run: ${openCommand(store, basename(out))}`;
  this.stderr.line(`give ${name} the file ${out} as you would give a password${open}`);
}

/** Credentials cannot be taken back, only replaced. */
export async function operatorRm(this: Context, flags: OperatorRmFlags, operator: string): Promise<void> {
  const pushed = await removeOperator(fleetPorts(this), flags.fleet, operator, flags);
  tellHosts(this, pushed, flags);
  if (pushed.fleet.store !== null)
    this.stderr.line(
      "hosts with the new list refuse what the key signs; its owner may still have the store's credentials: tetherdock fleet store --help",
    );
}

export async function operatorThreshold(this: Context, flags: FleetFlags, threshold: number): Promise<void> {
  tellHosts(this, await setThreshold(fleetPorts(this), flags.fleet, threshold), flags);
}

export async function operatorRotate(this: Context, flags: FleetFlags): Promise<void> {
  tellHosts(this, await rotateKey(fleetPorts(this), flags.fleet), flags);
}

export async function operatorProtect(this: Context, { fleet, json }: FleetFlags): Promise<void> {
  const { name, changed } = await protectOperator(fleetPorts(this), fleet);
  if (json) this.stdout.json({ fleet: name, encrypted: true, changed });
  else
    this.stdout.line(`your key of the fleet ${name} ${changed ? "is encrypted" : "was encrypted already"}`);
}

export async function operatorUnprotect(this: Context, { fleet, json }: FleetFlags): Promise<void> {
  const { name, changed } = await unprotectOperator(fleetPorts(this), fleet);
  if (json) this.stdout.json({ fleet: name, encrypted: false, changed });
  else this.stdout.line(`your key of the fleet ${name} ${changed ? "is a plain file" : "was not encrypted"}`);
}

export async function fleetOpen(this: Context, flags: OpenFlags, path: string): Promise<void> {
  const text = await readText(path);
  const { name, kept, store, misplaced } = await openShared(fleetPorts(this), text, path, (store) =>
    openedStore(store, flags, path),
  );
  const { version, until, list } = kept.view;
  this.stdout.line(`${name}: version ${version}, ends ${date(until)}`);
  const lines = new Set(await this.lines.list());
  const without = list.hosts.map((host) => host.name).filter((host) => !lines.has(host));
  if (without.length > 0)
    this.stderr.line(
      `this machine has no line to ${without.slice(0, 5).join(", ")}; the store brings them changes`,
    );
  for (const why of misplaced) warn(this, `${why}: what is changed here would not get to the hosts`);
  this.stderr.line(
    misplaced.length > 0 && store !== null
      ? `try: ${openCommand(store, path)}   # with the folders that the web server uses, or that you copy to it and from it`
      : `try: ${shellJoin(["tetherdock", "fleet", "status", "--fleet", name])}`,
  );
}
