/** What `fleet audit verify` says of a host that nothing was copied from. */
import { expect, test } from "vitest";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { joinHosts } from "../fleet.ts";
import { type FleetAuditPorts, verifyFleetAudit } from "./fleet-audit.ts";

test("that a copy is missing is no fault beside that the host cannot be reached", async () => {
  const { ports, host } = await fleetStage("one");
  await joinHosts(ports, undefined, ["one"]);
  host("one").isAway = true;
  const empty = { sizes: async () => new Map(), verify: () => expect.fail("there is nothing to verify") };
  const auditCopy = () => empty as unknown as ReturnType<FleetAuditPorts["auditCopy"]>;
  const { hosts } = await verifyFleetAudit({ ...ports, auditCopy }, { fleet: undefined, host: undefined });
  expect(hosts).toMatchObject([
    { host: "one", fetched: null, copy: null, log: null, errors: [{ code: "GATEWAY_UNREACHABLE" }] },
  ]);
});
