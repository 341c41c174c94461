/** Whose logs an operator gets, when another one has changed the fleet. */
import { expect, test } from "vitest";
import { memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { at, storeStage } from "../../../../test/support/fleet/store-stage.ts";
import { TetherdockError } from "../../../base/index.ts";
import { addOperator, joinHosts, openShared, operatorPublicKey, setStore } from "../index.ts";
import { type FleetAuditPorts, fetchFleetAudit } from "./fleet-audit.ts";

test("a host that another operator has had join is not left out", async () => {
  const { ports: anna } = await storeStage("one", "two");
  const ben = { ...anna, fleets: memoryFleets() };
  await setStore(anna, undefined, at("web"));
  await joinHosts(anna, undefined, ["one"]);
  const publicKey = await operatorPublicKey(ben, "acme");
  let share = "";
  await addOperator(anna, undefined, { name: "ben@desk", publicKey }, async (text) => {
    share = text;
  });
  await openShared(ben, share, "acme.json", (store) => store);
  await joinHosts(anna, undefined, ["two"]);
  const lost = new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer");
  const away = { ...ben, gateway: { ...ben.gateway, call: () => Promise.reject(lost) } };
  const auditCopy = () => ({}) as ReturnType<FleetAuditPorts["auditCopy"]>;
  const { hosts } = await fetchFleetAudit({ ...away, auditCopy }, { fleet: undefined, host: undefined });
  expect(hosts.map(({ host }) => host)).toEqual(["one", "two"]);
});
