import { describe, expect, test } from "vitest";
import { readListen, readMetrics, readUpstream } from "./parse-listen.ts";

/** @returns what was read, or the complaints */
function read<T>(
  reader: (value: unknown, at: string, complain: (at: string, text: string) => void) => T,
  value: unknown,
) {
  const problems: string[] = [];
  const result = reader(value, "it", (at, text) => problems.push(`${at} ${text}`));
  return problems.length > 0 ? problems.join("\n") : result;
}

describe("readListen()", () => {
  test.each([
    [{ address: "tcp://0.0.0.0:2376" }, { kind: "tcp", host: "0.0.0.0", port: 2376 }],
    [{ address: "tcp://[::1]:1" }, { kind: "tcp", host: "::1", port: 1 }],
    [
      { address: "tcp://docker.example.com:65535" },
      { kind: "tcp", host: "docker.example.com", port: 65_535 },
    ],
    [{ address: "fd://" }, { kind: "systemd", client: null }],
    [
      { address: "fd://", client: "a" },
      { kind: "systemd", client: "a" },
    ],
    [
      { address: "unix:///run/x.sock", client: "a" },
      { kind: "unix", path: "/run/x.sock", client: "a", mode: 0o660 },
    ],
    [
      { address: "unix:///x", client: "a", mode: "600" },
      { kind: "unix", path: "/x", client: "a", mode: 0o600 },
    ],
  ])("reads %j", (entry, listen) => {
    expect(read(readListen, entry)).toEqual(listen);
  });

  test.each([
    ["tcp://0.0.0.0", "it.address must be"],
    ["tcp://:2376", "it.address must be"],
    ["tcp://0.0.0.0:0", "it.address must be"],
    ["tcp://0.0.0.0:65536", "it.address must be"],
    ["tcp://::1:2376", "it.address must be"],
    ["http://0.0.0.0:2376", "it.address must be"],
    ["xtcp://0.0.0.0:2376", "it.address must be"],
    ["tcp://0.0.0.0:2376x", "it.address must be"],
    ["tcp://[::1]x:2376", "it.address must be"],
    ["tcp://0.0.0.0:123456", "it.address must be"],
    ["xfd://", "it.address must be"],
    ["xunix:///run/x.sock", "it.address must be"],
    ["unix:///run/x\0y", "it.address must be"],
    ["unix:///run/x\0", "it.address must be"],
    ["fd://3", "it.address must be"],
    ["unix://x.sock", "it.address must be"],
    ["unix:///run/x.sock", "it.client is missing"],
    ["unix:///run/", "it.address must be"],
  ])("refuses %s", (address, problem) => {
    expect(read(readListen, { address })).toContain(problem);
  });

  test("a TCP client is identified only by its certificate", () => {
    expect(read(readListen, { address: "tcp://h:1", client: "a" })).toContain("must not be said for TCP");
  });

  test.each(["0o600", "rw", "0888", "1777"])("mode %s is refused", (mode) => {
    expect(read(readListen, { address: "unix:///x", client: "a", mode })).toContain("octal");
  });
});

test.each(["tcp://127.0.0.1:9100", "tcp://[::1]:9100", "tcp://localhost:9100"])(
  "metrics on %s",
  (address) => {
    expect(read(readMetrics, address)).toMatchObject({ kind: "loopback", port: 9_100 });
  },
);

test("metrics on a local socket", () => {
  expect(read(readMetrics, "unix:///run/m.sock")).toEqual({ kind: "unix", path: "/run/m.sock" });
});

const NO_LOOPBACK = [
  "tcp://x127.0.0.1:1",
  "tcp://127.evil:1",
  "tcp://xlocalhost:1",
  "tcp://[::11]:1",
  "xunix:///m",
];

test.each([
  ...NO_LOOPBACK,
  "tcp://192.0.2.1:9100",
  "tcp://[::]:9100",
  "tcp://localhost.example.com:9100",
  "",
  1,
  null,
])("refuses metrics on %j", (address) => {
  expect(read(readMetrics, address)).toContain("loopback");
});

test("upstream is a local socket", () => {
  expect(read(readUpstream, "unix:///run/docker.sock")).toBe("/run/docker.sock");
  for (const other of [
    "/run/docker.sock",
    "xunix:///run/docker.sock",
    "unix:///",
    "tcp://127.0.0.1:2375",
    1,
    null,
  ])
    expect(read(readUpstream, other)).toContain("unix:///PATH");
});
