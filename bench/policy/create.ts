/** How much processor time the role deployer takes to decide on a create of 4 KB: `node bench/policy/create.ts`. */
import { findOperation } from "../../src/engine/index.ts";
import { type Asking, compileRole, defaultRole } from "../../src/policy/index.ts";

const ROUNDS = 20;
const PER_ROUND = 2_000;
const WARM_UP = 20_000;

const call = findOperation("POST", "/v1.41/containers/create?name=web");
const decision = call && compileRole(defaultRole("deployer")).decisions.get(call.operation);
if (!call || decision?.allow !== null) throw new Error("ContainerCreate is not judged");

const env = Array.from({ length: 40 }, (_, index) => `SOME_VARIABLE_${index}=a value of the usual length`);
const labels = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`org.example.label-${index}`, "value"]),
);
/** As docker run of 20.10 sends it. */
const body = Buffer.from(
  JSON.stringify({
    ...{ Hostname: "", Domainname: "", User: "", AttachStdin: false, AttachStdout: true, AttachStderr: true },
    ...{
      ExposedPorts: { "80/tcp": {} },
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Env: env,
      Cmd: ["sleep", "1"],
    },
    ...{
      Image: "registry.example/team/web:1.2.3",
      Volumes: { "/data": {} },
      WorkingDir: "",
      Entrypoint: null,
      OnBuild: null,
    },
    Labels: labels,
    HostConfig: {
      ...{ Binds: null, ContainerIDFile: "", LogConfig: { Type: "", Config: {} }, NetworkMode: "default" },
      ...{
        PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
        VolumeDriver: "",
        VolumesFrom: null,
      },
      ...{
        RestartPolicy: { Name: "no", MaximumRetryCount: 0 },
        AutoRemove: true,
        CapAdd: null,
        CapDrop: null,
      },
      ...{
        CgroupnsMode: "",
        Dns: [],
        DnsOptions: [],
        DnsSearch: [],
        ExtraHosts: null,
        GroupAdd: null,
        IpcMode: "",
      },
      ...{ Cgroup: "", Links: null, OomScoreAdj: 0, PidMode: "", Privileged: false, PublishAllPorts: false },
      ...{
        ReadonlyRootfs: false,
        SecurityOpt: null,
        UTSMode: "",
        UsernsMode: "",
        ShmSize: 0,
        ConsoleSize: [0, 0],
      },
      ...{
        Isolation: "",
        CpuShares: 0,
        Memory: 0,
        NanoCpus: 0,
        CgroupParent: "",
        BlkioWeight: 0,
        Devices: [],
      },
      ...{ BlkioWeightDevice: [], BlkioDeviceReadBps: null, CpuPeriod: 0, CpuQuota: 0, CpuRealtimePeriod: 0 },
      ...{ CpusetCpus: "", CpusetMems: "", DeviceCgroupRules: null, DeviceRequests: null, KernelMemory: 0 },
      ...{ MemoryReservation: 0, MemorySwap: 0, MemorySwappiness: -1, OomKillDisable: false, PidsLimit: 0 },
      ...{
        Ulimits: null,
        CpuCount: 0,
        CpuPercent: 0,
        IOMaximumIOps: 0,
        MaskedPaths: null,
        ReadonlyPaths: null,
      },
    },
    NetworkingConfig: { EndpointsConfig: {} },
  }),
);
const asking: Asking = {
  owner: "a".repeat(64),
  contentType: ["application/json"],
  contentEncoding: [],
  upgrade: "",
  engine: {
    version: async () => "29.7.0",
    inspectContainer: async () => null,
    inspectExec: async () => null,
    inspectImage: async () => null,
    hasImageWith: async () => false,
    inspectNetwork: async () => null,
    inspectVolume: async () => null,
    inspectDriver: async () => null,
    createVolume: async () => null,
  },
};

const decide = () => decision.judge(body, call, asking);
for (let index = 0; index < WARM_UP; index++) decide();
const rounds = Array.from({ length: ROUNDS }, () => {
  const start = process.cpuUsage();
  for (let index = 0; index < PER_ROUND; index++) decide();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / PER_ROUND;
}).toSorted((one, other) => one - other);
const at = (share: number): string => (rounds[Math.floor(share * (ROUNDS - 1))] ?? 0).toFixed(1);
console.log(`${body.length} bytes: least ${at(0)} µs, median ${at(0.5)} µs, most ${at(1)} µs`);
