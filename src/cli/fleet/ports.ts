/** The ports of `fleet`, made from the world of a command. */
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { type FleetAuditPorts, type FleetPorts, OPERATOR_PASSPHRASE } from "../../app/fleet/index.ts";
import { CLIENT_NAME } from "../../identity/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { logCopy } from "../../system/audit-copy/log-copy.ts";
import { readAudit } from "../../system/audit-log/reader.ts";
import { verifyAudit } from "../../system/audit-log/verifier.ts";
import { pause } from "../../system/fleet-process/pause.ts";
import { openOperatorStore } from "../../system/fleet-store/open-operator-store.ts";
import { createFleetStore } from "../../system/identity/fleet-store.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { ask, choose } from "../lines/passphrases.ts";

/** The copy of each host's log is beside the fleet's list. */
export function fleetAuditPorts(context: Context): FleetAuditPorts {
  const fleets = join(tetherdockHome(context), "fleets");
  return {
    ...fleetPorts(context),
    auditCopy: (fleet, host) => {
      const path = join(fleets, fleet, "audit", host);
      return {
        ...logCopy(path),
        records: (query) => readAudit(path, query),
        verify: (seal) => verifyAudit(path, seal),
      };
    },
  };
}

/** Fits into the form of a client's name, and says whose machine it is. */
function operator(): string | null {
  const name = `${userInfo().username}@${hostname()}`;
  return CLIENT_NAME.test(name) ? name : null;
}

const secretOf = (fleet: string) => ({
  of: `your key of the fleet ${fleet}`,
  variable: OPERATOR_PASSPHRASE,
});

/** Asks for each once, however often it is needed. */
function passphrases(context: Context): FleetPorts["passphrase"] {
  const asked = new Map<string, Promise<string>>();
  return (fleet) => {
    const answer = asked.get(fleet) ?? ask(context, secretOf(fleet));
    asked.set(fleet, answer);
    return answer;
  };
}

export function fleetPorts(context: Context): FleetPorts {
  const fleets = createFleetStore(tetherdockHome(context));
  const tell = (text: string) => context.stderr.line(text);
  return {
    ...gatewayPorts(context),
    clock: context.clock,
    fleets,
    openStore: (store, fleet) =>
      openOperatorStore(store, fleet, (change) => fleets.changeSettings(fleet, change)),
    operator,
    passphrase: passphrases(context),
    newPassphrase: (fleet) => choose(context, secretOf(fleet)),
    pause,
    tell,
  };
}
