/** `HostConfig` of a container: what it can use of the host. */
import { isObject, type JsonValue } from "../json/value.ts";
import {
  allHarmless,
  flag,
  forbidden,
  harmless,
  integer,
  limited,
  listOf,
  type Mark,
  struct,
  text,
  textMap,
  texts,
} from "../mark.ts";
import type { HostBind } from "./host-binds.ts";
import { bindsWith, mounts, mountsWith, tmpfs } from "./mounts.ts";
import { networkMode, portBindings } from "./networking.ts";
import { resources, restartPolicy } from "./resources.ts";
import {
  capabilityOf,
  DEFAULT_CAPABILITIES,
  hasOnly,
  isAtLeast,
  isOneOf,
  NO_NEW_PRIVILEGES,
  words,
} from "./rules.ts";

/** Safe by the Pod Security Standards: they have an effect on the container only. */
const SYSCTLS = words(`
  kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies
  net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem`);

/** For the default driver, whichever it is: options that make no driver send logs elsewhere. */
const LOG_OPTIONS = words("max-size max-file compress");

/** The engine renames as many files as it keeps, one by one and outside of the container's limits, whenever one is full. */
const LOG_FILES = /^(?:[1-9]\d{0,2}|1000)$/;

function areLogOptions(value: JsonValue): boolean {
  const files = isObject(value) ? value.get("max-file") : undefined;
  return hasOnly(LOG_OPTIONS)(value) && (files === undefined || LOG_FILES.test(files as string));
}

const isDefaultCapability = (value: JsonValue): boolean =>
  DEFAULT_CAPABILITIES.has(capabilityOf(value as string));

const namespace = (flagName: string): string =>
  `the namespace is not the container's own; leave out ${flagName}`;

const hostConfig = {
  Privileged: forbidden("privileged", "it is root on the host; leave out --privileged"),
  CapAdd: limited(
    "capabilities",
    texts,
    "only capabilities of Docker's default set are allowed; leave out --cap-add",
    (value) => (value as readonly JsonValue[]).every(isDefaultCapability),
  ),
  Capabilities: forbidden("capabilities", "it replaces Docker's default set; use --cap-drop"),
  CapDrop: harmless(texts, "can only remove capabilities"),
  SecurityOpt: limited(
    "seccomp",
    texts,
    "only no-new-privileges is allowed: seccomp, AppArmor and SELinux stay as the engine has them",
    (value) => (value as readonly string[]).every((option) => NO_NEW_PRIVILEGES.has(option)),
  ),
  // an empty list is not the default: it unmasks everything
  ...Object.fromEntries(
    ["MaskedPaths", "ReadonlyPaths"].map((name) => [
      name,
      forbidden(
        "procMount",
        "parts of /proc and /sys stay masked; leave out systempaths=unconfined",
        (value) => value === null,
      ),
    ]),
  ),
  Binds: bindsWith([]),
  Mounts: mounts,
  Tmpfs: tmpfs,
  VolumesFrom: forbidden(
    "volumesFrom",
    "the other container may be somebody else's; leave out --volumes-from",
  ),
  VolumeDriver: forbidden(
    "volumeDriver",
    "a driver can mount any path of the host; leave out --volume-driver",
  ),
  StorageOpt: forbidden("storageOpt", "storage drivers' options are not judged yet; leave out --storage-opt"),
  NetworkMode: networkMode,
  PidMode: forbidden("hostNamespaces", namespace("--pid")),
  UTSMode: forbidden("hostNamespaces", namespace("--uts")),
  UsernsMode: forbidden("hostNamespaces", namespace("--userns")),
  IpcMode: limited("hostNamespaces", text, namespace("--ipc"), isOneOf("", "none", "private", "shareable")),
  CgroupnsMode: limited("hostNamespaces", text, namespace("--cgroupns"), isOneOf("", "private")),
  Cgroup: forbidden("cgroupParent", "it is another container's cgroup; leave it out"),
  Runtime: forbidden("runtime", "another runtime may isolate less; leave out --runtime"),
  Annotations: forbidden("annotations", "runtimes and hooks of the host act on them; leave out --annotation"),
  Links: forbidden(
    "links",
    "the other container may be somebody else's, and its variables are passed on; leave out --link",
  ),
  PortBindings: portBindings,
  PublishAllPorts: harmless(flag, "the engine chooses ports from 1024 up"),
  Sysctls: limited(
    "sysctls",
    textMap,
    "only sysctls that the Pod Security Standards list as safe are allowed",
    hasOnly(SYSCTLS),
  ),
  LogConfig: struct({
    Type: limited(
      "logDriver",
      text,
      "only json-file, local and none are allowed: others can send logs to other hosts",
      isOneOf("", "json-file", "local", "none"),
    ),
    Config: limited(
      "logDriver",
      textMap,
      "only max-size, max-file up to 1000 and compress are allowed",
      areLogOptions,
    ),
  }),
  OomScoreAdj: limited(
    "oom",
    integer,
    "the kernel would kill the host's processes first; use 0 or more",
    isAtLeast(0),
  ),
  ...resources,
  ...allHarmless(integer, "ShmSize", "limits the container itself"),
  Isolation: limited("unused", text, "Windows only; leave out --isolation", isOneOf("", "default")),
  ContainerIDFile: harmless(text, "the CLI writes it, the engine does not"),
  ConsoleSize: harmless(listOf(integer), "of the client's terminal"),
  RestartPolicy: restartPolicy,
  AutoRemove: harmless(flag, "removes the container itself, once it has ended"),
  ReadonlyRootfs: harmless(flag, "can only take access away"),
  ...allHarmless(texts, "Dns DnsOptions DnsSearch ExtraHosts GroupAdd", "in the container only"),
};

export const hostConfigMark = struct(hostConfig);

/** @param binds paths of the host that a role file permits */
export const hostConfigWith = (binds: readonly HostBind[]): Mark =>
  struct({ ...hostConfig, Binds: bindsWith(binds), Mounts: mountsWith(binds) });
