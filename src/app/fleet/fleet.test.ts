/** How a fleet's list is changed and brought to hosts, over ports without a network. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { lineCa as ca, memoryFleets, fleetStage as stage } from "../../../test/support/fleet/fleet-stage.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { issueClient, makeAuthority, makeKeyPair, openAuthority, readCertificate } from "../../pki/index.ts";
import { renewFleetClient } from "./clients/renew-client.ts";
import { initFleet, joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
import { addFleetClient, revokeFleetClient, setFleetExpires, setFleetRole } from "./fleet-clients.ts";
import { fleetStatus } from "./fleet-status.ts";
import { fleetsWith, listFleets, openFleet, publish } from "./open-fleet.ts";
import type { FleetPorts } from "./ports.ts";
import { askHosts } from "./push-list.ts";
import { missing } from "./results.ts";

const enrol = (ports: FleetPorts, name: string, delivered: unknown[] = []) =>
  addFleetClient(
    ports,
    undefined,
    { name, role: "viewer", publicKey: makeKeyPair().publicKey, expiresIn: undefined },
    async (issued) => void delivered.push(issued),
  );

test("hosts get the list, and every change of it", async () => {
  const { ports, told } = await stage("one", "two");
  const joined = await joinHosts(ports, undefined, ["one", "two", "one"]);
  expect(joined.fleet.kept.view.list.hosts.map(({ name }) => name)).toEqual(["one", "two"]);
  expect(missing(joined.fleet, joined.hosts)).toBeNull();
  const delivered: { hosts: { name: string }[] }[] = [];
  const added = await enrol(ports, "anna", delivered);
  expect(delivered.map(({ hosts }) => hosts.map(({ name }) => name))).toEqual([["one", "two"]]);
  expect(added.hosts.map((one) => "fleet" in one && one.fleet?.version)).toEqual([3, 3]);
  const { fleet } = await setFleetRole(ports, undefined, "anna", "operator");
  expect(fleet.kept.view.list.clients).toMatchObject([{ name: "anna", role: "operator" }]);
  const end = ports.clock() + 60_000;
  const expires = new Date(end).toISOString();
  const limited = await setFleetExpires(ports, undefined, "anna", end);
  expect(limited.fleet.kept.view.list.clients).toMatchObject([{ role: "operator", expires }]);
  const unlimited = await setFleetExpires(ports, undefined, "anna", null);
  expect(unlimited.fleet.kept.view.list.clients).toMatchObject([{ role: "operator", expires: null }]);
  const revoked = await revokeFleetClient(ports, undefined, "anna");
  expect(revoked.fleet.kept.revoked).toHaveLength(1);
  expect(told).toEqual([]);
  await revokeFleetClient(ports, undefined, "anna");
  expect(told).toEqual([
    "anna is already revoked; the list is signed again for hosts that do not have it yet",
  ]);
});

test("an impossible change is refused before anything is signed or sent", async () => {
  const { ports } = await stage("one");
  await joinHosts(ports, undefined, []);
  await enrol(ports, "anna");
  const delivered: unknown[] = [];
  expect(await failureOf(enrol(ports, "anna", delivered))).toMatchObject({ code: "FLEET_REFUSED" });
  expect(delivered).toEqual([]);
  for (const refused of [
    setFleetRole(ports, undefined, "nobody", "viewer"),
    setFleetExpires(ports, undefined, "nobody", null),
    revokeFleetClient(ports, undefined, "nobody"),
    leaveFleet(ports, undefined, "nowhere", { force: false }),
  ])
    expect(await failureOf(refused)).toMatchObject({
      code: "FLEET_REFUSED",
      why: ["this machine has version 3 of the fleet's list"],
    });
  expect(await failureOf(leaveFleet(ports, undefined, "nowhere", { force: false }))).toMatchObject({
    hints: [expect.stringMatching(/^tetherdock fleet status --fleet /)],
  });
  expect((await openFleet(ports, undefined)).kept.view.version).toBe(3);
});

test("the key of one of our own lines is refused: revoking it would lock us out of every host", async () => {
  const { ports, lines } = await stage("one");
  const { publicKey } = makeKeyPair();
  const certificate = await issueClient(
    await makeAuthority({ subject: "line", now: Date.now() }).then(openAuthority),
    {
      ...{ publicKey, commonName: "root", now: Date.now() },
    },
  );
  lines.keep(sampleLine({ name: "two" }), {
    "docker/ca.pem": ca,
    "docker/cert.pem": certificate,
    "docker/key.pem": "",
  });
  await joinHosts(ports, undefined, ["one"]);
  const own = { name: "me", role: "viewer", publicKey, expiresIn: undefined };
  expect(
    await failureOf(addFleetClient(ports, undefined, own, () => expect.fail("delivered"))),
  ).toMatchObject({
    code: "FLEET_REFUSED",
    message: 'the key is your own, for the line "two"',
  });
});

const clientsNamed = (length: number) =>
  Array.from({ length: 5_000 }, (_, at) => ({
    ...{ name: String(at).padStart(length, "c"), role: "deployer", state: "active" as const },
    ...{ fingerprint: String(at).padStart(64, "0"), expires: "2027-01-01T00:00:00.000Z" },
  }));

test("5,000 clients fit; a list that no host could read is not published", async () => {
  const { ports } = await stage();
  const fleet = await openFleet(ports, undefined);
  const list = { ...fleet.kept.view.list, clients: clientsNamed(32) };
  expect((await publish(ports, fleet, { list })).kept.view.version).toBe(2);
  expect(
    await failureOf(publish(ports, fleet, { list: { ...list, clients: clientsNamed(64) } })),
  ).toMatchObject({ code: "FLEET_REFUSED", why: [expect.stringContaining("documents.list")] });
});

test("a host that is away is named, and has the list after the next push", async () => {
  const { ports, host } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  host("two").isAway = true;
  const pushed = await enrol(ports, "anna");
  expect(missing(pushed.fleet, pushed.hosts)).toMatchObject({
    code: "FLEET_INCOMPLETE",
    why: ["two: the gateway does not answer"],
  });
  host("two").isAway = false;
  expect(missing(pushed.fleet, await askHosts(ports, pushed.fleet))?.why).toEqual(["two: has version 2"]);
  const again = await pushFleet(ports, undefined);
  expect(missing(again.fleet, again.hosts)).toBeNull();
});

test("a role that no host has is refused, with the nearest one", async () => {
  const { ports, host } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await enrol(ports, "anna");
  expect(await failureOf(setFleetRole(ports, undefined, "anna", "operater"))).toMatchObject({
    code: "ROLE_UNKNOWN",
    hints: expect.arrayContaining(["tetherdock fleet client role anna operator"]),
  });
  host("one").roles = ["web-team"];
  const { fleet } = await setFleetRole(ports, undefined, "anna", "web-team");
  expect(fleet.kept.view.list.clients).toMatchObject([{ role: "web-team" }]);
});

test("a host that cannot be reached leaves only with --force", async () => {
  const { ports, host } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  host("one").isAway = true;
  expect(await failureOf(leaveFleet(ports, undefined, "one", { force: false }))).toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    hints: expect.arrayContaining(["tetherdock fleet leave one --fleet acme --force"]),
  });
  const { fleet } = await leaveFleet(ports, undefined, "one", { force: true });
  expect(fleet.kept.view.list.hosts).toEqual([]);
});

test("a host of another fleet is refused", async () => {
  const { ports } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await initFleet(ports, "rival");
  const error = await failureOf(joinHosts(ports, "rival", ["one"]));
  expect(error).toMatchObject({ code: "FLEET_REFUSED", message: expect.stringContaining("acme") });
});

test("a host that has joined another fleet since is not taken out of that one", async () => {
  const { ports, host } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await initFleet(ports, "rival");
  host("one").kept = null;
  await joinHosts(ports, "rival", ["one"]);
  expect(await failureOf(leaveFleet(ports, "acme", "one", { force: false }))).toMatchObject({
    code: "FLEET_REFUSED",
  });
  await leaveFleet(ports, "acme", "one", { force: true });
  expect(host("one").kept).not.toBeNull();
});

test("at most eight hosts at a time", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `host${at}`);
  const { ports, most } = await stage(...names);
  const { fleet } = await joinHosts(ports, undefined, names.slice(0, 1));
  expect(fleet.kept.view.list.hosts).toHaveLength(1);
  // None takes long.
  const pause = (ms: number, signal: AbortSignal) =>
    ms < 3_000
      ? new Promise<void>((ended) => signal.addEventListener("abort", () => ended()))
      : Promise.resolve();
  await joinHosts({ ...ports, pause }, undefined, names);
  expect(most()).toBe(8);
});

test.each([
  ["none", [], undefined, "there is no fleet on this machine", /^tetherdock fleet init NAME/],
  ["several, and none is named", ["beta"], undefined, "there are several fleets", /^tetherdock fleet ls/],
  ["another name", ["beta"], "acm", 'there is no fleet "acm" on this machine', /^tetherdock fleet ls/],
])("which fleet: %s", async (_what, more, name, message, hint) => {
  const { ports } = await stage();
  for (const one of more) await initFleet(ports, one);
  const fleets = more.length === 0 ? { ...ports.fleets, list: async () => [] } : ports.fleets;
  expect(await failureOf(openFleet({ ...ports, fleets }, name))).toMatchObject({
    code: "FLEET_UNKNOWN",
    message,
    hints: expect.arrayContaining([expect.stringMatching(hint)]),
  });
});

test("all fleets are listed, also if one cannot be read", async () => {
  const { ports } = await stage();
  await initFleet(ports, "beta");
  const { read } = ports.fleets;
  const problem = new TetherdockError("FLEET_BROKEN", "cannot read operator.json");
  const fleets: FleetPorts["fleets"] = {
    ...ports.fleets,
    read: (name) => (name === "acme" ? Promise.reject(problem) : read(name)),
  };
  expect(await listFleets({ fleets })).toMatchObject([
    { name: "acme", error: problem },
    { name: "beta", fleet: { name: "beta" } },
  ]);
});

test("the fleets that have a host are named, as far as they can be read", async () => {
  const { ports } = await stage("one");
  await joinHosts(ports, undefined, ["one"]);
  await initFleet(ports, "beta");
  expect([await fleetsWith(ports, "one"), await fleetsWith(ports, "two")]).toEqual([["acme"], []]);
  const list = async () => Promise.reject(new TetherdockError("FILE_FAILED", "no permission"));
  expect(await fleetsWith({ fleets: { ...ports.fleets, list } }, "one")).toEqual([]);
});

test("a client gets another certificate for its key only, and the list stays as it is", async () => {
  const { ports } = await stage("one");
  const { publicKey } = makeKeyPair();
  const asked = { name: "fay", role: "viewer", publicKey, expiresIn: undefined };
  const { fleet } = await addFleetClient(ports, undefined, asked, async () => {});
  const later = { ...ports, clock: () => Date.now() + 300 * 86_400_000 };
  const certificate = readCertificate(await renewFleetClient(later, undefined, "fay", publicKey));
  expect(certificate).toMatchObject({ publicKeyFingerprint: fleet.kept.view.list.clients[0]?.fingerprint });
  expect(certificate.notAfter).toBeGreaterThan(Date.now() + 600 * 86_400_000);
  const refused = async (name: string, key: string) =>
    (await failureOf(renewFleetClient(ports, undefined, name, key))).message;
  expect(await refused("fay", makeKeyPair().publicKey)).toBe(
    "the key is not the one that the fleet has of fay",
  );
  expect(await refused("eve", publicKey)).toBe("the fleet has no client eve");
  expect((await openFleet(ports, undefined)).kept.view.version).toBe(fleet.kept.view.version);
  await revokeFleetClient(ports, undefined, "fay");
  expect(await refused("fay", publicKey)).toBe("the key of fay is revoked for good");
});

test("an old copy of the operator's folder: hosts refuse its list, and push --force signs above what they have", async () => {
  const { ports, host } = await stage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  await enrol(ports, "anna");
  const copy = await ports.fleets.read("acme");
  await enrol(ports, "ben");
  await revokeFleetClient(ports, undefined, "anna");
  await enrol(ports, "carol");
  const restored = { ...ports, fleets: memoryFleets() };
  await restored.fleets.create(copy);
  const pushed = await pushFleet(restored, undefined);
  expect(missing(pushed.fleet, pushed.hosts)).toMatchObject({
    why: ["one", "two"].map((name) =>
      expect.stringMatching(new RegExp(`^${name}: .*less than current version`)),
    ),
    hints: [
      expect.stringMatching(/^tetherdock fleet status --fleet acme /),
      "tetherdock fleet push --fleet acme",
    ],
  });
  const status = await fleetStatus(restored, undefined);
  expect(missing(status.fleet, status.hosts)?.hints).toContainEqual(
    expect.stringMatching(/^tetherdock fleet push --force --fleet acme /),
  );
  const forced = await pushFleet(restored, undefined, { force: true });
  expect(missing(forced.fleet, forced.hosts)).toBeNull();
  expect(forced.fleet.kept.view.version).toBe(7);
  // A host that makes numbers up.
  const { answer } = host("one");
  host("one").answer = async (call) => {
    const told = (await answer.call(host("one"), call)) as { fleet: object | null };
    return { ...told, fleet: told.fleet && { ...told.fleet, version: 999_999_999 } };
  };
  expect((await pushFleet(restored, undefined, { force: true })).fleet.kept.view.version).toBe(8);
});
