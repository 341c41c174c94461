/** What listens, and who can reach it: the exact findings of all inside checks. */
import { beforeAll, describe, expect, test } from "vitest";
import { dockerSocket, hostFacts, NOW, tcpSocket } from "../../../../test/support/host-facts.ts";
import {
  dockerd,
  findings,
  line,
  listener,
  nginx,
  plain,
  type Row,
  running,
  systemd,
  TLS_FLAGS,
  unreachable,
} from "../../../../test/support/inside-findings.ts";
import { CLOSED, closedEndpoint, endpointReport, inside, OPEN } from "../../../../test/support/subject.ts";
import type { Observation } from "../../../engine/index.ts";
import { issueServer, makeAuthority, makeKeyPair, openAuthority, parseName } from "../../../pki/index.ts";

const listeners: Row[] = [
  ["a host that up made", {}, []],
  [
    "pitfall 1: left to api-without-tls",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, tcpSocket()] }),
        listeners: [listener(2375, [systemd, dockerd])],
      }),
      endpoints: [plain(2375)],
    },
    [],
  ],
  [
    "pitfall 2: the flags say TLS",
    {
      inside: inside({
        ...running(["-H", "fd://", ...TLS_FLAGS], { sockets: [dockerSocket, tcpSocket(2376)] }),
        listeners: [listener(2376, [systemd, dockerd])],
      }),
      endpoints: [plain(2376)],
    },
    ["critical tls-flags-not-applied docker-tcp.socket"],
  ],
  [
    "a socket unit with a daemon that applies TLS",
    {
      inside: inside({
        ...running(["-H", "fd://", ...TLS_FLAGS], { sockets: [dockerSocket, tcpSocket(2376)] }),
        listeners: [listener(2376, [systemd, dockerd])],
      }),
    },
    ["medium tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that would start a stopped docker, without TLS: found without a probe",
    {
      inside: inside({
        ...running(["-H", "fd://"]),
        facts: hostFacts({ active: false }, { commandLine: [], sockets: [dockerSocket, tcpSocket()] }),
        listeners: [listener(2375, [systemd])],
      }),
      endpoints: [],
    },
    ["critical tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that would start a stopped docker, with TLS",
    {
      inside: inside({
        ...running(["-H", "fd://", ...TLS_FLAGS]),
        facts: hostFacts({ active: false }, { commandLine: [], sockets: [dockerSocket, tcpSocket(2376)] }),
        listeners: [listener(2376, [systemd])],
      }),
      endpoints: [],
    },
    ["medium tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that waits for the next boot",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, { ...tcpSocket(), active: false }] }),
      }),
    },
    ["medium tcp-by-systemd docker-tcp.socket"],
  ],
  [
    "a socket unit that nothing starts",
    {
      inside: inside({
        facts: hostFacts({}, { sockets: [dockerSocket, { ...tcpSocket(), active: false, links: [] }] }),
      }),
    },
    [],
  ],
  [
    "nginx in front admits everybody: not a fault of dockerd's flags",
    {
      inside: inside({ ...running(["-H", "fd://", ...TLS_FLAGS]), listeners: [listener(2375, [nginx])] }),
      endpoints: [plain(2375)],
    },
    ["high api-port-held-by-other TCP 2375"],
  ],
  [
    "another service on dockerd's port prevents its start",
    {
      inside: inside({
        unitCommandLine: ["/usr/sbin/dockerd", "-H", "tcp://0.0.0.0:2376"],
        facts: hostFacts({ active: false }, { commandLine: [], sockets: [] }),
        listeners: [listener(2376, [nginx])],
      }),
      endpoints: [closedEndpoint(2376)],
    },
    ["medium api-port-held-by-other TCP 2376"],
  ],
  [
    "another service on a port that docker does not use",
    { inside: inside({ listeners: [listener(2376, [nginx])] }), endpoints: [closedEndpoint(2376)] },
    [],
  ],
  [
    "another service on the line's port, on loopback",
    {
      inside: inside({ listeners: [listener(2376, [nginx], "127.0.0.1")] }),
      endpoints: [unreachable(2376, "line", CLOSED)],
      line,
    },
    ["medium api-port-held-by-other TCP 2376"],
  ],
  [
    "a firewall in between",
    { endpoints: [unreachable(2376)], line },
    ["medium listening-not-reachable 192.0.2.7:2376"],
  ],
  [
    "a firewall before a port that nobody named",
    { endpoints: [unreachable(2376, "default")] },
    ["info listening-not-reachable 192.0.2.7:2376"],
  ],
  [
    "IPv6 does not reach a listener of IPv4",
    {
      inside: inside({ listeners: [listener(2376, [dockerd], "0.0.0.0")] }),
      endpoints: [{ ...unreachable(2376), endpoint: { host: "2001:db8::7", port: 2376 } }],
    },
    [],
  ],
  [
    "a listener on loopback only",
    {
      inside: inside({ listeners: [listener(2376, [dockerd], "127.0.0.1")] }),
      endpoints: [unreachable(2376, "line", CLOSED)],
      line,
    },
    ["medium listening-on-loopback-only 192.0.2.7:2376"],
  ],
];

test.each(listeners)("%s", (_, changes, expected) => expect(findings(changes)).toEqual(expected));

describe("a certificate that was renewed without a restart", () => {
  let [old, renewed] = ["", ""];
  beforeAll(async () => {
    const ca = await openAuthority(await makeAuthority({ subject: "ca", now: NOW }));
    const issue = () =>
      issueServer(ca, { publicKey: makeKeyPair().publicKey, names: [parseName("192.0.2.7")], now: NOW });
    [old, renewed] = [await issue(), await issue()];
  });
  const served = (certificatePem: string) => [
    endpointReport({ line: { ...OPEN, tls: { version: "TLSv1.3", certificatePem } } as Observation }),
  ];
  const withFile = (file: string) => inside({ certificates: [{ path: "/s", role: "server", pem: file }] });

  test("is a finding", () =>
    expect(findings({ inside: withFile(renewed), endpoints: served(old) })).toEqual([
      "medium served-certificate-not-on-disk 192.0.2.7:2376",
    ]));
  test("is no finding after the restart, with a chain in the file, or without a readable file", () => {
    for (const file of [renewed, renewed + old, "no certificate", ""])
      expect(findings({ inside: withFile(file), endpoints: served(renewed) })).toEqual([]);
  });
});
