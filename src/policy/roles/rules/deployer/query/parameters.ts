/** Which queries judged calls may have: each parameter that is not listed is refused. */
import { isTrue, type OperationCall } from "../../../../../engine/index.ts";
import { isName, isNewName } from "../../../../body/model/rules.ts";
import { AMBIGUOUS_QUERY } from "../../../../query.ts";
import { refusal } from "../../../../refusal.ts";
import type { RuleVerdict } from "../../../rule.ts";
import { type Query, readQuery } from "./query.ts";

/** A deployer's operations that are judged, and the query parameters that each may have. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  ContainerCreate: "name platform",
  // docker-py sends trunc_cmd, which no engine reads any more
  ContainerList: "all limit size filters trunc_cmd",
  ImageCreate: "fromImage tag platform",
  ContainerInspect: "size",
  ContainerStart: "detachKeys",
  ContainerStop: "t signal",
  ContainerRestart: "t signal",
  ContainerKill: "signal",
  ContainerPause: "",
  ContainerUnpause: "",
  ContainerWait: "condition",
  ContainerLogs: "follow stdout stderr since until timestamps tail details",
  ContainerAttach: "detachKeys logs stream stdin stdout stderr",
  ContainerResize: "h w",
  ContainerStats: "stream one-shot",
  ContainerRename: "name",
  ContainerDelete: "v force link",
  ContainerUpdate: "",
  ContainerTop: "ps_args",
  ContainerPrune: "filters",
  ContainerArchive: "path",
  ContainerArchiveInfo: "path",
  PutContainerArchive: "path noOverwriteDirNonDir copyUIDGID",
  ContainerExec: "",
  ExecStart: "",
  ExecResize: "h w",
  ExecInspect: "",
  VolumeList: "filters",
  VolumeCreate: "",
  VolumeInspect: "",
  VolumeDelete: "force",
  VolumePrune: "filters",
  NetworkList: "filters",
  NetworkCreate: "",
  NetworkInspect: "verbose scope",
  NetworkDelete: "",
  NetworkConnect: "",
  NetworkDisconnect: "",
  NetworkPrune: "filters",
  SystemEvents: "since until filters",
  SystemDataUsage: "type",
};

const ALL: Readonly<Record<string, string>> = {
  ...PARAMETERS,
  // other roles' only
  ImageTag: "repo tag",
  ImagePush: "tag platform",
  SystemAuth: "",
  ImageDelete: "force noprune platforms",
  ImagePrune: "filters",
  BuildPrune: "all filters keep-storage reserved-space max-used-space min-free-space",
};

/** The engine removes a slash before it. */
function isContainerName(text: string): boolean {
  const name = text.replace(/^\//, "");
  return isName(name) && isNewName(name);
}

/** @returns the query, or why the call is refused */
export function queryOf({ operation, query }: OperationCall): Query | RuleVerdict {
  const found = readQuery(query);
  if (found === null) return refusal("query", AMBIGUOUS_QUERY);
  const known = (ALL[operation.name] ?? "").split(" ");
  const strange = [...found.keys()].find((name) => !known.includes(name));
  if (strange !== undefined)
    return refusal("query", `the parameter ${strange.slice(0, 80)} is not allowed; leave it out`);
  const name = found.get("name") ?? "";
  if (name !== "" && !isContainerName(name))
    return refusal("name", "the name is invalid, or looks like an ID; use another name");
  return isTrue(found.get("link")) ? refusal("query", "links are not allowed; leave out --link") : found;
}

export const isQuery = (found: Query | RuleVerdict): found is Query => found instanceof Map;
