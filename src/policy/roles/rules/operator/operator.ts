/**
 * The role `operator`: keeps everybody's containers running. It may do with all of them what a deployer may with their own,
 * and prune; it creates what a deployer may. It cannot become root on the host, but can stop and delete everything.
 */
import type { Operation } from "../../../../engine/index.ts";
import { type Answer, answers } from "../../../answers/index.ts";
import { judgeBody } from "../../../body/judge-body.ts";
import { bodies } from "../../../body/model/index.ts";
import type { RoleRules } from "../../rule.ts";
import { create, pull, refuseByPsArguments } from "../deployer/judges.ts";
import { type Judged, withBody, withoutBody } from "../deployer/judging.ts";
import { attachment, createNetwork } from "../deployer/networks.ts";
import { targetOf } from "../deployer/query.ts";
import { createVolume } from "../deployer/volumes.ts";
import { enter, enterWithBody, startAny } from "./enter.ts";
import { ON_ANYTHING, OPERATOR_PARAMETERS } from "./parameters.ts";

/** Shown as the engine answers: an operator may look into the containers. */
const WHOLE: ReadonlySet<string> = new Set([
  ...[
    "SystemPing",
    "SystemPingHead",
    "SystemVersion",
    "SystemEvents",
    "ContainerList",
    "ContainerChanges",
    "ContainerInspect",
  ],
  ...["ContainerLogs", "ContainerStats", "ExecInspect", "ImageList", "ImageInspect", "ImageHistory"],
  ...["NetworkList", "NetworkInspect", "ServiceLogs", "TaskLogs"],
]);

/** Shown as to a viewer: they show passwords that no container has. */
const IN_PART: ReadonlySet<string> = new Set([
  ...["SystemInfo", "SystemDataUsage", "VolumeList", "VolumeInspect", "NodeList", "NodeInspect"],
  ...["ServiceList", "ServiceInspect", "TaskList", "TaskInspect"],
]);

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...["ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive"].map((name): [string, string] => [
    name,
    "for this, engines before 29.5.1 run programs from the container as root on the host",
  ]),
  ["ContainerAttachWebsocket", "use attach without a WebSocket"],
  ["ImageCommit", "images are shared, and what a commit adds is not judged yet"],
  ["ImageBuild", "a build's own requests are not judged yet; build the image elsewhere and pull it"],
  ["SwarmInspect", "it shows the tokens to join the swarm"],
  ["SwarmUnlockkey", "it shows the key of the swarm"],
]);

const shownTo = ({ name }: Operation): Answer | null =>
  WHOLE.has(name) ? null : (answers.get(name) ?? null);

const is =
  (...names: readonly string[]) =>
  ({ name }: Operation): boolean =>
    names.includes(name);

const anything: Judged = (body, call, query) => {
  const refusal = call.operation.name === "ContainerTop" ? refuseByPsArguments(query) : null;
  return refusal ?? { body, target: targetOf(call, call.params, query) };
};

const update: Judged = (body, call, query, asking) => {
  const judged = judgeBody(body, bodies.ContainerUpdate);
  return Buffer.isBuffer(judged) ? anything(judged, call, query, asking) : judged;
};

export const operatorRules = (): RoleRules => ({
  rules: [
    { id: "operator-read", covers: ({ name }) => WHOLE.has(name) || IN_PART.has(name), allow: shownTo },
    withBody("operator-create", is("ContainerCreate"), create, OPERATOR_PARAMETERS),
    withBody("operator-volume", is("VolumeCreate"), createVolume, OPERATOR_PARAMETERS),
    withBody("operator-network", is("NetworkCreate"), createNetwork, OPERATOR_PARAMETERS),
    withBody("operator-network", is("NetworkConnect"), attachment("NetworkConnect"), OPERATOR_PARAMETERS),
    withBody(
      "operator-network",
      is("NetworkDisconnect"),
      attachment("NetworkDisconnect"),
      OPERATOR_PARAMETERS,
    ),
    withBody("operator-update", is("ContainerUpdate"), update, OPERATOR_PARAMETERS),
    withoutBody("operator-pull", is("ImageCreate"), pull, OPERATOR_PARAMETERS),
    withBody("operator-exec", is("ContainerExec"), enterWithBody(bodies.ContainerExec), OPERATOR_PARAMETERS),
    withBody("operator-exec", is("ExecStart"), enterWithBody(bodies.ExecStart), OPERATOR_PARAMETERS),
    withoutBody("operator-attach", is("ContainerAttach"), enter, OPERATOR_PARAMETERS),
    withoutBody("operator-start", is("ContainerStart", "ContainerRestart"), startAny, OPERATOR_PARAMETERS),
    withoutBody(
      "operator-act",
      ({ name }) => Object.hasOwn(ON_ANYTHING, name),
      anything,
      OPERATOR_PARAMETERS,
    ),
  ],
  otherwise: {
    id: "operator-closed",
    refuse: ({ name }) => REFUSED.get(name) ?? "it is not part of the role",
  },
  unknown: {
    allow: false,
    rule: "operator-unknown",
    reason:
      "not an operation of the Docker Engine API as tetherdock knows it, and the role operator may do nothing else",
  },
});
