/** `tetherdock client things`: what clients have made on the engine. */
import { listThings, type Thing } from "../../app/things/index.ts";
import { quoteForeign } from "../../base/index.ts";
import { listEngine } from "../../system/api/engine-client.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { ThingsFlags } from "./flags.ts";

const HEAD = ["CLIENT", "KEY", "KIND", "NAME", "ID"];
/** As `client ls` shows it. */
const KEY_DIGITS = 16;
/** As docker shows it. */
const ID_DIGITS = 12;

const row = ({ client, owner, kind, name, id }: Thing): string[] => [
  client ?? "-",
  owner.slice(0, KEY_DIGITS),
  kind,
  quoteForeign(name),
  id?.slice(0, ID_DIGITS) ?? "-",
];

export async function clientThings(this: Context, { line, removed, json }: ThingsFlags): Promise<void> {
  const ports = { ...gatewayPorts(this), engine: { list: listEngine } };
  const things = await listThings(ports, { line, removed });
  if (json) this.stdout.json(things);
  else this.stdout.lines(renderTable(HEAD, things.map(row), tableWidth(this.terminal)));
}
