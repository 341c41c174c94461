/** Answers about containers. */
import {
  config,
  descriptor,
  driver,
  endpoint,
  graphDriver,
  mount,
  mountPoint,
  port,
  sysctls,
} from "./common.ts";
import { blanked, fields, list, map, plainMap, shown } from "./mark.ts";
import { commandArguments, commandLine, labels, options, program, securityOptions } from "./texts.ts";

export const containerSummary = fields({
  ...shown("Id Names Image ImageID Created SizeRw SizeRootFs State Status"),
  Command: commandLine,
  ImageManifestDescriptor: descriptor,
  Ports: list(port),
  Labels: labels,
  HostConfig: fields({ ...shown("NetworkMode"), Annotations: options }),
  NetworkSettings: fields({ Networks: map(endpoint) }),
  Mounts: list(mountPoint),
  Health: fields(shown("Status FailingStreak")),
});

const state = fields({
  ...shown("Status Running Paused Restarting OOMKilled Dead Pid ExitCode StartedAt FinishedAt"),
  Error: blanked("quotes a mount that failed, with its options"),
  Health: fields({
    ...shown("Status FailingStreak"),
    Log: list(fields({ ...shown("Start End ExitCode"), Output: blanked("what a program prints: a log") })),
  }),
});

const weight = list(fields(shown("Path Weight")));
const throttle = list(fields(shown("Path Rate")));
const bindings = map(list(fields(shown("HostIp HostPort"))));

const hostConfig = fields({
  ...shown("CpuShares Memory CgroupParent BlkioWeight CpuPeriod CpuQuota CpuRealtimePeriod"),
  ...shown("CpuRealtimeRuntime CpusetCpus CpusetMems DeviceCgroupRules MemoryReservation MemorySwap"),
  ...shown("MemorySwappiness NanoCpus OomKillDisable Init PidsLimit CpuCount CpuPercent IOMaximumIOps"),
  ...shown("IOMaximumBandwidth ContainerIDFile NetworkMode AutoRemove VolumeDriver VolumesFrom"),
  ...shown("ConsoleSize CapAdd CapDrop CgroupnsMode Dns DnsOptions DnsSearch ExtraHosts GroupAdd IpcMode"),
  ...shown("Cgroup Links OomScoreAdj PidMode Privileged PublishAllPorts ReadonlyRootfs UTSMode UsernsMode"),
  ...shown("ShmSize Runtime Isolation MaskedPaths ReadonlyPaths KernelMemoryTCP DiskQuota KernelMemory"),
  ...shown("Binds", "paths of the host and volumes' names"),
  BlkioWeightDevice: weight,
  BlkioDeviceReadBps: throttle,
  BlkioDeviceWriteBps: throttle,
  BlkioDeviceReadIOps: throttle,
  BlkioDeviceWriteIOps: throttle,
  Devices: list(fields(shown("PathOnHost PathInContainer CgroupPermissions"))),
  DeviceRequests: list(fields({ ...shown("Driver Count DeviceIDs Capabilities"), Options: options })),
  Ulimits: list(fields(shown("Name Soft Hard"))),
  LogConfig: driver,
  PortBindings: bindings,
  RestartPolicy: fields(shown("Name MaximumRetryCount")),
  Mounts: list(mount),
  Annotations: options,
  SecurityOpt: securityOptions,
  StorageOpt: options,
  Tmpfs: plainMap("mount options of a tmpfs: it has no device and no password"),
  Sysctls: sysctls,
});

const address = list(fields(shown("Addr PrefixLen")));

const networkSettings = fields({
  ...shown("SandboxID SandboxKey Bridge HairpinMode LinkLocalIPv6Address LinkLocalIPv6PrefixLen"),
  ...shown("EndpointID Gateway GlobalIPv6Address GlobalIPv6PrefixLen IPAddress IPPrefixLen IPv6Gateway"),
  ...shown("MacAddress Address PortMapping"),
  Ports: bindings,
  SecondaryIPAddresses: address,
  SecondaryIPv6Addresses: address,
  Networks: map(endpoint),
});

export const containerInspect = fields({
  ...shown("Id Created Image ResolvConfPath HostnamePath HostsPath LogPath Name RestartCount Driver"),
  ...shown("Platform MountLabel ProcessLabel AppArmorProfile ExecIDs SizeRw SizeRootFs"),
  Path: program,
  Args: commandArguments,
  State: state,
  ImageManifestDescriptor: descriptor,
  HostConfig: hostConfig,
  GraphDriver: graphDriver,
  Storage: fields({ RootFS: fields({ Snapshot: fields(shown("Name")) }) }),
  Mounts: list(mountPoint),
  Config: config,
  NetworkSettings: networkSettings,
  Node: fields({ ...shown("ID IP Addr Name Cpus Memory"), Labels: labels }),
});

export const execInspect = fields({
  ...shown("CanRemove DetachKeys ID Running ExitCode OpenStdin OpenStderr OpenStdout ContainerID Pid"),
  ProcessConfig: fields({
    ...shown("privileged user tty"),
    entrypoint: program,
    arguments: commandArguments,
  }),
});

const cpu = fields({
  ...shown("system_cpu_usage online_cpus"),
  cpu_usage: fields(shown("total_usage percpu_usage usage_in_kernelmode usage_in_usermode")),
  throttling_data: fields(shown("periods throttled_periods throttled_time")),
});

const operations = list(fields(shown("major minor op value")));

const NETWORK_COUNTS =
  "rx_bytes rx_packets rx_errors rx_dropped tx_bytes tx_packets tx_errors tx_dropped endpoint_id instance_id";

const network = fields(shown(NETWORK_COUNTS));

export const containerStats = fields({
  ...shown("id name os_type read preread num_procs"),
  cpu_stats: cpu,
  precpu_stats: cpu,
  memory_stats: fields({
    ...shown("usage max_usage failcnt limit commitbytes commitpeakbytes privateworkingset"),
    stats: plainMap("counters of the kernel"),
  }),
  networks: map(network),
  network,
  pids_stats: fields(shown("current limit")),
  blkio_stats: fields({
    io_service_bytes_recursive: operations,
    io_serviced_recursive: operations,
    io_queue_recursive: operations,
    io_service_time_recursive: operations,
    io_wait_time_recursive: operations,
    io_merged_recursive: operations,
    io_time_recursive: operations,
    sectors_recursive: operations,
  }),
  storage_stats: fields(
    shown("read_count_normalized read_size_bytes write_count_normalized write_size_bytes"),
  ),
});
