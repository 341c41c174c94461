/**
 * The role `deployer`: a developer's daily work with their own containers, without a way to become root on the host. Only the
 * operations that are listed here are allowed.
 */
import type { Operation } from "../../../../engine/index.ts";
import { bodies } from "../../../body/model/index.ts";
import type { RoleRules } from "../../rule.ts";
import { archive, putArchive } from "./archive/archives.ts";
import { buildRule } from "./build.ts";
import { create, list, own, ownWithBody, pull, top } from "./judges.ts";
import { withArchive, withBody, withoutBody } from "./judging.ts";
import { containerPrune, events, networkList, prune, volumeList } from "./lists.ts";
import { attachment, createNetwork, network } from "./networks.ts";
import { shownToDeployer } from "./shown.ts";
import { createVolume, start, volume } from "./volumes.ts";

/** Images and the engine are shared. */
const READS: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo", "ImageList", "ImageInspect"],
]);

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["SystemDataUsage", "it measures everybody's files, which takes the engine long; use docker ps -s"],
  ["ContainerAttachWebsocket", "use attach without a WebSocket"],
  ["ImageCommit", "images are shared, and what a commit adds is not judged yet"],
  [
    "ImageBuild",
    "the classic builder's requests are not judged; build with buildx, without DOCKER_BUILDKIT=0",
  ],
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
  ...["ContainerLogs", "ContainerAttach", "ContainerResize", "ContainerStats", "ContainerRename"],
  ...["ContainerDelete", "ContainerChanges", "ExecResize", "ExecInspect"],
]);

const is =
  (...names: readonly string[]) =>
  ({ name }: Operation): boolean =>
    names.includes(name);

export const deployerRules = (): RoleRules => ({
  rules: [
    {
      id: "deployer-read",
      covers: ({ name }) => READS.has(name),
      allow: ({ name }) => shownToDeployer(name),
    },
    withBody("deployer-create", is("ContainerCreate"), create),
    withBody("deployer-own", is("ContainerUpdate"), ownWithBody(bodies.ContainerUpdate)),
    withoutBody("deployer-own", is("ContainerTop"), top),
    withoutBody("deployer-prune", is("ContainerPrune"), containerPrune),
    withoutBody("deployer-events", is("SystemEvents"), events),
    withBody("deployer-exec", is("ContainerExec"), ownWithBody(bodies.ContainerExec)),
    withBody("deployer-exec", is("ExecStart"), ownWithBody(bodies.ExecStart)),
    buildRule,
    withoutBody("deployer-list", is("ContainerList"), list),
    withoutBody("deployer-pull", is("ImageCreate"), pull),
    withoutBody("deployer-own", ({ name }) => OWN.has(name), own),
    withoutBody("deployer-own", is("ContainerStart", "ContainerRestart"), start),
    withoutBody("deployer-archive", is("ContainerArchive", "ContainerArchiveInfo"), archive),
    withArchive("deployer-archive", is("PutContainerArchive"), putArchive),
    withBody("deployer-volume", is("VolumeCreate"), createVolume),
    withoutBody("deployer-volume", is("VolumeInspect", "VolumeDelete"), volume),
    withoutBody("deployer-list", is("VolumeList"), volumeList),
    withoutBody("deployer-list", is("NetworkList"), networkList),
    withoutBody("deployer-prune", is("VolumePrune", "NetworkPrune"), prune),
    withBody("deployer-network", is("NetworkCreate"), createNetwork),
    withBody("deployer-network", is("NetworkConnect"), attachment("NetworkConnect")),
    withBody("deployer-network", is("NetworkDisconnect"), attachment("NetworkDisconnect")),
    withoutBody("deployer-network", is("NetworkInspect", "NetworkDelete"), network),
  ],
  otherwise: {
    id: "deployer-closed",
    refuse: ({ name }) =>
      REFUSED.get(name) ?? "it is not part of the role yet, which is for a client's own containers",
  },
  unknown: {
    allow: false,
    rule: "deployer-unknown",
    reason:
      "not an operation of the Docker Engine API as tetherdock knows it, and the role deployer may do nothing else",
  },
});
