/**
 * The limits of a container that a deployer creates. Each is tried with the exact bound, and with a second element that is not
 * allowed behind one that is.
 */
import { describe, expect, test } from "vitest";
import { judgeBody } from "../judge-body.ts";
import { bodies } from "./index.ts";

/** @returns the check that refuses the body; "": none */
function checkOf(body: unknown): string {
  const judged = judgeBody(Buffer.from(JSON.stringify(body)), bodies.ContainerCreate);
  return Buffer.isBuffer(judged) ? "" : judged.check;
}
const ofHost = (HostConfig: object): string => checkOf({ HostConfig });

describe("published ports", () => {
  const ofPorts = (...ports: unknown[]): string =>
    ofHost({ PortBindings: { "80/tcp": ports.map((HostPort) => ({ HostIp: "", HostPort })) } });

  test.each([[""], ["0"], ["1024"], ["65535"], ["1024-1030"], ["8080"]])("%j is allowed", (port) => {
    expect(ofPorts(port)).toBe("");
  });

  test.each([
    ...[
      "1023",
      "1",
      "00",
      "0-1024",
      "80-8080",
      "8080-80",
      "1023-1024",
      "1024-1025-1026",
      "1024-",
      "-1024",
      "-",
    ],
    ...[" 1024", "1024 ", "+1024", "0x1000", "1e4", "1024,80", "1024.5", "x1024", "1024x", "123456", "٣٣٣٣"],
  ])("%j is refused", (port) => {
    expect(ofPorts(port)).toBe("hostPorts");
  });

  test("every binding of every port is judged", () => {
    expect(ofPorts("8080", "8081")).toBe("");
    expect(ofPorts("8080", "80")).toBe("hostPorts");
    const [good, bad] = [[{ HostPort: "8080" }], [{ HostPort: "80" }]];
    expect(ofHost({ PortBindings: { "80/tcp": good, "81/tcp": bad } })).toBe("hostPorts");
    expect(ofHost({ PortBindings: { "80/tcp": bad, "81/tcp": good } })).toBe("hostPorts");
    expect(ofHost({ PortBindings: { "80/tcp": good, "81/tcp": [], "82/tcp": null, "83/tcp": [{}] } })).toBe(
      "",
    );
  });

  test.each([
    [[{ HostPort: 8080 }]],
    [[{ HostIp: null, HostPort: "8080" }]],
    [[{ HostPort: "8080", Other: "x" }]],
    [[{ HostPort: "8080", XHostPort: "80" }]],
    [[{ HostPort: "8080", HostPortX: "80" }]],
    [[{ HostPort: "8080", hostPort: "80" }]],
    [[{ HostPort: "8080" }, null]],
    [[{ HostPort: "8080" }, { HostPort: 80 }]],
    [[{ HostPort: "8080" }, "80"]],
    ["80"],
    [{ HostPort: "8080" }],
    [1],
  ])("%j are no bindings", (bindings) => {
    expect(ofHost({ PortBindings: { "79/tcp": [], "80/tcp": bindings } })).toBe("json");
    expect(ofHost({ PortBindings: [bindings] })).toBe("json");
  });
});

describe("networks", () => {
  test.each([[""], ["default"], ["bridge"], ["none"]])("%j is allowed", (NetworkMode) => {
    expect(ofHost({ NetworkMode })).toBe("");
  });

  test.each([["host"], ["container:x"], ["container:"], ["ns:/proc/1/ns/net"]])(
    "%j is refused, as the mode and as an endpoint",
    (name) => {
      expect(ofHost({ NetworkMode: name })).not.toBe("");
      const EndpointsConfig = { bridge: {}, [name]: {} };
      expect(checkOf({ NetworkingConfig: { EndpointsConfig } })).not.toBe("");
    },
  );

  test("a mode is text", () => {
    expect(ofHost({ NetworkMode: 1 })).toBe("json");
    expect(ofHost({ NetworkMode: ["host"] })).toBe("json");
  });
});

const GOOD_TARGETS = [
  "/data",
  "/a/b",
  "/dev/shm",
  "/dev/shm/",
  "//data",
  "/procs",
  "/x/proc",
  "/.a",
  "/a..b",
  "/a b",
];
const BAD_TARGETS = [
  ...[
    "",
    "/",
    "//",
    "data",
    "./data",
    "/a/..",
    "/..",
    "/a/../proc",
    "/.",
    "/a/./b",
    "/./proc",
    "/a\0b",
    "x/data",
  ],
  ...[
    "/proc",
    "//proc",
    "/proc/",
    "/proc/sys",
    "/sys",
    "/sys/fs/cgroup",
    "/dev",
    "/dev/",
    "/dev/mqueue",
    "/dev/shm/x",
  ],
  ...["/a:b", "/a:ro", ":/a", "/dev/shm/../null"],
];

describe("where volumes and tmpfs are mounted", () => {
  const places: Record<string, (target: string) => unknown> = {
    Volumes: (target) => ({ Volumes: { "/first": {}, [target]: {} } }),
    Tmpfs: (target) => ({ HostConfig: { Tmpfs: { "/first": "", [target]: "" } } }),
    Mounts: (Target) => ({
      HostConfig: {
        Mounts: [
          { Type: "volume", Target: "/first" },
          { Type: "tmpfs", Target },
        ],
      },
    }),
  };

  test.each(Object.keys(places))("%s", (name) => {
    const bodyOf = places[name] ?? expect.fail(name);
    const checks = (targets: readonly string[]) => targets.map((target) => [target, checkOf(bodyOf(target))]);
    expect(checks(GOOD_TARGETS)).toEqual(GOOD_TARGETS.map((target) => [target, ""]));
    expect(checks(BAD_TARGETS)).toEqual(BAD_TARGETS.map((target) => [target, "mountTargets"]));
  });

  test("a target that is not text, and values in Volumes, are no mounts", () => {
    expect(ofHost({ Mounts: [{ Type: "volume", Target: ["/a"] }] })).toBe("json");
    expect(checkOf({ Volumes: { "/a": {}, "/b": { Source: "/" } } })).toBe("json");
    expect(checkOf({ Volumes: ["/a"] })).toBe("json");
  });
});

describe("options of a tmpfs", () => {
  const ofTmpfs = (options: unknown): string => ofHost({ Tmpfs: { "/run": options } });

  test.each([
    ...["", "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "atime", "noatime", "diratime"],
    ...["nodiratime", "relatime", "strictatime", "size=64m", "size=50%", "mode=1777", "uid=1000", "gid=1000"],
    ...["nr_inodes=10k", "nr_blocks=10", "rw,noexec,size=64m", `size=${"1".repeat(20)}`],
  ])("%j is allowed", (options) => {
    expect(ofTmpfs(options)).toBe("");
  });

  test.each([
    ...[
      "shared",
      "rshared",
      "rslave",
      "bind",
      "rbind",
      "remount",
      "mand",
      "sync",
      "rx",
      "xro",
      "rox",
      "norelatime",
    ],
    ...[
      "rw,shared",
      "shared,rw",
      "rw,",
      ",",
      "size",
      "size=",
      "size=1%%",
      "size=1,bind",
      "xsize=1",
      "size=1 2",
    ],
    ...["size=a/b", "mpol=bind:0", "huge=always", "noro", "atimex", "RO", `size=${"1".repeat(21)}`],
  ])("%j is refused", (options) => {
    expect(ofTmpfs(options)).toBe("mountTargets");
  });

  test.each([[1], [true], [["ro"]], [null], [{}]])("%j is not text", (options) => {
    expect(ofTmpfs(options)).toBe("json");
  });
});

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
        { Type: "local", Config: {} },
      ],
      [
        { Type: "syslog" },
        { Type: "fluentd", Config: {} },
        { Type: "Local" },
        { Config: { "max-size": "1m", "syslog-address": "tcp://192.0.2.1" } },
        { Config: { labels: "x" } },
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

test("mounts are volumes or tmpfs, without options that are not judged", () => {
  const ofMount = (mount: object): string => ofHost({ Mounts: [{ Type: "volume", Target: "/a", ...mount }] });
  expect(ofMount({ ReadOnly: true, Consistency: "cached", VolumeOptions: { NoCopy: true } })).toBe("");
  expect(ofMount({ Type: "tmpfs", TmpfsOptions: { SizeBytes: 1, Mode: 511 } })).toBe("");
  for (const Type of ["bind", "npipe", "cluster", "image", "", "Volume"])
    expect([Type, ofMount({ Type })]).toEqual([Type, "hostPathVolumes"]);
  expect(ofMount({ Source: "/" })).toBe("hostPathVolumes");
  expect(ofMount({ BindOptions: { Propagation: "shared" } })).toBe("hostPathVolumes");
  expect(ofMount({ ImageOptions: { Subpath: "a" } })).toBe("hostPathVolumes");
  expect(ofMount({ ClusterOptions: { a: 1 } })).toBe("hostPathVolumes");
  expect(ofMount({ VolumeOptions: { Subpath: "a" } })).toBe("hostPathVolumes");
  expect(ofMount({ VolumeOptions: { Labels: { a: "b" } } })).toBe("ownerLabel");
  expect(ofMount({ VolumeOptions: { DriverConfig: { Name: "local" } } })).toBe("volumeDriver");
  expect(ofMount({ TmpfsOptions: { Options: [["exec"]] } })).toBe("mountTargets");
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
