/** A host in a fleet: the exact findings of all inside checks. */
import { expect, test } from "vitest";
import { fleetFacts, fleetOnHost } from "../../../../test/support/fleet/fleet-on-host.ts";
import { hostFacts, NOW } from "../../../../test/support/host-facts.ts";
import { findings, line, listener, type Row, systemd } from "../../../../test/support/inside-findings.ts";
import { inside } from "../../../../test/support/subject.ts";
import { DAY_MS, HOUR_MS } from "../../../base/index.ts";
import { FLEET_PATH_FILE, GATEWAY_LINKS, type HostFacts } from "../../../facts/index.ts";
import type { FleetOnHost, FleetProcess, Subject } from "../../subject.ts";

const host = (
  { list, process, ...line }: Partial<FleetOnHost> & Partial<Subject> = {},
  facts: Partial<HostFacts> = {},
): Partial<Subject> => ({
  ...line,
  inside: inside({
    facts: { ...hostFacts({}, fleetFacts()), ...facts },
    listeners: [listener(2376, [systemd])],
    fleet: {
      ...fleetOnHost(),
      ...(list !== undefined && { list }),
      ...(process !== undefined && { process }),
    },
  }),
});
const process = (over: Partial<FleetProcess>): Partial<FleetOnHost> => ({
  process: { ...(fleetOnHost().process as FleetProcess), ...over },
});
const said = (over: Partial<FleetProcess["said"]>) =>
  process({ said: { ...(fleetOnHost().process as FleetProcess).said, ...over } });
const until = (ms: number): Partial<FleetOnHost> => ({ list: { version: 3, until: NOW + ms } });
const copy = (...fleets: [name: string, version: number][]): Partial<Subject> => ({
  line: { ...line, mode: "gateway", fleets: fleets.map(([name, version]) => ({ name, version })) },
});
const gateway = (over: Partial<HostFacts["gateway"]>): Partial<HostFacts> => ({
  gateway: { ...(fleetFacts().gateway as HostFacts["gateway"]), ...over },
});
const NOT_RUNNING = ["medium fleet-process-not-running tetherdock-fleet.service"] as const;

const rows: Row[] = [
  ["a host whose process runs", host(), []],
  ["a host in no fleet", host({ list: null, process: null }), []],
  ["a host in a fleet without a store", host({ process: null }), []],
  ["a process that is stopped", host(process({ state: "inactive" })), NOT_RUNNING],
  ["a process that has failed", host(process({ state: "failed" })), NOT_RUNNING],
  ["a process that systemd starts again now", host(process({ state: "activating", restarts: 1 })), []],
  ["a process that ends again and again", host(process({ restarts: 9, upS: 2 })), NOT_RUNNING],
  [
    "a process that has never come up",
    host(process({ state: "activating", restarts: 9, upS: null })),
    NOT_RUNNING,
  ],
  [
    "a process that `fleet store` has just given other stores",
    host(process({ restarts: 3, upS: 2, storeAgeS: 2 })),
    [],
  ],
  [
    "a process that ends again and again since then",
    host(process({ restarts: 9, upS: 2, storeAgeS: 31 })),
    NOT_RUNNING,
  ],
  ["a process that was started often, long ago", host(process({ restarts: 9, upS: 9_000 })), []],
  ["a process that is not installed", host({}, { ours: { files: new Map(), publicKey: null } }), NOT_RUNNING],
  [
    "a process without half of its units",
    host(
      {},
      {
        ours: {
          files: new Map([...(fleetFacts().ours?.files ?? [])].filter(([path]) => path !== FLEET_PATH_FILE)),
          publicKey: null,
        },
      },
    ),
    NOT_RUNNING,
  ],
  [
    "a unit that would not start it again",
    host(
      {},
      gateway({ fleet: { usesStore: true, path: { state: "inactive", needsReload: false }, resolvers: [] } }),
    ),
    NOT_RUNNING,
  ],
  [
    "no link that starts it at boot",
    host({}, gateway({ links: new Set(GATEWAY_LINKS.keys()) })),
    [...NOT_RUNNING],
  ],
  [
    "a gateway that is stopped, and its fleet process with it",
    host(process({ state: "inactive" }), gateway({ service: { state: "inactive", needsReload: false } })),
    [],
  ],
  [
    "a store that is away",
    host(said({ store: "the store is lost: 'connection refused'" })),
    ["medium fleet-store-not-reached tetherdock-fleet.service"],
  ],
  [
    "a store that takes no receipts",
    host(said({ receipts: "no receipt: 'it answers with status 405'" })),
    ["low fleet-receipts-refused tetherdock-fleet.service"],
  ],
  [
    "one that is away: one finding",
    host(said({ store: "the store is lost: 'x'", receipts: "no receipt: 'x'" })),
    ["medium fleet-store-not-reached tetherdock-fleet.service"],
  ],
  ["a store without receipts", host(said({ receipts: "" })), []],
  ["a store about which nothing is known yet", host(said({ store: "" })), []],
  [
    "a store that was away when the process was stopped: one finding",
    host(process({ state: "inactive", said: { store: "the store is lost: 'x'", list: "", receipts: "" } })),
    NOT_RUNNING,
  ],
  ["a list with 30 days left", host(until(30 * DAY_MS)), []],
  [
    "a list with less than 30 days",
    host(until(30 * DAY_MS - 1)),
    ["low fleet-list-ends /var/lib/private/tetherdock-gateway/fleet.json"],
  ],
  [
    "a list with less than a week",
    host(until(7 * DAY_MS - 1)),
    ["medium fleet-list-ends /var/lib/private/tetherdock-gateway/fleet.json"],
  ],
  [
    "a list that has ended",
    host(until(-HOUR_MS)),
    ["medium fleet-list-ends /var/lib/private/tetherdock-gateway/fleet.json"],
  ],
  ["the same version as the operator's copy", host(copy(["acme", 3])), []],
  ["a newer one than the operator's copy", host(copy(["acme", 2])), []],
  ["an older one", host(copy(["acme", 4])), ["medium fleet-list-behind fleet acme"]],
  [
    "none, and the operator's list names the host",
    host({ list: null, ...copy(["acme", 4]) }),
    ["medium fleet-list-behind fleet acme"],
  ],
  [
    "a fleet that cannot be read on this machine, beside one that can",
    host({
      line: {
        ...{ ...line, mode: "gateway", fleets: [{ name: "acme", version: 4 }] },
        unreadFleets: [{ where: "fleet near", evidence: ["cannot read operator.json"], fix: ["ls -la"] }],
      },
    }),
    ["low fleet-list-behind fleet near", "medium fleet-list-behind fleet acme"],
  ],
  [
    "the store's list, which the gateway refuses",
    host(said({ list: "version 3 is not in force: 'the list is older'" })),
    ["medium fleet-list-behind the store's list"],
  ],
];

test.each(rows)("%s", (_, changes, expected) => expect(findings(changes)).toEqual(expected));

test("a host whose clock is ahead refuses the fleet's clients earlier: its clock counts", () => {
  const ahead = host(until(DAY_MS), { clockMs: NOW + 2 * DAY_MS });
  expect(findings(ahead)).toEqual([
    "medium clock-off clock",
    "medium fleet-list-ends /var/lib/private/tetherdock-gateway/fleet.json",
  ]);
  expect(findings(host(until(DAY_MS), { clockMs: Number.NaN }))).toEqual([
    "medium fleet-list-ends /var/lib/private/tetherdock-gateway/fleet.json",
  ]);
});

test("a host whose clock is behind goes on with a list that has ended, and the clock is the finding", () => {
  const behind = host(until(-DAY_MS), { clockMs: NOW - 365 * DAY_MS });
  expect(findings(behind)).toEqual(["medium clock-off clock"]);
});
