import { describe, expect, test } from "vitest";
import { gatewayConfig, serviceUnit, socketUnit } from "./gateway-files.ts";

/** A section's settings, without comments. */
function settings(unit: string, section: string): string[] {
  const text = unit.split(/^\[(?=\w+\]$)/m).find((part) => part.startsWith(`${section}]`)) ?? "";
  return text.split("\n").filter((line, at) => at > 0 && line !== "" && !line.startsWith("#"));
}

/** The limits for an attacker inside the process: no network, no other user's files, no privileges to gain. */
const WALLS = [
  ..."DynamicUser=yes NoNewPrivileges=yes CapabilityBoundingSet= UMask=0077".split(" "),
  ..."PrivateNetwork=yes RestrictAddressFamilies=AF_UNIX".split(" "),
  ..."PrivateDevices=yes PrivateTmp=yes PrivateUsers=yes ProcSubset=pid ProtectProc=invisible".split(" "),
  ..."ProtectClock=yes ProtectControlGroups=yes ProtectHome=yes ProtectHostname=yes".split(" "),
  ..."ProtectKernelLogs=yes ProtectKernelModules=yes ProtectKernelTunables=yes ProtectSystem=strict".split(
    " ",
  ),
  ..."LockPersonality=yes RemoveIPC=yes RestrictNamespaces=yes RestrictRealtime=yes".split(" "),
  ..."RestrictSUIDSGID=yes SystemCallArchitectures=native SystemCallErrorNumber=EPERM".split(" "),
  ...["SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources"],
];

describe("serviceUnit()", () => {
  const service = settings(serviceUnit({ group: "docker" }), "Service");

  test.each(WALLS)("the gateway's unit sets %s", (wall) => {
    expect(service).toContain(wall);
  });

  test("it has its own folders, and gets one key of root's files", () => {
    expect(service).toEqual(
      expect.arrayContaining([
        "StateDirectoryMode=0700",
        "LogsDirectoryMode=0700",
        "SupplementaryGroups=docker",
      ]),
    );
    expect(service.filter((line) => line.startsWith("LoadCredential="))).toEqual([
      "LoadCredential=server-key.pem:/etc/tetherdock/server-key.pem",
    ]);
  });

  test("its memory is limited, and it is restarted when it dies or hangs", () => {
    expect(service).toEqual(
      expect.arrayContaining(["MemoryHigh=768M", "MemoryMax=1G", "Restart=on-failure", "WatchdogSec=30"]),
    );
  });

  test("it starts with its socket and after docker, and systemd never gives up starting it", () => {
    expect(settings(serviceUnit({ group: "docker" }), "Unit")).toEqual(
      expect.arrayContaining([
        "Requires=tetherdock-gateway.socket",
        "After=tetherdock-gateway.socket docker.socket docker.service",
        "StartLimitIntervalSec=0",
      ]),
    );
  });
});

test("systemd holds the port, for IPv4 and IPv6", () => {
  expect(settings(socketUnit(2377), "Socket")).toEqual([
    "ListenStream=2377",
    "BindIPv6Only=both",
    "Backlog=4096",
  ]);
});

describe("gatewayConfig()", () => {
  const docker = { path: "/run/docker.sock" };
  const fresh = gatewayConfig(docker, undefined);
  const again = (before: object) => JSON.parse(gatewayConfig(docker, JSON.stringify(before)));

  test("a new one names systemd's socket, docker's socket, the key from systemd, the client list and the audit log", () => {
    expect(JSON.parse(fresh)).toEqual({
      version: 1,
      metrics: "unix:///run/tetherdock-gateway/metrics.sock",
      listen: [{ address: "fd://" }],
      upstream: "unix:///run/docker.sock",
      tls: {
        ca: "/etc/tetherdock/ca.pem",
        certificate: "/etc/tetherdock/server-cert.pem",
        key: "/run/credentials/tetherdock-gateway.service/server-key.pem",
      },
      clients: "/var/lib/tetherdock-gateway/clients.json",
      audit: { directory: "/var/log/tetherdock-gateway" },
    });
  });

  test("settings that mean the same stay as somebody wrote them", () => {
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(fresh)).toReversed()));
    expect(gatewayConfig(docker, reordered)).toBe(reordered);
  });

  test("another listener stays after systemd's, which comes first and once", () => {
    const other = { address: "127.0.0.1:9" };
    expect(again({ listen: [other] }).listen).toEqual([{ address: "fd://" }, other]);
    expect(again({ listen: [other, { address: "fd://" }] }).listen).toEqual([other, { address: "fd://" }]);
  });

  test("settings inside tls and audit stay beside the unit's own", () => {
    const made = again({ tls: { ca: "/else", minimum: "1.3" }, audit: { directory: "/else", keepDays: 9 } });
    expect(made.tls).toMatchObject({ ca: "/etc/tetherdock/ca.pem", minimum: "1.3" });
    expect(made.audit).toEqual({ directory: "/var/log/tetherdock-gateway", keepDays: 9 });
  });

  test.each(["null", "[]", "7", '"x"', "{", '{"tls":null,"audit":7,"listen":{}}'])(
    "a file without settings (%s) is replaced",
    (before) => {
      expect(JSON.parse(gatewayConfig(docker, before))).toEqual(JSON.parse(fresh));
    },
  );
});
