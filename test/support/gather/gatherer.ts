/**
 * `fleet audit fetch`, again and again, until it is killed or has all there is. Arguments: the folder of the copies, hosts, the
 * hosts' port. Says `fetched BYTES` after each fetch, and its largest memory in MiB.
 */
import { fetchFleetAudit } from "../../../src/app/fleet/index.ts";
import { gatherPorts } from "./operator.ts";

const [folder = "", hosts = "1", port = "0"] = process.argv.slice(2);
const ports = gatherPorts(folder, Number(hosts), Number(port));
const MIB_KIB = 1024;

for (;;) {
  const { hosts: all } = await fetchFleetAudit(ports, { fleet: undefined, host: undefined });
  const problems = all.flatMap((one) => ("fetched" in one ? one.fetched.problems : []));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const bytes = all.reduce((sum, one) => sum + ("fetched" in one ? one.fetched.bytes : 0), 0);
  const mib = Math.round(process.resourceUsage().maxRSS / MIB_KIB);
  process.stdout.write(`fetched ${bytes} ${mib}\n`);
}
