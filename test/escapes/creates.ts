/** By the body of ContainerCreate: each field that gives something of the host or of others, and ways to write it. */
import { create } from "./attempts.ts";
import { type Escape, HOST_FILE, HOST_SECRET, HOST_VOLUME, OTHERS_NETWORK, VICTIM_SECRET } from "./escape.ts";

const READ = ["cat", `/host${HOST_FILE}`];
const ROOT = { Image: "tiny", Cmd: READ };
const BINDS = '["/:/host"]';
const prints = { prints: HOST_SECRET };

/** A body as it is written. That the engine reads it as a bind of / is enough: the first of these binds reads the file. */
const written = (
  name: string,
  rest: string,
  refusal: string,
  more: Partial<Escape["attempt"]> = {},
): Escape =>
  create(
    name,
    `{"Image":"tiny","Cmd":${JSON.stringify(READ)},${rest}}`,
    refusal,
    { shows: { HostConfig: { Binds: ["/:/host"] } } },
    more,
  );

/** A field of HostConfig that inspect shows afterwards. */
const host = (name: string, fields: object, check: string): Escape =>
  create(`HostConfig ${name}`, { Image: "tiny", HostConfig: fields }, check, {
    shows: { HostConfig: fields },
  });

const runs = (
  name: string,
  HostConfig: object,
  Cmd: readonly string[],
  check: string,
  printed: string,
): Escape => create(`HostConfig ${name}`, { Image: "tiny", Cmd, HostConfig }, check, { prints: printed });

const bind = { Type: "bind", Source: "/", Target: "/host" };
const byDriver = {
  Type: "volume",
  Source: "bydriver",
  Target: "/host/root",
  VolumeOptions: { DriverConfig: { Name: "local", Options: { type: "none", o: "bind", device: "/root" } } },
};

export const creates: readonly Escape[] = [
  create("a bind of /", { ...ROOT, HostConfig: { Binds: ["/:/host"] } }, "hostPathVolumes", prints),
  create("a mount of type bind", { ...ROOT, HostConfig: { Mounts: [bind] } }, "hostPathVolumes", prints),
  create(
    "a volume whose driver binds",
    { ...ROOT, HostConfig: { Mounts: [byDriver] } },
    "hostPathVolumes|volumeDriver",
    prints,
  ),
  create(
    "a bind of an admin's volume",
    { ...ROOT, HostConfig: { Binds: [`${HOST_VOLUME}:/host/root`] } },
    "volumeName",
    prints,
  ),
  create(
    "a mount of an admin's volume",
    { ...ROOT, HostConfig: { Mounts: [{ Type: "volume", Source: HOST_VOLUME, Target: "/host/root" }] } },
    "volumeName",
    prints,
  ),
  // Go, encoding/json: names in any case, ſ for s, the last duplicate
  written("names in lower case", `"hostconfig":{"binds":${BINDS}}`, "hostPathVolumes"),
  written("names in upper case", `"HOSTCONFIG":{"BINDS":${BINDS}}`, "hostPathVolumes"),
  written("a long s in HoſtConfig", `"HoſtConfig":{"Binds":${BINDS}}`, "hostPathVolumes"),
  written("a long s in Bindſ", `"HostConfig":{"Bindſ":${BINDS}}`, "hostPathVolumes"),
  written("an escaped name", `"HostConfig":{"\\u0042inds":${BINDS}}`, "hostPathVolumes"),
  written("HostConfig twice", `"HostConfig":{},"HostConfig":{"Binds":${BINDS}}`, "twice"),
  written("HostConfig twice in two cases", `"HostConfig":{},"hostConfig":{"Binds":${BINDS}}`, "twice"),
  written("Binds twice", `"HostConfig":{"Binds":[],"Binds":${BINDS}}`, "twice"),
  written("Binds twice in two cases", `"HostConfig":{"Binds":[],"binds":${BINDS}}`, "twice"),
  written("Binds twice, once with a long s", `"HostConfig":{"Binds":[],"bindſ":${BINDS}}`, "twice"),
  // moby, runconfig.ContainerConfigWrapper: HostConfig's fields at the top, from before API 1.18; Engine 28 has them no more
  ...[
    written("Binds beside HostConfig, which is not there", `"Binds":${BINDS}`, "unknownField"),
    create("Privileged beside HostConfig", { Image: "tiny", Privileged: true }, "unknownField", {
      shows: { HostConfig: { Privileged: true } },
    }),
    create(
      "PidMode beside HostConfig",
      { Image: "tiny", Cmd: ["cat", "/proc/1/comm"], PidMode: "host" },
      "unknownField",
      { prints: "systemd" },
    ),
  ].map((one): Escape => ({ ...one, until: 28 })),
  // framing and declared types
  written("in chunks", `"HostConfig":{"Binds":${BINDS}}`, "hostPathVolumes", { chunked: true }),
  written("after many spaces", `${" ".repeat(70_000)}"HostConfig":{"Binds":${BINDS}}`, "hostPathVolumes"),
  written("declared as gzip", `"HostConfig":{"Binds":${BINDS}}`, "encoding", {
    headers: { "Content-Type": "application/json", "Content-Encoding": "gzip" },
  }),
  written("declared as JSON with a parameter", `"HostConfig":{"Binds":${BINDS}}`, "contentType", {
    headers: { "Content-Type": "application/json; a=b" },
  }),
  written("with another API version", `"HostConfig":{"Binds":${BINDS}}`, "hostPathVolumes", {
    target: "/v1.24/containers/create",
  }),
  written("without an API version", `"HostConfig":{"Binds":${BINDS}}`, "hostPathVolumes", {
    target: "/containers/create",
  }),

  host("Privileged", { Privileged: true }, "privileged"),
  host("CapAdd SYS_ADMIN", { CapAdd: ["SYS_ADMIN"] }, "capabilities"),
  host("CapAdd ALL", { CapAdd: ["ALL"] }, "capabilities"),
  create(
    "CapAdd in lower case",
    { Image: "tiny", HostConfig: { CapAdd: ["cap_sys_ptrace"] } },
    "capabilities",
    {},
  ),
  host("CapAdd NET_ADMIN", { CapAdd: ["NET_ADMIN"] }, "capabilities"),
  host("CapAdd SYS_PTRACE beside an allowed one", { CapAdd: ["CHOWN", "SYS_PTRACE"] }, "capabilities"),
  host("SecurityOpt seccomp", { SecurityOpt: ["seccomp=unconfined"] }, "seccomp"),
  host("SecurityOpt apparmor", { SecurityOpt: ["apparmor=unconfined"] }, "seccomp"),
  host("SecurityOpt label", { SecurityOpt: ["label=disable"] }, "seccomp"),
  host("SecurityOpt no-new-privileges off", { SecurityOpt: ["no-new-privileges:false"] }, "seccomp"),
  host("MaskedPaths empty", { MaskedPaths: [] }, "procMount"),
  host("ReadonlyPaths empty", { ReadonlyPaths: [] }, "procMount"),
  host("MaskedPaths others", { MaskedPaths: ["/nothing"] }, "procMount"),
  host(
    "Devices",
    { Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/x", CgroupPermissions: "rwm" }] },
    "devices",
  ),
  host("DeviceCgroupRules", { DeviceCgroupRules: ["a *:* rwm"] }, "devices"),
  host("DeviceRequests", { DeviceRequests: [{ Driver: "", Count: -1, Capabilities: [["gpu"]] }] }, "devices"),
  host("NetworkMode host", { NetworkMode: "host" }, "hostNamespaces"),
  host("NetworkMode of a container", { NetworkMode: "container:{id}" }, "hostNamespaces"),
  host("NetworkMode another's", { NetworkMode: OTHERS_NETWORK }, "check network"),
  create(
    "an endpoint in another's network",
    {
      Image: "tiny",
      HostConfig: { NetworkMode: OTHERS_NETWORK },
      NetworkingConfig: { EndpointsConfig: { [OTHERS_NETWORK]: {} } },
    },
    "check network",
    { shows: { NetworkSettings: { Networks: { [OTHERS_NETWORK]: {} } } } },
  ),
  runs("PidMode host", { PidMode: "host" }, ["cat", "/proc/1/comm"], "hostNamespaces", "systemd"),
  host("PidMode of a container", { PidMode: "container:{id}" }, "hostNamespaces"),
  host("IpcMode host", { IpcMode: "host" }, "hostNamespaces"),
  host("IpcMode of a container", { IpcMode: "container:{id}" }, "hostNamespaces"),
  host("UTSMode host", { UTSMode: "host" }, "hostNamespaces"),
  host("UsernsMode host", { UsernsMode: "host" }, "hostNamespaces"),
  host("CgroupnsMode host", { CgroupnsMode: "host" }, "hostNamespaces"),
  host("CgroupParent", { CgroupParent: "system.slice" }, "cgroupParent"),
  host("Runtime", { Runtime: "io.containerd.runc.v2" }, "runtime"),
  host("VolumesFrom", { VolumesFrom: ["{victim}"] }, "volumesFrom"),
  host("VolumeDriver", { VolumeDriver: "local" }, "volumeDriver"),
  host("OomScoreAdj", { OomScoreAdj: -1000 }, "oom"),
  host("Sysctls of the host", { Sysctls: { "net.ipv4.ip_forward": "1" } }, "sysctls"),
  host("Sysctls with slashes", { Sysctls: { "net/ipv4/ip_forward": "1" } }, "sysctls"),
  host("Ulimits memlock", { Ulimits: [{ Name: "memlock", Soft: -1, Hard: -1 }] }, "ulimits"),
  host(
    "LogConfig syslog",
    { LogConfig: { Type: "syslog", Config: { "syslog-address": "udp://127.0.0.1:514" } } },
    "logDriver",
  ),
  host(
    "LogConfig gelf",
    { LogConfig: { Type: "gelf", Config: { "gelf-address": "udp://127.0.0.1:5" } } },
    "logDriver",
  ),
  host("LogConfig options", { LogConfig: { Type: "json-file", Config: { env: "PATH" } } }, "logDriver"),
  runs("Links", { Links: ["{victim}:db"] }, ["env"], "links", VICTIM_SECRET),
  host("PortBindings 22", { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "22" }] } }, "hostPorts"),
  host(
    "PortBindings from 1 up",
    { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "1-65535" }] } },
    "hostPorts",
  ),
  host("Tmpfs over /proc", { Tmpfs: { "/proc": "" } }, "mountTargets"),
  host("Tmpfs by a path with dots", { Tmpfs: { "/x/../sys": "" } }, "mountTargets"),
  create("a volume in /proc", { Image: "tiny", Volumes: { "/proc/x": {} } }, "mountTargets", {}),
  create("a hardware address", { Image: "tiny", MacAddress: "02:42:ac:11:00:02" }, "networkEndpoint", {
    shows: { Config: { MacAddress: "02:42:ac:11:00:02" } },
  }),
  create("another's label", { Image: "tiny", Labels: { "io.tetherdock.owner": "{owner}" } }, "ownerLabel", {
    shows: { Config: { Labels: { "io.tetherdock.owner": "{owner}" } } },
  }),
  create(
    "another's label, labels twice",
    `{"Image":"tiny","Labels":{},"labels":{"io.tetherdock.owner":"{owner}"}}`,
    "twice",
    {
      shows: { Config: { Labels: { "io.tetherdock.owner": "{owner}" } } },
    },
  ),
  create(
    "a label of the gateway's in another case",
    { Image: "tiny", Labels: { "IO.Tetherdock.x": "y" } },
    "ownerLabel",
    {},
  ),
  create(
    "a name that looks like an id",
    { Image: "tiny" },
    "name",
    {},
    { target: "/v1.41/containers/create?name={otherId}" },
  ),
  create(
    "the name twice",
    { Image: "tiny" },
    "query",
    {},
    { target: "/v1.41/containers/create?name=first{n}&name=second{n}" },
  ),
  create(
    "a parameter that is not known",
    { Image: "tiny" },
    "query",
    {},
    { target: "/v1.41/containers/create?x=y" },
  ),
];
