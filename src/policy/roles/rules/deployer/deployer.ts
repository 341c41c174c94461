/**
 * The role `deployer`: a developer's daily work with their own containers, without a way to become root on the host. Only the
 * operations that are listed here are allowed.
 */
import { bodies, type HostBind } from "../../../body/model/index.ts";
import { type RoleRules, refuseUnknown } from "../../rule.ts";
import { archiveWith, plainTarFor } from "./archive/archives.ts";
import { classicBuildRule } from "./archive/classic-build.ts";
import { attach } from "./attach.ts";
import { buildRule } from "./build.ts";
import { createWith, exec, list, NO_CHANGES, own, pull, top } from "./judges.ts";
import { judgedBy, named, withArchive, withBody, withoutBody } from "./judging.ts";
import { containerPrune, events, networkList, prune, volumeList } from "./lists.ts";
import { attachment, createNetwork, network } from "./networks.ts";
import { readRule } from "./shown.ts";
import { usage } from "./usage/usage.ts";
import { createVolume, startOwn, volume } from "./volumes.ts";

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["ContainerAttachWebsocket", "use attach without a WebSocket"],
  ["ContainerChanges", NO_CHANGES],
  ["ImageCommit", "images are shared, and what a commit adds is not judged yet"],
  ...["ImageTag", "ImagePush", "ImageDelete", "ImagePrune", "SystemAuth"].map(
    (name) =>
      [
        name,
        `it belongs to the role builder: ask for that role, or for a role file that allows ${name}`,
      ] as const,
  ),
]);

/** Operations on a container or exec that need no judge of their own. */
const OWN: ReadonlySet<string> = new Set([
  ...[
    "ContainerInspect",
    "ContainerStop",
    "ContainerKill",
    "ContainerPause",
    "ContainerUnpause",
    "ContainerWait",
  ],
  ...["ContainerLogs", "ContainerResize", "ContainerStats", "ContainerRename"],
  ...["ContainerDelete", "ExecResize", "ExecInspect"],
]);

/** @param binds paths of the host that a role file permits */
export const deployerRules = (_options: object, binds: readonly HostBind[]): RoleRules => ({
  rules: [
    readRule("deployer-read"),
    withBody("deployer-create", named("ContainerCreate"), createWith(binds)),
    withBody("deployer-own", named("ContainerUpdate"), judgedBy(bodies.ContainerUpdate, own)),
    withoutBody("deployer-own", named("ContainerTop"), top),
    withoutBody("deployer-prune", named("ContainerPrune"), containerPrune),
    withoutBody("deployer-events", named("SystemEvents"), events),
    withBody("deployer-exec", named("ContainerExec"), judgedBy(bodies.ContainerExec, exec)),
    withBody("deployer-exec", named("ExecStart"), judgedBy(bodies.ExecStart, own)),
    buildRule("deployer-build"),
    classicBuildRule("deployer-build"),
    withoutBody("deployer-list", named("ContainerList"), list),
    withoutBody("deployer-pull", named("ImageCreate"), pull),
    withoutBody("deployer-own", named("ContainerAttach"), attach),
    withoutBody("deployer-own", ({ name }) => OWN.has(name), own),
    withoutBody("deployer-own", named("ContainerStart", "ContainerRestart"), startOwn(binds)),
    withoutBody("deployer-archive", named("ContainerArchive", "ContainerArchiveInfo"), archiveWith(binds)),
    withArchive("deployer-archive", named("PutContainerArchive"), plainTarFor(archiveWith(binds))),
    withBody("deployer-volume", named("VolumeCreate"), createVolume),
    withoutBody("deployer-volume", named("VolumeInspect", "VolumeDelete"), volume),
    withoutBody("deployer-list", named("VolumeList"), volumeList),
    withoutBody("deployer-list", named("NetworkList"), networkList),
    withoutBody("deployer-list", named("SystemDataUsage"), usage),
    withoutBody("deployer-prune", named("VolumePrune", "NetworkPrune"), prune),
    withBody("deployer-network", named("NetworkCreate"), createNetwork),
    withBody("deployer-network", named("NetworkConnect"), attachment("NetworkConnect")),
    withBody("deployer-network", named("NetworkDisconnect"), attachment("NetworkDisconnect")),
    withoutBody("deployer-network", named("NetworkInspect", "NetworkDelete"), network),
  ],
  otherwise: {
    id: "deployer-closed",
    refuse: ({ name }) =>
      REFUSED.get(name) ?? "it is not part of the role, which is for a client's own containers; ask an admin",
  },
  unknown: refuseUnknown("deployer", "deployer-unknown"),
});
