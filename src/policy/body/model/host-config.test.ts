/** What a new container may use of the host, and its labels: a bad element behind a good one. */
import { describe, expect, test } from "vitest";
import { judgeBody } from "../judge-body.ts";
import { bodies } from "./index.ts";

/** @returns the check that refuses the body; "": none */
function checkOf(body: unknown): string {
  const judged = judgeBody(Buffer.from(JSON.stringify(body)), bodies.ContainerCreate);
  return Buffer.isBuffer(judged) ? "" : judged.check;
}
const ofHost = (HostConfig: object): string => checkOf({ HostConfig });

describe("limits of HostConfig", () => {
  test.each<[string, readonly unknown[], readonly unknown[], string]>([
    [
      "CapAdd",
      [
        [],
        [..."AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE".split(" ")],
        ["NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
        ["CAP_CHOWN", "cap_kill", "Net_Raw"],
      ],
      [
        ...[
          "SYS_ADMIN",
          "CAP_SYS_ADMIN",
          "ALL",
          "all",
          "",
          "CAP_",
          "CAP_CAP_CHOWN",
          "SYS_CAP_CHROOT",
          "CHOWN ",
        ],
        ...[
          "CHOWN,SYS_ADMIN",
          "K\u0131ll",
          "F\u017fETID",
          "\u017fETUID",
          "\u212aILL",
          "NET RAW",
          "SYS_CHROOT\n",
        ],
      ].map((name) => ["CHOWN", name]),
      "capabilities",
    ],
    [
      "SecurityOpt",
      [
        [],
        ["no-new-privileges"],
        ["no-new-privileges:true"],
        ["no-new-privileges=true", "no-new-privileges"],
      ],
      [
        ["no-new-privileges", "seccomp=unconfined"],
        ["seccomp=unconfined", "no-new-privileges"],
        ["no-new-privileges:false"],
        ["no-new-privileges=false"],
        ["label=disable"],
        ["apparmor=unconfined"],
        ["systempaths=unconfined"],
        [""],
      ],
      "seccomp",
    ],
    ["IpcMode", ["", "none", "private", "shareable"], ["host", "container:x", "Private"], "hostNamespaces"],
    ["CgroupnsMode", ["", "private"], ["host", "Private"], "hostNamespaces"],
    ["PidMode", [""], ["host", "container:x", "private"], "hostNamespaces"],
    ["UTSMode", [""], ["host"], "hostNamespaces"],
    ["UsernsMode", [""], ["host", "private"], "hostNamespaces"],
    [
      "Sysctls",
      [
        {},
        { "net.ipv4.tcp_syncookies": "1", "net.ipv4.ip_unprivileged_port_start": "0" },
        { "kernel.shm_rmid_forced": "1", "net.ipv4.tcp_rmem": "1" },
        { "net.ipv4.ip_local_port_range": "1", "net.ipv4.tcp_wmem": "1" },
        { "net.ipv4.ping_group_range": "1", "net.ipv4.ip_local_reserved_ports": "1" },
        { "net.ipv4.tcp_keepalive_time": "1", "net.ipv4.tcp_fin_timeout": "1" },
        { "net.ipv4.tcp_keepalive_intvl": "1", "net.ipv4.tcp_keepalive_probes": "1" },
      ],
      [
        { "net.ipv4.tcp_syncookies": "1", "kernel.shmmax": "1" },
        { "kernel.shmmax": "1", "net.ipv4.tcp_syncookies": "1" },
        { "net.ipv4.ip_forward": "1" },
        { "net/ipv4/tcp_syncookies": "1" },
        { "": "1" },
      ],
      "sysctls",
    ],
    [
      "LogConfig",
      [
        {},
        { Type: "" },
        { Type: "none" },
        { Type: "json-file", Config: { "max-size": "1m", "max-file": "3", compress: "true" } },
        { Type: "local", Config: { "max-file": "1000" } },
      ],
      [
        { Type: "syslog" },
        { Type: "fluentd", Config: {} },
        { Type: "Local" },
        { Config: { "max-size": "1m", "syslog-address": "tcp://192.0.2.1" } },
        { Config: { labels: "x" } },
        { Config: { "max-file": "1001" } },
        { Config: { "max-file": "1000000000" } },
        { Config: { "max-file": "+5" } },
      ],
      "logDriver",
    ],
    ["OomScoreAdj", [0, 1, 1000], [-1, -1000], "oom"],
    [
      "Ulimits",
      ["core", "cpu", "data", "fsize", "nofile", "nproc", "stack"].map((Name) => [
        { Name, Soft: 1, Hard: 1 },
      ]),
      [
        [
          { Name: "core", Soft: 0, Hard: 0 },
          { Name: "rtprio", Soft: 99, Hard: 99 },
        ],
        [{ Name: "memlock", Soft: -1, Hard: -1 }],
        [{ Name: "Core" }],
        [{ Name: "" }],
      ],
      "ulimits",
    ],
    ["Isolation", ["", "default"], ["process", "hyperv"], "unused"],
    ["MaskedPaths", [null], [[], ["/x"], "", false], "procMount"],
    ["ReadonlyPaths", [null], [[], ["/x"], 0], "procMount"],
  ])("%s", (field, good, bad, check) => {
    const checks = (values: readonly unknown[]) => values.map((value) => [value, ofHost({ [field]: value })]);
    expect(checks(good)).toEqual(good.map((value) => [value, ""]));
    expect(checks(bad)).toEqual(bad.map((value) => [value, check]));
  });

  test.each([
    ["OomScoreAdj", "0"],
    ["OomScoreAdj", [0]],
    ["Ulimits", {}],
    ["Ulimits", [{ Name: 1 }]],
    ["CapAdd", "CHOWN"],
    ["CapAdd", ["CHOWN", 1]],
    ["SecurityOpt", ["no-new-privileges", null]],
    ["Sysctls", ["net.ipv4.tcp_syncookies"]],
    ["Sysctls", { "net.ipv4.tcp_syncookies": 1 }],
    ["IpcMode", ["private"]],
    ["LogConfig", []],
    ["Memory", "1g"],
    ["Memory", 1.5],
    ["AutoRemove", "true"],
    ["ExtraHosts", ["a:192.0.2.1", 1]],
  ])("%s is not %j", (field, value) => {
    expect(ofHost({ [field]: value })).toBe("json");
  });
});

test("every field that is not a deployer's to set is refused by its own check", () => {
  const fields = {
    privileged: { Privileged: true },
    capabilities: { Capabilities: ["CHOWN"] },
    volumesFrom: { VolumesFrom: ["a"] },
    volumeDriver: { VolumeDriver: "a" },
    storageOpt: { StorageOpt: { size: "1g" } },
    devices: { Devices: [{}] },
    "devices ": { DeviceCgroupRules: ["a *:* rwm"] },
    "devices  ": { DeviceRequests: [{}] },
    cgroupParent: { CgroupParent: "a" },
    "cgroupParent ": { Cgroup: "container:a" },
    runtime: { Runtime: "a" },
    annotations: { Annotations: { a: "b" } },
    links: { Links: ["a:b"] },
    oom: { OomKillDisable: true },
    realtime: { CpuRealtimePeriod: 1 },
    "realtime ": { CpuRealtimeRuntime: 1 },
    unused: { CpuCount: 1 },
    "unused ": { CpuPercent: 1 },
    "unused  ": { IOMaximumIOps: 1 },
    "unused   ": { IOMaximumBandwidth: 1 },
  };
  for (const [check, field] of Object.entries(fields))
    expect([field, ofHost(field)]).toEqual([field, check.trim()]);
  for (const name of ["Weight", "Read", "Write"].flatMap((kind) =>
    kind === "Weight" ? ["BlkioWeightDevice"] : [`BlkioDevice${kind}Bps`, `BlkioDevice${kind}IOps`],
  ))
    expect([name, ofHost({ [name]: [{ Path: "/dev/sda", Rate: 1 }] })]).toEqual([name, "blkioDevices"]);
});

test.each([["io.tetherdock.owner"], ["io.tetherdock."], ["IO.Tetherdock.x"]])(
  "the label %s is the gateway's",
  (label) => {
    expect(checkOf({ Labels: { a: "b", [label]: "c" } })).toBe("ownerLabel");
  },
);

test("other labels are the client's, as text", () => {
  expect(checkOf({ Labels: { "io.tetherdocks": "a", "a.io.tetherdock.owner": "b", "": "c" } })).toBe("");
  expect(checkOf({ Labels: { a: "b", c: 1 } })).toBe("json");
  expect(checkOf({ Labels: ["a=b"] })).toBe("json");
});
