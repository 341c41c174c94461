/** Answers about the engine itself, and its events. */
import { freeText, genericResources } from "./common.ts";
import { containerSummary } from "./containers.ts";
import { buildCache, imageSummary, volume } from "./images.ts";
import { blanked, fields, list, map, mark, namedOnly, onTexts, shown } from "./mark.ts";
import { clusterInfo } from "./swarm.ts";
import { address, commandArguments, firstWord, isKnownLabel, labelList, options, pairs } from "./texts.ts";

const STORAGE = new Set([
  ...["Backing Filesystem", "Supports d_type", "Using metacopy", "Native Overlay Diff", "userxattr"],
  ...["driver-type", "Dirs", "Dirperm1 Supported", "Root Dir", "Pool Name", "Library Version"],
]);

const commit = fields(shown("ID Expected"));

const runtime = fields({
  ...shown("path runtimeType shim"),
  runtimeArgs: commandArguments,
  options: blanked("settings of a runtime that is not Docker's"),
  status: options,
});

const swarm = fields({
  ...shown("NodeID NodeAddr LocalNodeState ControlAvailable Nodes Managers"),
  Error: blanked("free text"),
  Warnings: blanked("free text"),
  RemoteManagers: list(fields(shown("NodeID Addr"))),
  Cluster: clusterInfo,
});

const registries = fields({
  ...shown("InsecureRegistryCIDRs AllowNondistributableArtifactsCIDRs"),
  ...shown("AllowNondistributableArtifactsHostnames"),
  Mirrors: address,
  IndexConfigs: map(fields({ ...shown("Name Secure Official"), Mirrors: address })),
});

export const systemInfo = fields({
  ...shown("ID Containers ContainersRunning ContainersPaused ContainersStopped Images Driver DockerRootDir"),
  ...shown("MemoryLimit SwapLimit CpuCfsPeriod CpuCfsQuota CPUShares CPUSet PidsLimit OomKillDisable"),
  ...shown("IPv4Forwarding Debug NFd NGoroutines SystemTime LoggingDriver CgroupDriver CgroupVersion"),
  ...shown("NEventsListener KernelVersion OperatingSystem OSVersion OSType Architecture NCPU MemTotal"),
  ...shown("IndexServerAddress NoProxy Name ExperimentalBuild ServerVersion DefaultRuntime"),
  ...shown("LiveRestoreEnabled Isolation InitBinary ProductLicense CDISpecDirs KernelMemoryTCP"),
  ...shown("BridgeNfIptables BridgeNfIp6tables InitPath InitSha1 OomScoreAdj KernelMemory"),
  ...shown("SecurityOptions", "names of profiles"),
  DriverStatus: pairs(STORAGE, "values of what Docker's own storage drivers report"),
  SystemStatus: pairs(new Set(), "names; values are free text"),
  Plugins: fields(shown("Volume Network Authorization Log")),
  RegistryConfig: registries,
  GenericResources: genericResources,
  HttpProxy: address,
  HttpsProxy: address,
  Labels: labelList,
  Runtimes: map(runtime),
  Swarm: swarm,
  ContainerdCommit: commit,
  RuncCommit: commit,
  InitCommit: commit,
  DefaultAddressPools: list(fields(shown("Base Size"))),
  FirewallBackend: fields({
    ...shown("Driver"),
    Info: pairs(new Set(["ReloadedAt"]), "names; values are free text"),
  }),
  DiscoveredDevices: list(fields(shown("Source ID"))),
  NRI: fields({ Info: pairs(new Set(), "names; values are free text") }),
  Warnings: freeText("sentences of the engine's own about the kernel and how open its API is"),
  Containerd: fields({ ...shown("Address"), Namespaces: fields(shown("Containers Plugins")) }),
  DiscoveryBackend: address,
  ClusterStore: address,
  ClusterAdvertise: address,
});

const VERSION =
  "Version ApiVersion MinAPIVersion GitCommit GoVersion Os Arch KernelVersion Experimental BuildTime";

export const systemVersion = fields({
  ...shown(VERSION),
  Platform: fields(shown("Name")),
  Components: list(fields({ ...shown("Name Version"), Details: fields(shown(VERSION)) })),
});

const usage = (item: ReturnType<typeof fields>) =>
  fields({ ...shown("ActiveCount TotalCount Reclaimable TotalSize"), Items: list(item) });

/** What API 1.25 describes as lists of lists. */
const listOrLists = (item: ReturnType<typeof fields>) => {
  const inner = list(item);
  return list({ ...item, show: (value) => (Array.isArray(value) ? inner.show(value) : item.show(value)) });
};

export const diskUsage = fields({
  ...shown("LayersSize BuilderSize"),
  Images: list(imageSummary),
  Containers: listOrLists(containerSummary),
  Volumes: list(volume),
  BuildCache: list(buildCache),
  ImageUsage: usage(imageSummary),
  ContainerUsage: usage(containerSummary),
  VolumeUsage: usage(volume),
  BuildCacheUsage: usage(buildCache),
});

/** `exec_create: /bin/sh -c …`: the engine puts the command behind a colon; a health's state is one word. */
const action = mark(
  "in part",
  "without the arguments of an exec's command",
  onTexts((text) => {
    const colon = text.indexOf(": ");
    return colon < 0 ? text : `${text.slice(0, colon)}: ${firstWord(text.slice(colon + 2))}`;
  }),
);

const ATTRIBUTES =
  "name image imageID exitCode signal execID execDuration container type driver destination propagation oldName " +
  "read/write replicas.old replicas.new updatestate.old updatestate.new image.old image.new state.old state.new " +
  "availability.old availability.new role.old role.new leader.old leader.new reachability.old reachability.new " +
  "size reclaimed desired.old desired.new";

const known = new Set(ATTRIBUTES.split(" "));

/** An object's labels are among them. */
const attributes = namedOnly(
  { has: (name: string) => known.has(name) || isKnownLabel(name) },
  "names; values of what the engine adds: labels are among them",
);

export const event = fields({
  ...shown("Type scope time timeNano id from"),
  Action: action,
  status: action,
  Actor: fields({ ...shown("ID"), Attributes: attributes }),
});
