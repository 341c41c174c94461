/**
 * The role `operator`: keeps everybody's containers running. It may use all of them as a deployer uses their own, and prune.
 * What it creates is judged as a deployer's. It cannot become root on the host, but can stop and delete everything.
 */
import type { Operation } from "../../../../engine/index.ts";
import { type Answer, answers } from "../../../answers/index.ts";
import { bodies, type HostBind } from "../../../body/model/index.ts";
import { type RoleRules, refuseUnknown } from "../../rule.ts";
import { plainTarFor } from "../deployer/archive/archives.ts";
import { createWith, NO_CHANGES, pull, topOf } from "../deployer/judges.ts";
import { type Judged, judgedBy, named, withArchive, withBody, withoutBody } from "../deployer/judging.ts";
import { attachment, createNetwork } from "../deployer/networks.ts";
import { targetOf } from "../deployer/query/query.ts";
import { createVolume } from "../deployer/volumes.ts";
import { attach, copyAny, enter, exec, startAny } from "./enter.ts";

/** Shown as the engine answers: an operator may look into the containers. */
const WHOLE: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemEvents", "ContainerList", "ContainerInspect"],
  ...["ContainerLogs", "ContainerStats", "ExecInspect", "ImageList", "ImageInspect", "ImageHistory"],
  ...["NetworkList", "NetworkInspect", "ServiceLogs", "TaskLogs"],
]);

/** Shown as to a viewer: they show passwords that no container has. */
const IN_PART: ReadonlySet<string> = new Set([
  ...["SystemInfo", "SystemDataUsage", "VolumeList", "VolumeInspect", "NodeList", "NodeInspect"],
  ...["ServiceList", "ServiceInspect", "TaskList", "TaskInspect"],
]);

/** Calls on anything, whoever made it, that have no body and give nothing of the host. */
const ON_ANYTHING: ReadonlySet<string> = new Set([
  ...["ContainerStop", "ContainerKill", "ContainerPause", "ContainerUnpause", "ContainerWait"],
  ...[
    "ContainerResize",
    "ContainerRename",
    "ContainerDelete",
    "ContainerTop",
    "ContainerPrune",
    "ExecResize",
  ],
  ...["VolumeDelete", "VolumePrune", "NetworkDelete", "NetworkPrune"],
  ...["ImageDelete", "ImagePrune", "BuildPrune"],
]);

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ["ContainerAttachWebsocket", "use attach without a WebSocket"],
  ["ContainerChanges", NO_CHANGES],
  ["ImageCommit", "images are shared, and what a commit adds is not judged yet"],
  ...["ImageBuild", "Grpc", "Session"].map((name): [string, string] => [
    name,
    "builds are not part of the role: who may remove an image could build another under its name; build as a deployer, or elsewhere, and pull the image",
  ]),
  ["SwarmInspect", "it shows the tokens to join the swarm"],
  ["SwarmUnlockkey", "it shows the key of the swarm"],
]);

const shownTo = ({ name }: Operation): Answer | null =>
  WHOLE.has(name) ? null : (answers.get(name) ?? null);

const anything: Judged = (body, call, query) =>
  call.operation.name === "ContainerTop"
    ? topOf(body, call, query)
    : { body, target: targetOf(call, call.params, query) };

/** @param binds paths of the host that a role file permits */
export const operatorRules = (_options: object, binds: readonly HostBind[]): RoleRules => ({
  rules: [
    { id: "operator-read", covers: ({ name }) => WHOLE.has(name) || IN_PART.has(name), allow: shownTo },
    withBody("operator-create", named("ContainerCreate"), createWith(binds)),
    withBody("operator-volume", named("VolumeCreate"), createVolume),
    withBody("operator-network", named("NetworkCreate"), createNetwork),
    withBody("operator-network", named("NetworkConnect"), attachment("NetworkConnect")),
    withBody("operator-network", named("NetworkDisconnect"), attachment("NetworkDisconnect")),
    withBody("operator-update", named("ContainerUpdate"), judgedBy(bodies.ContainerUpdate, anything)),
    withoutBody("operator-pull", named("ImageCreate"), pull),
    withBody("operator-exec", named("ContainerExec"), judgedBy(bodies.ContainerExec, exec)),
    withBody("operator-exec", named("ExecStart"), judgedBy(bodies.ExecStart, enter)),
    withoutBody("operator-attach", named("ContainerAttach"), attach),
    withoutBody("operator-archive", named("ContainerArchive", "ContainerArchiveInfo"), copyAny),
    withArchive("operator-archive", named("PutContainerArchive"), plainTarFor(copyAny)),
    withoutBody("operator-start", named("ContainerStart", "ContainerRestart"), startAny(binds)),
    withoutBody("operator-act", ({ name }) => ON_ANYTHING.has(name), anything),
  ],
  otherwise: {
    id: "operator-closed",
    refuse: ({ name }) => REFUSED.get(name) ?? "it is not part of the role; ask an admin",
  },
  unknown: refuseUnknown("operator", "operator-unknown"),
});
