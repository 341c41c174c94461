import { describe, expect, test } from "vitest";
import { untouchedEngine } from "../../../../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME } from "../../../../../test/support/policy/engine.ts";
import type { FoundDriver } from "../../../asking.ts";
import { hostConfigMark } from "../../../body/model/host-config.ts";
import { holdsRoot, KNOWN } from "./holds-root.ts";

const MaskedPaths = ["/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats"].concat(
  [...["/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]],
);
const ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
/** Of Engine 20.10 after `docker run -p 80:80 -v data:/data --network web`, without what is empty. */
const PLAIN = {
  ...{ Binds: ["data:/data"], NetworkMode: "web", IpcMode: "private", CgroupnsMode: "host", Runtime: "runc" },
  ...{ PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "80" }] }, ShmSize: 67108864, ConsoleSize: [0, 0] },
  ...{ RestartPolicy: { Name: "no", MaximumRetryCount: 0 }, LogConfig: { Type: "syslog", Config: {} } },
  ...{ MaskedPaths, ReadonlyPaths, Privileged: false, CapAdd: null, Devices: [], PidMode: "" },
};
const VOLUMES: Readonly<Record<string, FoundDriver>> = {
  data: { driver: "local", options: {} },
  bind: { driver: "local", options: { type: "none", o: "bind", device: "/" } },
  nfs: { driver: "local", options: { type: "nfs", o: "addr=10.0.0.1", device: ":/x" } },
  other: { driver: "other", options: {} },
};
const volume = (Name: string, Driver = "local") => ({ Type: "volume", Name, Driver, Source: "/x", RW: true });

async function held(fields: object, mounts: unknown = []): Promise<string | undefined> {
  const container = containerOf(ME, { hostConfig: { ...PLAIN, ...fields }, mounts });
  const engine = { ...emptyEngine, inspectDriver: async (name: string) => VOLUMES[name] ?? null };
  const hold = await holdsRoot(container, engine);
  return hold?.check;
}

describe("a container that has nothing of the host", () => {
  test.each<[string, object]>([
    ["by default", {}],
    ["with default capabilities", { CapAdd: ["NET_RAW", "CAP_CHOWN"], CapDrop: ["ALL"] }],
    ["with no-new-privileges", { SecurityOpt: ["no-new-privileges:true"] }],
    ["with more masked", { MaskedPaths: [...MaskedPaths, "/proc/interrupts"] }],
    ["on the default network", { NetworkMode: "default" }],
    ["with an unknown field that is empty", { NewField: [] }],
    ["with another container's variables and files", { Links: ["/db:/web/db"], VolumesFrom: ["db"] }],
  ])("%s", async (_what, fields) => {
    expect(await held(fields)).toBeUndefined();
  });

  test("with volumes, tmpfs and the host's time zone", async () => {
    const tmpfs = { Type: "tmpfs", Source: "", Destination: "/run" };
    const open = ["/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/etc/resolv.conf", "/etc/passwd"];
    const mounts = open.map((Source) => ({ Type: "bind", Source, RW: false }));
    expect(await held({}, [volume("data"), tmpfs, ...mounts])).toBeUndefined();
  });
});

describe("a container that has something of the host", () => {
  test.each<[object, string]>([
    [{ Privileged: true }, "privileged"],
    [{ Privileged: "false" }, "privileged"],
    [{ CapAdd: ["SYS_ADMIN"] }, "capabilities"],
    [{ CapAdd: ["CHOWN", "ALL"] }, "capabilities"],
    [{ CapAdd: "CHOWN" }, "capabilities"],
    [{ SecurityOpt: ["seccomp=unconfined"] }, "seccomp"],
    [{ SecurityOpt: ["label=disable"] }, "seccomp"],
    [{ MaskedPaths: [] }, "procMount"],
    [{ ReadonlyPaths: null }, "procMount"],
    [{ ReadonlyPaths: ReadonlyPaths.filter((path) => path !== "/proc/sys") }, "procMount"],
    [{ Devices: [{ PathOnHost: "/dev/sda" }] }, "devices"],
    [{ DeviceCgroupRules: ["b *:* rwm"] }, "devices"],
    [{ DeviceRequests: [{ Count: -1 }] }, "devices"],
    [{ NetworkMode: "host" }, "hostNamespaces"],
    [{ NetworkMode: `container:${"1".repeat(64)}` }, "hostNamespaces"],
    [{ PidMode: "host", SecurityOpt: ["label=disable"] }, "hostNamespaces"],
    [{ PidMode: "container:db" }, "hostNamespaces"],
    [{ IpcMode: "host" }, "hostNamespaces"],
    [{ UTSMode: "host" }, "hostNamespaces"],
    [{ UsernsMode: "host" }, "hostNamespaces"],
    [{ CgroupParent: "/system.slice" }, "cgroupParent"],
    [{ Runtime: "nvidia" }, "runtime"],
    [{ Annotations: { a: "b" } }, "annotations"],
    [{ NewField: 1 }, "unknownField"],
  ])("%j: %s", async (fields, check) => {
    expect(await held(fields)).toBe(check);
  });

  test.each<[string, unknown, string]>([
    ["a path", [{ Type: "bind", Source: "/srv/data", RW: true }], "hostPathVolumes"],
    ["a path, read-only", [{ Type: "bind", Source: "/", RW: false }], "hostPathVolumes"],
    ["docker's socket", [{ Type: "bind", Source: "/var/run/docker.sock", RW: false }], "hostPathVolumes"],
    ["the time zone, to write", [{ Type: "bind", Source: "/etc/localtime", RW: true }], "hostPathVolumes"],
    ["certificates, to write", [{ Type: "bind", Source: "/etc/ssl/certs", RW: true }], "hostPathVolumes"],
    ["users, without saying whether to write", [{ Type: "bind", Source: "/etc/passwd" }], "hostPathVolumes"],
    ["what is behind a public file", [{ Type: "bind", Source: "/etc", RW: false }], "hostPathVolumes"],
    ["private keys", [{ Type: "bind", Source: "/etc/ssl/private", RW: false }], "hostPathVolumes"],
    [
      "a public path with dots",
      [{ Type: "bind", Source: "/etc/ssl/certs/../private", RW: false }],
      "hostPathVolumes",
    ],
    ["passwords", [{ Type: "bind", Source: "/etc/shadow", RW: false }], "hostPathVolumes"],
    ["a path behind a volume", [volume("data"), { Type: "bind", Source: "/", RW: true }], "hostPathVolumes"],
    ["a volume that binds", [volume("bind")], "volumeDriver"],
    ["a volume with options", [volume("nfs")], "volumeDriver"],
    ["a volume of another driver", [volume("other", "other")], "volumeDriver"],
    ["a volume whose driver is another than the container says", [volume("other")], "volumeDriver"],
    ["a volume that is gone", [volume("gone")], "volumeDriver"],
    ["a mount of another type", [{ Type: "cluster", Source: "x" }], "hostPathVolumes"],
    ["a mount without a type", [null], "hostPathVolumes"],
    ["more mounts than are asked about", Array.from({ length: 33 }, () => volume("data")), "hostPathVolumes"],
    ["mounts that the engine does not list", undefined, "hostPathVolumes"],
  ])("%s is mounted", async (_what, mounts, check) => {
    expect(await held({}, mounts === undefined ? null : mounts)).toBe(check);
  });

  test.each([[undefined], [null], ["x"], [[]]])("a HostConfig that is %j", async (hostConfig) => {
    const container = containerOf(ME, { hostConfig, mounts: [] });
    expect(await holdsRoot(container, untouchedEngine)).toMatchObject({ check: "unknownField" });
  });
});

test("each field of the model of bodies is known here too", () => {
  expect([...KNOWN].toSorted()).toEqual(Object.keys(hostConfigMark.fields ?? {}).toSorted());
});
