/** What a container may use of the machine: on create, and on update. */
import {
  allForbidden,
  allHarmless,
  each,
  flag,
  forbidden,
  harmless,
  integer,
  limited,
  struct,
  text,
} from "../mark.ts";
import { isOneOf, ULIMITS } from "./rules.ts";

export const restartPolicy = struct({
  Name: harmless(text, "when the engine starts it again; a role file can limit it"),
  MaximumRetryCount: harmless(integer, "how often the engine starts it again"),
});

/** The engine counts each processor of each range, of up to 8,192, also if they repeat. */
export const isCpuset = (text: string): boolean => text.length <= 1024;

export const TOO_MANY_CPUS = "use at most 1024 characters";

const cpuset = limited("cpuset", text, TOO_MANY_CPUS, (value) => isCpuset(value as string));

export const resources = {
  ...allForbidden(
    "devices",
    "Devices DeviceCgroupRules DeviceRequests",
    "devices are the host's; leave out --device and --gpus",
  ),
  CgroupParent: forbidden("cgroupParent", "it names a cgroup of the host; leave out --cgroup-parent"),
  OomKillDisable: forbidden(
    "oom",
    "the kernel would kill the host's processes instead; leave out --oom-kill-disable",
  ),
  Ulimits: each(
    struct({
      Name: limited(
        "ulimits",
        text,
        "only core, cpu, data, fsize, nofile, nproc and stack are allowed",
        isOneOf(...ULIMITS),
      ),
      ...allHarmless(integer, "Soft Hard", "limits the container itself"),
    }),
  ),
  ...allForbidden(
    "realtime",
    "CpuRealtimePeriod CpuRealtimeRuntime",
    "realtime processes can stall the host; leave it out",
  ),
  ...allForbidden(
    "blkioDevices",
    "BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps BlkioDeviceWriteIOps",
    "it names devices of the host; leave it out",
  ),
  ...allHarmless(
    integer,
    "CpuShares Memory BlkioWeight CpuPeriod CpuQuota MemoryReservation MemorySwap MemorySwappiness NanoCpus PidsLimit " +
      "KernelMemory KernelMemoryTCP DiskQuota",
    "limits the container itself",
  ),
  ...Object.fromEntries(["CpusetCpus", "CpusetMems"].map((name) => [name, cpuset])),
  ...allForbidden(
    "unused",
    "CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth",
    "Windows only; leave it out",
  ),
  ...allHarmless(flag, "Init", "the engine's own program, in the container"),
};

export const containerUpdate = struct({ ...resources, RestartPolicy: restartPolicy });
