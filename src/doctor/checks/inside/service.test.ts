/** Units, flags and daemon.json: the exact findings of all inside checks. */
import { expect, test } from "vitest";
import {
  daemonJson,
  hostFacts,
  NOW,
  runningGateway,
  vendorUnit,
} from "../../../../test/support/host-facts.ts";
import { findings, listener, type Row, running, systemd } from "../../../../test/support/inside-findings.ts";
import { closedEndpoint, inside } from "../../../../test/support/subject.ts";
import { MINUTE_MS } from "../../../base/index.ts";
import { GATEWAY_SOCKET_FILE, type HostFacts } from "../../../facts/index.ts";

const GATEWAY_FILES = new Map([
  [GATEWAY_SOCKET_FILE, { path: GATEWAY_SOCKET_FILE, mode: "644", owner: "0:0", text: "" }],
]);
const withGateway = (changes: Partial<HostFacts["gateway"]>) => ({
  inside: inside({
    facts: hostFacts(
      {},
      {
        engine: { version: "29.9.0", liveRestore: false },
        gateway: { ...runningGateway, ...changes },
        ours: { files: GATEWAY_FILES, publicKey: null },
      },
    ),
    listeners: [listener(2376, [systemd])],
  }),
});
const unit = (state: string) => ({ state, needsReload: false });

const service: Row[] = [
  ["a gateway that runs", withGateway({}), []],
  ["a gateway that starts on demand", withGateway({ service: unit("inactive") }), []],
  [
    "a gateway that has failed",
    withGateway({ service: unit("failed") }),
    ["medium gateway-not-running tetherdock-gateway.service"],
  ],
  [
    "a gateway whose socket is stopped",
    { ...withGateway({ socket: { ...unit("inactive"), ports: [] } }), endpoints: [closedEndpoint(2376)] },
    ["medium gateway-not-running tetherdock-gateway.socket"],
  ],
  [
    "a gateway that does not start after a reboot",
    withGateway({ links: new Set() }),
    ["medium gateway-not-running tetherdock-gateway.socket"],
  ],
  [
    "not installed",
    {
      inside: inside({
        facts: hostFacts({ active: false, loadState: "not-found", units: [] }, { sockets: [] }),
      }),
    },
    ["medium docker-not-running docker.service"],
  ],
  [
    "a container with a pipe in place of its users",
    {
      inside: inside({
        facts: hostFacts(
          {},
          { userFiles: [{ folder: "/d/merged/etc", name: "passwd", type: "fifo", bytes: 0 }] },
        ),
      }),
    },
    ["medium user-file-unreadable /d/merged/etc/passwd"],
  ],
  [
    "masked, its socket too",
    { inside: inside({ facts: hostFacts({ active: false, loadState: "masked" }) }) },
    ["medium docker-not-running docker.service"],
  ],
  [
    "started on demand",
    {
      inside: inside({ facts: hostFacts({ active: false, unitFileState: "disabled" }, { commandLine: [] }) }),
    },
    [],
  ],
  [
    "not enabled, with its own TCP port",
    {
      inside: inside({
        ...running(["-H", "tcp://0.0.0.0:2376"]),
        facts: hostFacts(
          { unitFileState: "disabled" },
          { commandLine: ["/usr/sbin/dockerd", "-H", "tcp://0.0.0.0:2376"] },
        ),
      }),
    },
    ["medium docker-not-enabled docker.service"],
  ],
  [
    "hosts in two places prevents the start: one finding",
    {
      inside: inside({
        facts: hostFacts(
          { active: false },
          { daemonJson: daemonJson('{"hosts": ["fd://"]}'), sockets: [], commandLine: [] },
        ),
      }),
    },
    ["medium settings-in-two-places /etc/docker/daemon.json"],
  ],
  [
    "a broken daemon.json, and docker does not run: one finding",
    {
      inside: inside({
        facts: hostFacts({ active: false }, { daemonJson: daemonJson("{"), sockets: [], commandLine: [] }),
      }),
    },
    ["medium daemon-json-broken /etc/docker/daemon.json"],
  ],
  [
    "a unit with flags that the running daemon lacks",
    { inside: inside({ unitCommandLine: ["/usr/sbin/dockerd", "-H", "fd://", "--tlsverify"] }) },
    ["medium daemon-older-than-unit docker.service"],
  ],
  [
    "units wait for a reload",
    { inside: inside({ needDaemonReload: true }) },
    ["medium daemon-older-than-unit docker.service"],
  ],
  [
    "an EnvironmentFile overrides the drop-in's DOCKER_OPTS",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit(),
            { path: "/etc/d/tls.conf", text: "[Service]\nEnvironment='DOCKER_OPTS=--tlsverify'\n" },
          ],
          environmentFiles: [
            { path: "/etc/default/docker", mode: "644", owner: "0:0", text: "DOCKER_OPTS=--debug\n" },
          ],
        }),
      }),
    },
    ["medium docker-opts-without-effect /etc/d/tls.conf"],
  ],
  [
    "DOCKER_OPTS in a unit that does not use it",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit("/usr/bin/dockerd -H fd://"),
            { path: "/etc/d/o.conf", text: "[Service]\nEnvironment=DOCKER_OPTS=--debug\n" },
          ],
        }),
      }),
    },
    ["low docker-opts-without-effect /etc/d/o.conf"],
  ],
  [
    "DOCKER_OPTS that up's drop-in replaces",
    {
      inside: inside({
        facts: hostFacts({
          units: [
            vendorUnit(),
            {
              path: "/etc/systemd/system/docker.service.d/zz-tetherdock.conf",
              text: "[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd -H fd://\n",
            },
          ],
          environmentFiles: [
            {
              path: "/etc/default/docker",
              mode: "644",
              owner: "0:0",
              text: "DOCKER_OPTS='-H tcp://:2375'\n",
            },
          ],
        }),
      }),
    },
    [],
  ],
  [
    "a clock six minutes ahead",
    { inside: inside({ facts: hostFacts({}, { clockMs: NOW + 6 * MINUTE_MS }) }) },
    ["medium clock-off clock"],
  ],
  [
    "a clock four minutes behind",
    { inside: inside({ facts: hostFacts({}, { clockMs: NOW - 4 * MINUTE_MS }) }) },
    [],
  ],
  ["no clock", { inside: inside({ facts: hostFacts({}, { clockMs: Number.NaN }) }) }, []],
  [
    "a full disk",
    { inside: inside({ facts: hostFacts({}, { freeKiB: [0, 1_000_000] }) }) },
    ["medium disk-full /etc, /var/lib"],
  ],
  ...(
    [
      ["pending", false, "medium"],
      ["pending", true, "info"],
      ["confirmed", false, null],
    ] as const
  ).map(
    ([state, ownerAlive, severity]): Row => [
      `a change that is ${state}, its owner alive: ${ownerAlive}`,
      {
        inside: inside({
          facts: hostFacts(
            {},
            { transactions: [{ number: 3, state, ownerAlive, restarted: true, about: null, entries: [] }] },
          ),
        }),
      },
      severity ? [`${severity} unconfirmed-change change 3`] : [],
    ],
  ),
];

test.each(service)("%s", (_, changes, expected) => expect(findings(changes)).toEqual(expected));
