/** The operations, with all properties that the gateway needs before it forwards a request. */
import type { Operation } from "./operation.ts";
import { type OperationRow, SPECIFIED, UNSPECIFIED } from "./rows.ts";

/**
 * The method says whether an operation changes something, with two exceptions: attach/ws transfers standard input, and
 * wait only waits.
 */
const KIND_BEYOND_METHOD: ReadonlyMap<string, Operation["kind"]> = new Map([
  ["ContainerAttachWebsocket", "write"],
  ["ContainerWait", "read"],
]);

const HIJACKS: ReadonlySet<string> = new Set([
  "ContainerAttach",
  "ContainerAttachWebsocket",
  "ExecStart",
  "Session",
  "Grpc",
]);

/** Streams besides those in HIJACKS. Following: logs, events, stats, wait. Transferring: builds, images, archives. */
const STREAMS: ReadonlySet<string> = new Set([
  "ContainerLogs",
  "ServiceLogs",
  "TaskLogs",
  "SystemEvents",
  "ContainerStats",
  "ContainerWait",
  "ContainerExport",
  "ContainerArchive",
  "PutContainerArchive",
  "ImageBuild",
  "ImageCreate",
  "ImagePush",
  "ImageGet",
  "ImageGetAll",
  "ImageLoad",
  "PluginPull",
  "PluginPush",
  "PluginUpgrade",
  "PluginCreate",
]);

/** Deprecated in favour of gRPC over HTTP/2 on the same socket. */
const DEPRECATED: ReadonlyMap<string, string> = new Map([
  ["Session", "1.53"],
  ["Grpc", "1.53"],
]);

function operationOf([name, method, path, since]: OperationRow): Operation {
  const byMethod = method === "GET" || method === "HEAD" ? "read" : "write";
  const hijack = HIJACKS.has(name);
  return {
    name,
    method,
    path,
    since,
    deprecated: DEPRECATED.get(name) ?? null,
    kind: KIND_BEYOND_METHOD.get(name) ?? byMethod,
    hijack,
    stream: hijack || STREAMS.has(name),
  };
}

/** All of them, 1.24 to 1.56, each name once. */
export const operations: readonly Operation[] = [...SPECIFIED, ...UNSPECIFIED].map(operationOf);
