/** How much processor time the role deployer takes to decide on a create of 4 KB: `node bench/policy/create.ts`. */
import { compileRole, defaultRole } from "../../src/policy/index.ts";
import { summarise } from "../median.ts";
import { measureCreate } from "./measure.ts";

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
const times = await measureCreate(compileRole(defaultRole("deployer")), body);
const µs = (time: number): string => `${time.toFixed(1)} µs`;
const [least, most] = [Math.min(...times), Math.max(...times)];
console.log(
  `${body.length} bytes: least ${µs(least)}, median ${µs(summarise(times).median)}, most ${µs(most)}`,
);
