/**
 * What the host has of its fleet. Of `fleet.json`, which may have megabytes, only the version and the end are printed, and
 * nothing of `fleet-store.json`: it has the host's credentials.
 */
import {
  FLEET_KEPT,
  FLEET_SERVICE,
  FLEET_STORE,
  type HostFacts,
  JOURNAL_PATTERNS,
} from "../../facts/index.ts";

/** The beginning, as `formatKeptFleet` of src/fleet writes it. */
const KEPT = String.raw`^{"version":[12],"listVersion":\([0-9]\{1,15\}\),"rootVersion":[0-9]*,"until":\([0-9]\{1,15\}\),.*`;

const list = (path: string) => `s fleet-list; head -c 300 ${path} | sed -n 's/${KEPT}/\\1 \\2/p'`;

// The journal of one run: what an earlier one said of the store is over. Each line is said once for each change.
const PROCESS = `
s fleet-process; systemctl show ${FLEET_SERVICE} -p ActiveState,NRestarts,ActiveEnterTimestampMonotonic; printf 'Uptime='; cat /proc/uptime
printf 'StoreAge=%s\\n' $(( $(date +%s) - $(stat -c %Y ${FLEET_STORE} 2>/dev/null || echo 0) ))
run=$(systemctl show ${FLEET_SERVICE} -p InvocationID | sed -n 's/^InvocationID=\\([0-9a-f]\\{32\\}\\)$/\\1/p')
said() { [ -n "$run" ] && timeout 10 journalctl -q -o cat -n 1000 "_SYSTEMD_INVOCATION_ID=$run" | grep -E "$1" | tail -n 1 | head -c 1000; }
s fleet-said-store; said '${JOURNAL_PATTERNS.store}'
s fleet-said-list; said '${JOURNAL_PATTERNS.list}'
s fleet-said-receipts; said '${JOURNAL_PATTERNS.receipts}'
`;

/** @param path of what the gateway keeps of its fleet */
export function fleetScript({ gateway }: Pick<HostFacts, "gateway">, path = FLEET_KEPT): string {
  return `\n${list(path)}${gateway.fleet.usesStore ? PROCESS : "\n"}`;
}
