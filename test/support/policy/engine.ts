/** What an engine says of its objects, without an engine. A test spreads the one that has nothing, and adds what differs. */
import { type EngineLookup, type FoundContainer, OWNER_LABEL } from "../../../src/policy/index.ts";

/** Clients, by the hashes of their keys. */
export const ME = "a".repeat(64);
export const OTHER = "b".repeat(64);

/** It has no objects and creates none. */
export const emptyEngine: EngineLookup = {
  version: async () => "29.7.0",
  dataFolder: async () => "/var/lib/docker",
  inspectContainer: async () => null,
  inspectExec: async () => null,
  inspectImage: async () => null,
  findImage: async () => null,
  imageBytes: async () => 0,
  hasImageWith: async () => false,
  inspectNetwork: async () => null,
  inspectVolume: async () => null,
  hasContainerWith: async () => false,
  isUnused: async () => true,
  hasHalfMadeContainerWith: async () => false,
  fills: { begin: () => true, whenEnded: async () => {}, end: () => {}, isBegun: () => false },
  inspectDriver: async () => null,
  createVolume: async () => null,
  tagImage: async () => false,
  removeContainer: async () => false,
};

/** A client's container, without volumes. */
export const containerOf = (owner: string, over: Partial<FoundContainer> = {}): FoundContainer => ({
  ...{ id: "1".repeat(64), image: "tiny", labels: { [OWNER_LABEL]: owner }, volumes: [] },
  ...over,
});

/** As the engine describes a container that has nothing of the host. */
export const CONFINED = {
  hostConfig: {
    MaskedPaths: "/proc/kcore /proc/keys /proc/timer_list /proc/sched_debug /proc/scsi /sys/firmware".split(
      " ",
    ),
    ReadonlyPaths: "/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger".split(" "),
  },
  mounts: [],
};
