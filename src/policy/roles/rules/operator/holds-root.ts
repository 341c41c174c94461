/**
 * Whether root in a container is root on the host: by what the engine says of its configuration. A container that holds
 * nothing of the host is like one that a deployer may create. What is not known here, such as a field that a newer engine
 * adds, counts as something of the host.
 */
import type { EngineLookup, FoundContainer } from "../../../asking.ts";
import { DEFAULT_CAPABILITIES, NO_NEW_PRIVILEGES, words } from "../../../body/model/rules.ts";
import { REFERENCE } from "../deployer/own.ts";

export interface Hold {
  /** Named as in the model of bodies. */
  readonly check: string;
  /** What of the host the container has: `HostConfig.Privileged is true`. */
  readonly what: string;
}

type Allows = (value: unknown) => boolean;

const isNone: Allows = (value) =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === false ||
  value === 0 ||
  (typeof value === "object" && Object.keys(value).length === 0);

const isOneOf = (...values: readonly string[]): Allows => {
  const all = new Set<unknown>(values);
  return (value) => isNone(value) || all.has(value);
};
const eachIsOneOf = (allowed: ReadonlySet<string>): Allows => {
  return (value) => isNone(value) || (Array.isArray(value) && value.every((one) => allowed.has(one)));
};
const hasAll = (needed: ReadonlySet<string>): Allows => {
  return (value) => Array.isArray(value) && [...needed].every((one) => value.includes(one));
};

const CAPABILITIES = new Set([...DEFAULT_CAPABILITIES].flatMap((name) => [name, `CAP_${name}`]));
/** Parts of /proc and /sys that every engine from 20.10 to 28 masks; each engine adds more. */
const MASKED = words("/proc/kcore /proc/keys /proc/timer_list /proc/sched_debug /proc/scsi /sys/firmware");
const READ_ONLY = words("/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger");
/** As the engine describes a container that has nothing of the host. */
export const CONFINED = {
  hostConfig: { MaskedPaths: [...MASKED], ReadonlyPaths: [...READ_ONLY] },
  mounts: [],
} as const;

/** A network's name or ID; not `host`, and not another container's or a path. */
const isOwnNetwork: Allows = (value) =>
  isNone(value) || (typeof value === "string" && value !== "host" && REFERENCE.test(value));

/** Fields that can give something of the host, each with its check and the values that do not. */
const LIMITED: Readonly<Record<string, readonly [check: string, allows: Allows]>> = {
  Privileged: ["privileged", isNone],
  CapAdd: ["capabilities", eachIsOneOf(CAPABILITIES)],
  Capabilities: ["capabilities", isNone],
  MaskedPaths: ["procMount", hasAll(MASKED)],
  ReadonlyPaths: ["procMount", hasAll(READ_ONLY)],
  Devices: ["devices", isNone],
  DeviceCgroupRules: ["devices", isNone],
  DeviceRequests: ["devices", isNone],
  NetworkMode: ["hostNamespaces", isOwnNetwork],
  PidMode: ["hostNamespaces", isOneOf("private")],
  UTSMode: ["hostNamespaces", isOneOf("private")],
  UsernsMode: ["hostNamespaces", isOneOf("private")],
  IpcMode: ["hostNamespaces", isOneOf("none", "private", "shareable")],
  // host is the default with cgroup v1, where it shows names and is mounted read-only
  CgroupnsMode: ["hostNamespaces", isOneOf("private", "host")],
  // behind the namespaces: of a container in the host's, the engine also says label=disable
  SecurityOpt: ["seccomp", eachIsOneOf(NO_NEW_PRIVILEGES)],
  CgroupParent: ["cgroupParent", isNone],
  Cgroup: ["cgroupParent", isNone],
  Runtime: ["runtime", isOneOf("runc", "io.containerd.runc.v2", "io.containerd.runtime.v1.linux")],
  Annotations: ["annotations", isNone],
};

/** Fields that give nothing of the host. What is mounted is in `Mounts`, whichever field asked for it. */
const HARMLESS = words(`
  Binds Mounts Tmpfs VolumesFrom VolumeDriver StorageOpt Links PortBindings PublishAllPorts Sysctls LogConfig
  CapDrop ContainerIDFile ConsoleSize RestartPolicy AutoRemove Init ReadonlyRootfs Dns DnsOptions DnsSearch ExtraHosts
  GroupAdd ShmSize Isolation OomScoreAdj OomKillDisable Ulimits CpuRealtimePeriod CpuRealtimeRuntime BlkioWeight
  BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps CpuShares Memory
  CpuPeriod CpuQuota MemoryReservation MemorySwap MemorySwappiness NanoCpus PidsLimit KernelMemory KernelMemoryTCP
  DiskQuota CpusetCpus CpusetMems CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth`);

/** For a test that holds them against the model of bodies. */
export const KNOWN: ReadonlySet<string> = new Set([...HARMLESS, ...Object.keys(LIMITED)]);

const SHOWN = 80;
const shown = (value: unknown): string => (JSON.stringify(value) ?? "missing").slice(0, SHOWN);

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function byFields(hostConfig: unknown): Hold | null {
  if (!isFields(hostConfig))
    return { check: "unknownField", what: "the engine does not say what it has of the host" };
  for (const [name, [check, allows]] of Object.entries(LIMITED))
    if (!allows(hostConfig[name])) return { check, what: `HostConfig.${name} is ${shown(hostConfig[name])}` };
  const strange = Object.keys(hostConfig).find((name) => !KNOWN.has(name) && !isNone(hostConfig[name]));
  return strange === undefined
    ? null
    : {
        check: "unknownField",
        what: `HostConfig.${strange.slice(0, SHOWN)} is not a field that tetherdock knows`,
      };
}

/** More volumes than anybody mounts: each is a question to the engine. */
const MOST_VOLUMES = 32;

/**
 * Files and folders that compose files bind: every user of the host may read them, only root writes them, and there is no
 * socket among them. Private keys are beside them, in folders of their own.
 */
const PUBLIC = words(`
  /etc/localtime /etc/timezone /usr/share/zoneinfo /etc/hostname /etc/hosts /etc/resolv.conf /etc/os-release
  /usr/lib/os-release /etc/passwd /etc/group /etc/ssl/certs /etc/ssl/certs/ca-certificates.crt /usr/share/ca-certificates
  /etc/ca-certificates.conf /etc/pki/ca-trust/extracted /etc/pki/tls/certs /etc/pki/tls/certs/ca-bundle.crt`);

const isPublic = ({ Source, RW }: Fields): boolean => RW === false && PUBLIC.has(String(Source));

async function byVolume({ Name, Driver }: Fields, engine: EngineLookup): Promise<Hold | null> {
  const name = String(Name);
  const volume = Driver === "local" ? await engine.inspectDriver(name) : null;
  if (volume?.driver === "local" && isNone(volume.options)) return null;
  return {
    check: "volumeDriver",
    what: `the volume ${name.slice(0, SHOWN)} has a driver or options of its own`,
  };
}

async function byMount(mount: unknown, engine: EngineLookup): Promise<Hold | null> {
  const { Type, Source, ...more } = isFields(mount) ? mount : {};
  if (Type === "tmpfs" || Type === "image" || (Type === "bind" && isPublic({ Source, ...more }))) return null;
  if (Type === "volume") return byVolume(more, engine);
  return { check: "hostPathVolumes", what: `${shown(Source)} of the host is mounted` };
}

/** @returns the first thing of the host that it has; null: root in it is not root on the host */
export async function holdsRoot(
  { hostConfig, mounts }: FoundContainer,
  engine: EngineLookup,
): Promise<Hold | null> {
  const hold = byFields(hostConfig);
  if (hold !== null) return hold;
  if (!Array.isArray(mounts) || mounts.length > MOST_VOLUMES)
    return { check: "hostPathVolumes", what: "the engine does not say what is mounted, or it is too much" };
  for (const mount of mounts) {
    const found = await byMount(mount, engine);
    if (found !== null) return found;
  }
  return null;
}
