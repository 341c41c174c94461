/** `fleet role`, over ports without a network: what is asked, signed and refused. */
import { expect, test, vi } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { fleetStage } from "../../../../test/support/fleet/fleet-stage.ts";
import { makeKeyPair } from "../../../pki/index.ts";
import { joinHosts } from "../fleet.ts";
import { addFleetClient } from "../fleet-clients.ts";
import { openFleet } from "../open-fleet.ts";
import { applyFleetRoles, listFleetRoles, removeFleetRole, showFleetRole } from "./fleet-roles.ts";

const role = (name: string, more: object = {}) =>
  JSON.stringify({ version: 1, name, extends: "viewer", ...more });

async function stage() {
  const made = await fleetStage("one");
  await joinHosts(made.ports, undefined, ["one"]);
  const agree = vi.fn(async () => true);
  const apply = (...texts: readonly string[]) => {
    const ports = {
      ...made.ports,
      readText: async (path: string) => texts[Number(path)] ?? expect.fail(path),
    };
    return applyFleetRoles(ports, undefined, [...texts.keys()].map(String), agree);
  };
  const version = async () => (await openFleet(made.ports, undefined)).kept.view.version;
  return { ...made, agree, apply, version };
}

const ofRole = (name: string) => ({
  ...{ name: "anna", role: name, publicKey: makeKeyPair().publicKey, expiresIn: undefined },
});

test("new roles are put on the list and can be given to clients; the same file again signs nothing", async () => {
  const { ports, agree, apply, version } = await stage();
  const { changes, pushed } = await apply(role("web-team"), role("ops-team"));
  expect(changes.map(({ change }) => change)).toEqual(["new", "new"]);
  expect(pushed?.fleet.kept.view.list.roles.map(({ name }) => name)).toEqual(["ops-team", "web-team"]);
  await addFleetClient(ports, undefined, ofRole("web-team"), async () => {});
  expect(await listFleetRoles(ports, undefined)).toEqual([
    { name: "ops-team", extends: "viewer", description: "", clients: [] },
    { name: "web-team", extends: "viewer", description: "", clients: ["anna"] },
  ]);
  const before = await version();
  expect(await apply(role("web-team"))).toMatchObject({ changes: [{ change: "unchanged" }], pushed: null });
  expect(await version()).toBe(before);
  expect(agree).not.toHaveBeenCalled();
});

test("what a replaced role opens and closes is shown first; who says no changes nothing", async () => {
  const { ports, agree, apply, version } = await stage();
  await apply(role("web-team"));
  const before = await version();
  const narrower = role("web-team", { operations: { deny: ["ContainerList"] } });
  agree.mockResolvedValueOnce(false);
  expect(await apply(narrower)).toEqual({ changes: [], pushed: null });
  expect(agree).toHaveBeenCalledWith([
    {
      ...{ name: "web-team", change: "changed" },
      diff: expect.objectContaining({
        opens: [],
        closes: [expect.objectContaining({ operation: "ContainerList" })],
      }),
    },
  ]);
  expect(await version()).toBe(before);
  expect(await apply(narrower)).toMatchObject({ changes: [{ change: "changed" }] });
  expect(await showFleetRole(ports, undefined, "web-team")).toMatchObject({
    operations: { deny: ["ContainerList"] },
  });
});

test("a role that another operator changes while this one is asked is not overwritten", async () => {
  const { agree, apply } = await stage();
  await apply(role("web-team"));
  const theirs = role("web-team", { description: "theirs" });
  agree.mockImplementationOnce(async () => (await apply(theirs)).changes.length > 0);
  const error = await failureOf(apply(role("web-team", { description: "mine" })));
  expect(error).toMatchObject({
    code: "FLEET_REFUSED",
    message: expect.stringContaining("another operator"),
  });
});

test("all problems of all files are told with their places, and nothing is signed", async () => {
  const { apply, version } = await stage();
  const error = await failureOf(
    apply(role("web-team", { later: 1 }), role("ops-team", { operations: { deny: ["Nix"] } })),
  );
  expect(error.code).toBe("ROLE_FILE_BROKEN");
  expect(error.why).toEqual([
    expect.stringMatching(/^0:1:\d+: later/),
    expect.stringMatching(/^1:1:\d+: .*Nix/),
  ]);
  expect(await version()).toBe(2);
});

test.each([
  [
    "containers of one could replace what the other binds",
    ["/srv/shop", "/srv/shop/conf"],
    "cannot be in force together",
  ],
])("two roles are refused together: %s", async (_what, paths, message) => {
  const { apply } = await stage();
  const [one = "", other = ""] = paths.map((path, at) =>
    role(`team-${at}`, { extends: "deployer", binds: [{ path }] }),
  );
  expect(await failureOf(apply(one, other))).toMatchObject({ message: expect.stringContaining(message) });
  await apply(one);
  expect(await failureOf(apply(other))).toMatchObject({ message: expect.stringContaining(message) });
});

test("more than 128 KiB of roles are refused", async () => {
  const { apply } = await stage();
  const allow = Array.from({ length: 1000 }, () => "Container".padEnd(60, "*"));
  const large = (at: number) => role(`team-${at}`, { operations: { deny: allow } });
  await apply(large(1));
  expect(await failureOf(apply(large(2), large(3)))).toMatchObject({
    code: "FLEET_REFUSED",
    message: expect.stringMatching(/^the fleet's roles would be \d+ KiB as JSON; at most 128 KiB fit$/),
  });
});

test("a host whose gateway would refuse every list with roles is named before the first role is signed", async () => {
  const { apply, host, version } = await stage();
  host("one").isOlder = true;
  expect(await failureOf(apply(role("web-team")))).toMatchObject({
    ...{ code: "FLEET_REFUSED", hints: ["tetherdock upgrade one"] },
  });
  expect(await version()).toBe(2);
});

test("a role that somebody has is kept; one that is not there is answered with the nearest", async () => {
  const { ports, apply } = await stage();
  await apply(role("web-team"));
  await addFleetClient(ports, undefined, ofRole("web-team"), async () => {});
  expect(await failureOf(removeFleetRole(ports, undefined, "web-team"))).toMatchObject({
    ...{ code: "FLEET_REFUSED", message: "clients have the role web-team: anna" },
    hints: ["tetherdock fleet client role anna ROLE --fleet acme"],
  });
  expect(await failureOf(showFleetRole(ports, undefined, "web-tean"))).toMatchObject({
    ...{ code: "ROLE_UNKNOWN", why: ["did you mean web-team?"] },
  });
});
