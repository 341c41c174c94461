/** When the fleet process is installed on a host, when it goes, and what it may do. */
import { expect, test } from "vitest";
import { hostFacts, runningGateway } from "../../../../test/support/host-facts.ts";
import { FLEET_LINK, FLEET_PATH_FILE, FLEET_SERVICE_FILE, type HostFacts } from "../../../facts/index.ts";
import { fleetPathUnit, fleetServiceUnit, planFleet } from "./fleet-files.ts";

const RUNS = { state: "active", needsReload: false };
const STOPPED = { state: "inactive", needsReload: false };

function host(fleet: Partial<HostFacts["gateway"]["fleet"]>, isInstalled = false): HostFacts {
  const texts = { [FLEET_SERVICE_FILE]: fleetServiceUnit([]), [FLEET_PATH_FILE]: fleetPathUnit };
  const files = Object.entries(texts).map(
    ([path, text]) => [path, { path, text, mode: "644", owner: "0:0" }] as const,
  );
  return hostFacts(
    {},
    {
      gateway: {
        ...runningGateway,
        links: new Set(isInstalled ? [FLEET_LINK] : []),
        fleet: { usesStore: true, path: isInstalled ? RUNS : STOPPED, resolvers: [], ...fleet },
      },
      ours: { files: new Map(isInstalled ? files : []), publicKey: null },
    },
  );
}

const planned = (facts: HostFacts) => {
  const { changes, action } = planFleet(facts);
  return [changes.map(({ kind, path }) => `${kind} ${path}`), action];
};

test("the path unit waits for no service, which would wait for it at boot", () => {
  expect(fleetPathUnit).not.toMatch(/^(After|Before)=/m);
});

test("a host that uses no store gets nothing", () => {
  expect(planned(host({ usesStore: false }))).toEqual([[], "none"]);
});

test("a host that uses a store gets the units, once", () => {
  const all = [`write ${FLEET_SERVICE_FILE}`, `write ${FLEET_PATH_FILE}`, `link ${FLEET_LINK}`];
  expect(planned(host({}))).toEqual([all, "start"]);
  expect(planned(host({}, true))).toEqual([[], "none"]);
});

test.each([
  ["stopped", STOPPED],
  ["read before its file changed", { ...RUNS, needsReload: true }],
])("a unit that was %s is started", (_what, path) => {
  expect(planned(host({ path }, true))).toEqual([[], "start"]);
});

test("a host that has left loses the units", () => {
  const all = [`remove ${FLEET_LINK}`, `remove ${FLEET_SERVICE_FILE}`, `remove ${FLEET_PATH_FILE}`];
  expect(planned(host({ usesStore: false }, true))).toEqual([all, "stop"]);
});

test("a resolver on the host itself may be asked; nothing else there may", () => {
  const lines = (resolvers: readonly string[]) =>
    fleetServiceUnit(resolvers)
      .split("\n")
      .filter((line) => line.startsWith("IPAddress"));
  expect(lines([])).toEqual(["IPAddressDeny=localhost link-local multicast"]);
  expect(lines(["127.0.0.53", "::1"])[1]).toBe("IPAddressAllow=127.0.0.53 ::1");
});

test.each([
  ..."DynamicUser=yes NoNewPrivileges=yes CapabilityBoundingSet= PrivateUsers=yes ProtectSystem=strict".split(
    " ",
  ),
  ..."ProtectProc=invisible RestrictNamespaces=yes SocketBindDeny=any MemoryMax=192M".split(" "),
  ...["SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources"],
  "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
])("the process has %s", (wall) => {
  expect(fleetServiceUnit([]).split("\n")).toContain(wall);
});

test("the process has no folder and no group", () => {
  expect(fleetServiceUnit([])).not.toMatch(
    /StateDirectory|LogsDirectory|RuntimeDirectory|SupplementaryGroups|^User=/m,
  );
});
