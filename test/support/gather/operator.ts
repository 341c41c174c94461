/** A fleet's operator, whose lines lead to the stand-in hosts of hosts.ts: the ports of `fleet audit`. */

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type FleetAuditPorts, type FleetPorts, initFleet } from "../../../src/app/fleet/index.ts";
import { json, TetherdockError } from "../../../src/base/index.ts";
import type { OperatedFleet } from "../../../src/fleet/index.ts";
import { logCopy } from "../../../src/system/audit-copy/log-copy.ts";
import { readAudit } from "../../../src/system/audit-log/reader.ts";
import { verifyAudit } from "../../../src/system/audit-log/verifier.ts";
import { pause } from "../../../src/system/fleet-process/pause.ts";
import { MemoryLines } from "../app/lines.ts";
import { sampleLine } from "../sample-line.ts";

export const hostName = (at: number): string => `host-${at}`;

/** Signed by this operator, with a list of these hosts. */
async function fleetOf(names: readonly string[]): Promise<OperatedFleet> {
  const ports = { fleets: { create: async () => {} }, clock: Date.now, operator: () => null };
  const fleet = await initFleet(ports as unknown as FleetPorts, "acme");
  const { view } = fleet.kept;
  const hosts = names.map((name) => ({ name })) as unknown as typeof view.list.hosts;
  return { ...fleet, kept: { ...fleet.kept, view: { ...view, list: { ...view.list, hosts } } } };
}

/** @param folder of the copies @param port of the hosts */
export function gatherPorts(folder: string, hosts: number, port: number): FleetAuditPorts {
  const names = Array.from({ length: hosts }, (_, at) => hostName(at));
  const lines = new MemoryLines();
  for (const [at, name] of names.entries())
    lines.keep(sampleLine({ name, id: String(at).padStart(16, "f"), address: `192.0.2.${(at % 250) + 1}` }), {
      ...{ "docker/ca.pem": "", "docker/cert.pem": "", "docker/key.pem": "" },
    });
  const agent = new Agent({ keepAlive: true });
  const fleet = fleetOf(names);
  async function call<T>(
    { line }: { line: string },
    { path }: { path: string },
    reader: json.Read<T>,
  ): Promise<T> {
    const asking = request({ port, agent, path: `/${line.slice(5)}/${path}` }).end();
    const failed = (error: Error) => new TetherdockError("GATEWAY_UNREACHABLE", error.message);
    const [answer] = (await once(asking, "response").catch((error) => {
      throw failed(error);
    })) as [IncomingMessage];
    const body = await text(answer).catch((error) => {
      throw failed(error);
    });
    if (answer.statusCode !== 200) throw new TetherdockError("GATEWAY_REFUSED", body);
    const read = json.read(body, reader);
    if ("value" in read) return read.value;
    throw new Error(read.problems.join("; "));
  }
  const ports = {
    ...{ lines, env: {}, gateway: { call }, pause, clock: Date.now },
    fleets: { list: async () => ["acme"], read: () => fleet },
    auditCopy(_: string, host: string) {
      const path = join(folder, host);
      return {
        ...logCopy(path),
        records: (query: Parameters<typeof readAudit>[1]) => readAudit(path, query),
        verify: (seal: string | undefined) => verifyAudit(path, seal),
      };
    },
  };
  return ports as unknown as FleetAuditPorts;
}
