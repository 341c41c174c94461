import { expect, test } from "vitest";
import { hostFacts } from "../../../../test/support/host-facts.ts";
import type { HostFacts } from "../../../facts/index.ts";
import type { DesiredState } from "../desired-state.ts";
import { checkGatewayHost, localSocket } from "./check-gateway-host.ts";
import { checkOtherLine } from "./check-other-line.ts";

const MIB = 1024 * 1024;
const program = { path: "/opt/x", sha256: "aa", bytes: 5 * MIB, packedBytes: 1 };
const without = (...tools: string[]) => hostFacts().tools.difference(new Set(tools));

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "fine";
}

test.each<[string, Partial<HostFacts>, readonly (typeof program)[], string]>([
  ["systemd 247", { systemdVersion: 247 }, [program], "fine"],
  ["systemd 246", { systemdVersion: 246 }, [program], "HOST_SYSTEMD_OLD"],
  ["no gzip", { tools: without("gzip") }, [program], "HOST_TOOL_MISSING"],
  ["no gzip, and nothing to send", { tools: without("gzip") }, [], "fine"],
  ["no flock, and nothing to send", { tools: without("flock") }, [], "HOST_TOOL_MISSING"],
  ["room for the program twice", { programFreeKiB: [10 * 1024, 10 * 1024] }, [program], "fine"],
  ["a KiB less", { programFreeKiB: [10 * 1024, 10 * 1024 - 1] }, [program], "HOST_DISK_FULL"],
  ["no room, and nothing to send", { programFreeKiB: [0, 0] }, [], "fine"],
])("%s", (_what, facts, missing, code) => {
  expect(codeOf(() => checkGatewayHost(hostFacts({}, facts), missing))).toBe(code);
});

test.each([
  ["660", "fine"],
  ["666", "fine"],
  ["600", "DOCKER_SOCKET_CLOSED"],
  ["640", "DOCKER_SOCKET_CLOSED"],
  ["620", "DOCKER_SOCKET_CLOSED"],
  ["606", "DOCKER_SOCKET_CLOSED"],
])("docker's socket with mode %s: %s", (mode, code) => {
  const localSockets = [{ path: "/run/docker.sock", group: "docker", mode }];
  expect(codeOf(() => localSocket(hostFacts({}, { localSockets })))).toBe(code);
});

test("docker's missing socket will be at the usual path", () => {
  expect(localSocket(hostFacts({}, { localSockets: [] }))).toEqual({
    ...{ path: "/run/docker.sock", group: "docker", mode: "660" },
  });
});

const about = { lineId: "a", lineName: "x", port: 1, exposedPorts: [], by: "", at: "", version: "" };
const journal = (state: "confirmed" | "pending", has: typeof about | null) =>
  [{ number: 1, state, ownerAlive: false, restarted: false, about: has, entries: [] }] as const;

test.each<[string, string | null, Partial<HostFacts>, Partial<DesiredState>, string]>([
  ["no CA", null, {}, {}, "fine"],
  ["this line's CA", "ours", {}, {}, "fine"],
  ["another CA, and no journal", "theirs", {}, {}, "HOST_TLS_FOREIGN"],
  ["another CA that may be replaced", "theirs", {}, { replaceTls: true }, "fine"],
  [
    "another CA, and whose it is in the journal",
    "theirs",
    { transactions: journal("confirmed", about) },
    {},
    "fine",
  ],
  [
    "a journal that does not say whose",
    "theirs",
    { transactions: journal("confirmed", null) },
    {},
    "HOST_TLS_FOREIGN",
  ],
  [
    "a change that was not confirmed",
    "theirs",
    { transactions: journal("pending", about) },
    {},
    "HOST_TLS_FOREIGN",
  ],
])("%s on the host: %s", (_what, text, facts, desired, code) => {
  const path = "/etc/tetherdock/ca.pem";
  const files = new Map(text === null ? [] : [[path, { path, mode: "644", owner: "0:0", text }]]);
  const seen = hostFacts({}, { ours: { files, publicKey: null }, ...facts });
  expect(
    codeOf(() => checkOtherLine(seen, { ca: "ours", replaceTls: false, ...desired } as DesiredState)),
  ).toBe(code);
});
