/** `tetherdock status`: queries the engines of all lines at once. */

import { askSelf } from "../../app/gateway-api/index.ts";
import { type LineStatus, type StatusPorts, statusOf } from "../../app/status/index.ts";
import { engineVersion } from "../../system/probing/engine-client.ts";
import { silentGatewayPorts } from "../api/ports.ts";
import { whoWaits } from "../api/who-waits.ts";
import type { Context } from "../context.ts";
import { formatDays } from "../lines/render-line.ts";
import { during } from "../output/activity.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { warn } from "../output/warn.ts";
import { future } from "../output/when.ts";
import { renewInPassing } from "../renewing/in-passing.ts";
import type { StatusFlags } from "./flags.ts";

const HEAD = ["NAME", "MODE", "ADDRESS", "ENGINE", "API", "CLIENT", "SERVER", "CA"];

/** Shows the status of every line, or of the named one; exit status 1 if there is a problem. */
export async function status(this: Context, flags: StatusFlags, argument?: string): Promise<void> {
  const { lines, env, clock } = this;
  const ports: StatusPorts = {
    ...{ lines, env, clock, contexts: () => this.contexts(), askEngine: engineVersion },
    askSelf: (line, ms) => askSelf(silentGatewayPorts(this), line, AbortSignal.timeout(ms)),
  };
  const names = argument === undefined ? await lines.list() : [argument];
  await Promise.all(names.map((name) => renewInPassing(this, name)));
  const found = await during(this, "asking the engines", () => statusOf(ports, argument));
  if (found.some(({ problems }) => problems.length > 0)) this.setExitStatus(1);
  if (flags.json) {
    this.stdout.json(found.map(toJson));
    return;
  }
  const now = clock();
  const hasAccess = found.some(({ self }) => self !== null);
  const head = [...HEAD, ...(hasAccess ? ["ACCESS"] : [])];
  const rows = found.map((one) => [...toRow(one), ...(hasAccess ? [accessOf(one, now)] : [])]);
  this.stdout.lines(renderTable(head, rows, tableWidth(this.terminal)));
  this.stderr.lines(found.flatMap(({ name, self }) => whoWaits(name, self?.waiting ?? [])));
  for (const { name, problems } of found) for (const problem of problems) warn(this, `${name}: ${problem}`);
}

function accessOf({ self }: LineStatus, now: number): string {
  if (self === null) return "-";
  const end = self.expires === null ? "" : `, ends ${future(Date.parse(self.expires), now)}`;
  return `${self.name}, ${self.role}${end}`;
}

function toRow({ name, summary, engine, serverDays }: LineStatus): string[] {
  if (!summary) return [name, "-", "-", "broken", "-", "-", "-", "-"];
  const { line, address, clientDays, caDays } = summary;
  const [version, api, server] = engine?.ok
    ? [engine.engine.version, engine.engine.apiVersion, formatDays(serverDays)]
    : ["unreachable", "-", "-"];
  return [name, line.mode, address, version, api, formatDays(clientDays), server, formatDays(caDays)];
}

function toJson({ name, summary, engine, self, serverDays, problems }: LineStatus): Record<string, unknown> {
  return {
    name,
    ok: problems.length === 0,
    reachable: engine?.ok ?? false,
    mode: summary?.line.mode ?? null,
    address: summary?.line.address ?? null,
    port: summary?.line.port ?? null,
    engine: engine?.ok ? engine.engine : null,
    days: {
      client: summary?.clientDays ?? null,
      server: serverDays ?? null,
      ca: summary?.caDays ?? null,
    },
    access: self,
    problems,
  };
}
