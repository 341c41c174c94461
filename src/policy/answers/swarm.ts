/** Answers about a swarm: nodes, services, tasks. */
import {
  driver,
  genericResources,
  healthConfig,
  mount,
  sysctls,
  tlsInfo,
  topology,
  version,
} from "./common.ts";
import { blanked, dropped, fields, list, shown } from "./mark.ts";
import { network } from "./networks.ts";
import { commandArguments, commandList, environment, labels, networkOptions, options } from "./texts.ts";

const SENTENCE = "a sentence of swarm's own about a state";

const externalAuthority = fields({
  ...shown("Protocol"),
  ...shown("CACert", "a certificate: public"),
  URL: blanked("a signing service that anybody who knows it may ask"),
  Options: options,
});

const clusterSpec = fields({
  ...shown("Name"),
  Labels: labels,
  Orchestration: fields(shown("TaskHistoryRetentionLimit")),
  Raft: fields(
    shown("SnapshotInterval KeepOldSnapshots LogEntriesForSlowFollowers ElectionTick HeartbeatTick"),
  ),
  Dispatcher: fields(shown("HeartbeatPeriod")),
  CAConfig: fields({
    ...shown("NodeCertExpiry ForceRotate"),
    ...shown("SigningCACert", "a certificate: public"),
    ExternalCAs: list(externalAuthority),
    SigningCAKey: blanked("the key of the swarm's CA"),
  }),
  EncryptionConfig: fields(shown("AutoLockManagers")),
  TaskDefaults: fields({ LogDriver: driver }),
});

/** In `info`, which has no join tokens. */
export const clusterInfo = fields({
  ...shown("ID CreatedAt UpdatedAt RootRotationInProgress DataPathPort DefaultAddrPool SubnetSize"),
  Version: version,
  Spec: clusterSpec,
  TLSInfo: tlsInfo,
  JoinTokens: dropped("anyone who has them can join"),
});

const networkDriver = fields({ ...shown("Name"), Options: networkOptions });
const platform = fields(shown("Architecture OS"));
const resources = fields({
  ...shown("NanoCPUs MemoryBytes Pids"),
  GenericResources: genericResources,
});

const csiPlugin = fields({ ...shown("PluginName NodeID MaxVolumesPerNode"), AccessibleTopology: topology });

export const node = fields({
  ...shown("ID CreatedAt UpdatedAt"),
  Version: version,
  Spec: fields({ ...shown("Name Role Availability"), Labels: labels }),
  Description: fields({
    ...shown("Hostname"),
    Platform: platform,
    Resources: resources,
    Engine: fields({
      ...shown("EngineVersion"),
      Labels: labels,
      Plugins: list(fields(shown("Type Name"))),
    }),
    TLSInfo: tlsInfo,
    CSIInfo: list(csiPlugin),
  }),
  Status: fields({ ...shown("State Addr"), ...shown("Message", SENTENCE) }),
  ManagerStatus: fields(shown("Leader Reachability Addr")),
});

const attachments = list(fields({ ...shown("Target Aliases"), DriverOpts: networkOptions }));
const file = fields(shown("Name UID GID Mode"));

const containerSpec = fields({
  ...shown("Image Hostname Dir User Groups TTY OpenStdin ReadOnly StopSignal StopGracePeriod Hosts"),
  ...shown("OomScoreAdj Isolation Init CapabilityAdd CapabilityDrop"),
  Labels: labels,
  Command: commandList,
  Args: commandArguments,
  Env: environment,
  Privileges: fields({
    ...shown("NoNewPrivileges"),
    CredentialSpec: fields(shown("Config File Registry", "where a credential lies, not what it is")),
    SELinuxContext: fields(shown("Disable User Role Type Level")),
    Seccomp: fields({ ...shown("Mode"), Profile: blanked("a whole profile, of no use to look at") }),
    AppArmor: fields(shown("Mode")),
  }),
  Mounts: list(mount),
  HealthCheck: healthConfig,
  DNSConfig: fields(shown("Nameservers Search Options")),
  Secrets: list(fields({ ...shown("SecretID SecretName", "names, not contents"), File: file })),
  Configs: list(
    fields({
      ...shown("ConfigID ConfigName", "names, not contents"),
      File: file,
      Runtime: fields({}),
    }),
  ),
  Sysctls: sysctls,
  Ulimits: list(fields(shown("Name Soft Hard"))),
});

const taskSpec = fields({
  ...shown("ForceUpdate Runtime"),
  PluginSpec: fields({
    ...shown("Name Remote Disabled"),
    PluginPrivilege: list(fields({ ...shown("Name Description"), Value: blanked("settings of plugins") })),
    Env: environment,
  }),
  ContainerSpec: containerSpec,
  NetworkAttachmentSpec: fields(shown("ContainerID")),
  Resources: fields({
    ...shown("SwapBytes MemorySwappiness"),
    Limits: resources,
    Reservations: resources,
  }),
  RestartPolicy: fields(shown("Condition Delay MaxAttempts Window")),
  Placement: fields({
    ...shown("Constraints MaxReplicas"),
    Preferences: list(fields({ Spread: fields(shown("SpreadDescriptor")) })),
    Platforms: list(platform),
  }),
  Networks: attachments,
  LogDriver: driver,
});

const update = fields(shown("Parallelism Delay FailureAction Monitor MaxFailureRatio Order"));
const ports = list(fields(shown("Name Protocol TargetPort PublishedPort PublishMode")));
const endpointSpec = fields({ ...shown("Mode"), Ports: ports });

const serviceSpec = fields({
  ...shown("Name"),
  Labels: labels,
  TaskTemplate: taskSpec,
  Mode: fields({
    Replicated: fields(shown("Replicas")),
    Global: fields({}),
    ReplicatedJob: fields(shown("MaxConcurrent TotalCompletions")),
    GlobalJob: fields({}),
  }),
  UpdateConfig: update,
  RollbackConfig: update,
  Networks: attachments,
  EndpointSpec: endpointSpec,
});

export const service = fields({
  ...shown("ID CreatedAt UpdatedAt"),
  Version: version,
  Spec: serviceSpec,
  PreviousSpec: serviceSpec,
  Endpoint: fields({ Spec: endpointSpec, Ports: ports, VirtualIPs: list(fields(shown("NetworkID Addr"))) }),
  UpdateStatus: fields({ ...shown("State StartedAt CompletedAt"), ...shown("Message", SENTENCE) }),
  ServiceStatus: fields(shown("RunningTasks DesiredTasks CompletedTasks")),
  JobStatus: fields({ ...shown("LastExecution"), JobIteration: version }),
});

const swarmIpam = fields({
  Driver: driver,
  Configs: list(fields(shown("Subnet Range Gateway"))),
});

/** The specification describes it as a network is inspected, the engine writes it as swarm knows it. */
const attachedNetwork = fields({
  ...network.fields,
  ...shown("ID CreatedAt UpdatedAt"),
  Version: version,
  Spec: fields({
    ...shown("Name Ingress IPv6Enabled Internal Attachable Scope"),
    Labels: labels,
    DriverConfiguration: networkDriver,
    IPAMOptions: swarmIpam,
    ConfigFrom: fields(shown("Network")),
  }),
  DriverState: networkDriver,
  IPAMOptions: swarmIpam,
});

const status = fields({
  ...shown("Timestamp State"),
  ...shown("Message", SENTENCE),
  Err: blanked("quotes a mount that failed, with its options"),
  ContainerStatus: fields(shown("ContainerID PID ExitCode")),
  PortStatus: fields({ Ports: ports }),
});

export const task = fields({
  ...shown("ID CreatedAt UpdatedAt Name ServiceID Slot NodeID DesiredState"),
  Version: version,
  Labels: labels,
  Spec: taskSpec,
  AssignedGenericResources: genericResources,
  GenericResources: genericResources,
  Status: status,
  JobIteration: version,
  NetworksAttachments: list(fields({ ...shown("Addresses"), Network: attachedNetwork })),
  Volumes: list(fields(shown("ID Source Target"))),
});
