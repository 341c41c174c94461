/** `up --gateway`: proven from outside, nothing to do the second time, back after a reboot, down exactly. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT } from "../support/cut-stage.ts";
import { doctor, shortFindings } from "../support/doctor.ts";
import type { Host } from "../support/host.ts";
import type { Laptop } from "../support/laptop.ts";
import { sampleBy } from "../support/sample.ts";
import { type StateCase, upAndDown } from "../support/up-and-down.ts";

interface Drawn {
  readonly entrances: readonly {
    readonly via: { readonly name: string; readonly detail: string } | null;
    readonly clients: unknown;
  }[];
}

/** Nothing of dockerd's listens on TCP, the service has next to no rights, and the doctor finds nothing but advisories. */
async function meanwhile(host: Host, laptop: Laptop): Promise<void> {
  const listening = await host.root("tr '\\0' ' ' </proc/$(pidof dockerd)/cmdline");
  expect(listening).not.toMatch(/tcp:|tlsverify/);
  const uid = await host.root("stat -c %u /proc/$(systemctl show -p MainPID --value tetherdock-gateway)");
  expect(Number(uid), "a user of its own").toBeGreaterThan(60_000);
  const exposure = await host.root(
    "systemd-analyze security --no-pager tetherdock-gateway.service | tail -n 1",
  );
  expect(exposure).toMatch(/exposure level for tetherdock-gateway.service: 0\.[0-9] SAFE/);

  // Debian's engine and runc may have fixes that their versions do not show
  const { status: worst, reports } = await doctor(laptop, host.name);
  const found = reports.flatMap((report) => shortFindings(report, host));
  expect({ worst, found }).toEqual({
    worst: 0,
    found: [
      expect.stringMatching(/^info engine-advisories Docker Engine /),
      expect.stringMatching(/^info engine-advisories runc /),
    ],
  });
  const { stdout } = await laptop.tetherdock(["topology", host.name, "--json"]);
  const you = { role: "admin", state: "active", expires: null, equalsRoot: true };
  expect((JSON.parse(stdout) as Drawn).entrances.map(({ via, clients }) => [via?.detail, clients])).toEqual([
    ["docker.socket", null],
    ["tetherdock-gateway.socket", { known: true, from: "host", list: [expect.objectContaining(you)] }],
    ["shell, or ssh://", null],
  ]);
  const status = await laptop.tetherdock(["status", host.name]);
  expect(status.stdout).toMatch(/ gateway .* 20\.10\./);
}

const open = "critical api-without-tls IP:2375";

const cases: readonly (readonly [string, StateCase])[] = [
  ["coreos", { flavour: "coreos", finds: [], reboot: true }],
  [
    "debian, pitfall-1",
    { flavour: "debian", state: "pitfall-1", finds: [open], openPort: 2375, reboot: true },
  ],
  [
    "upstream, daemon-json-hosts",
    { flavour: "upstream", state: "daemon-json-hosts", finds: [open], openPort: 2375 },
  ],
  [
    "debian, docker-opts-plain",
    { flavour: "debian", state: "docker-opts-plain", finds: [open], openPort: 2375 },
  ],
  [
    "coreos, docker-on-demand",
    { flavour: "coreos", state: "docker-on-demand", finds: [], reboot: true, woken: true },
  ],
];

/** Each boots a host, and takes more than a minute. */
const A_DAY = 3;

test.for(sampleBy("states of a gateway", cases, A_DAY))("%s: up, again, down", LONG_TIMEOUT, ([, given]) =>
  upAndDown({ ...given, mode: "gateway", meanwhile }),
);
