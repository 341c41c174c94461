/** Operators have lines of their own: names that are there twice, what of a list taken over is told, and how many there may be. */
import { expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { MemoryLines } from "../../../../test/support/app/lines.ts";
import { lineCa } from "../../../../test/support/fleet/fleet-stage.ts";
import { at } from "../../../../test/support/fleet/store-stage.ts";
import { operatorPem, team } from "../../../../test/support/fleet/team.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { makeAuthority } from "../../../pki/index.ts";
import { joinHosts, leaveFleet } from "../fleet.ts";
import { fleetStatus } from "../fleet-status.ts";
import { openFleet } from "../open-fleet.ts";
import { setStore } from "../set-store.ts";
import { addOperator } from "./operators.ts";

test("a host does not take the place of another operator's of that name, nor takes it off the list", async () => {
  const { ben, anna, told, open, lines, host } = await team();
  await open();
  const { certificate } = await makeAuthority({ subject: "Ben's line", now: Date.now() });
  const line = sampleLine({ name: "one", id: "b".repeat(16), address: "192.0.2.77" });
  const bens = new MemoryLines();
  bens.keep(line, { "docker/ca.pem": certificate, "docker/cert.pem": "", "docker/key.pem": "" });
  const desk = { ...ben, lines: bens };
  const kept = async () => (await openFleet(anna, undefined)).kept.view;
  const before = await kept();
  expect(await failureOf(joinHosts(desk, undefined, ["one"]))).toMatchObject({
    code: "FLEET_REFUSED",
    message: 'the fleet has another host "one"',
    why: [
      "the one on its list is at 192.0.2.1 port 2376, the one of your line at 192.0.2.77 port 2376, and their CAs differ",
    ],
    hints: [
      expect.stringMatching(/^tetherdock fleet status --fleet acme/),
      expect.stringMatching(/^tetherdock fleet join one --replace --fleet acme/),
    ],
  });
  const there = host("one").kept;
  host("one").kept = null;
  expect(await failureOf(leaveFleet(desk, undefined, "one", { force: false }))).toMatchObject({
    code: "FLEET_REFUSED",
    message: 'the host of your line "one" is not the fleet\'s',
    hints: ["tetherdock fleet leave one --fleet acme --force"],
  });
  host("one").kept = there;
  expect(await kept()).toEqual(before);
  expect((await openFleet(ben, undefined)).kept.view.version).toBe(before.version);
  // The line of a host whose CA was replaced keeps the one before.
  const one = lines.kept.get("one") ?? expect.fail();
  one.set("ca/other-ca.pem", one.get("docker/ca.pem") ?? "").set("docker/ca.pem", certificate);
  await joinHosts(anna, undefined, ["one"]);
  expect((await kept()).list.hosts).toMatchObject([{ name: "one", ca: certificate }]);
  told.length = 0;
  const other = (await makeAuthority({ subject: "another", now: Date.now() })).certificate;
  bens.keep(line, { "docker/ca.pem": other, "docker/cert.pem": "", "docker/key.pem": "" });
  const replaced = await joinHosts(desk, undefined, ["one"], { replace: true });
  expect(told).toEqual([expect.stringMatching(/; changed hosts: one$/)]);
  expect(replaced.fleet.kept.view.list.hosts).toMatchObject([{ address: "192.0.2.77", ca: other }]);
});

test("who takes a list over is told which operators, roles and store differ too", async () => {
  const { ben, anna, told, open } = await team();
  await open();
  const carol = operatorPem();
  await addOperator(anna, undefined, { name: "carol@home", publicKey: carol }, async () => {});
  await fleetStatus(ben, undefined);
  expect(told.at(-1)).toMatch(/; new operators: carol@home$/);
  await setStore(anna, undefined, { ...at("web"), address: { ...at("web").address, ca: lineCa } });
  await fleetStatus(ben, undefined);
  expect(told.at(-1)).toMatch(/; another CA of the store$/);
});

test("there are at most twelve", async () => {
  const { anna } = await team();
  const add = (name: string) =>
    addOperator(anna, undefined, { name, publicKey: operatorPem() }, async () => {});
  for (let count = 3; count <= 12; count++) await add(`operator-${count}`);
  const { version } = (await openFleet(anna, undefined)).kept.view;
  expect(await failureOf(add("operator-13"))).toMatchObject({
    code: "FLEET_REFUSED",
    message: "a fleet has at most 12 operators",
  });
  expect((await openFleet(anna, undefined)).kept.view.version).toBe(version);
});
