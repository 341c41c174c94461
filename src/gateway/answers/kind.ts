/** What dockerd keeps in memory for an answer until somebody has read it, and how many such answers there may be (ADR 0014). */
import { isFlagSet, isLog, type OperationCall } from "../../engine/index.ts";
import type { CallKind } from "../../policy/index.ts";
import type { Limits } from "../admission/limits.ts";

export interface AnswerKind {
  /** Answers whose kinds have the same name share their places. */
  readonly name: string;
  readonly perClient: number;
  readonly inAll: number;
  /**
   * `whole`: dockerd prepares all of it before the first byte; it has a place from the request until dockerd's last byte. `log`: dockerd
   * reads ahead of a slow client; it has a place until the client has caught up. `stream`: it has one only while its client is behind.
   */
  readonly place: "whole" | "log" | "stream";
  /** What the gateway reads ahead of a slow client before dockerd has to wait. */
  readonly aheadBytes: number;
}

export type AnswerLimits = Pick<
  Limits,
  "listsPerClient" | "answersPerClient" | "logsPerClient" | "unreadPerClient"
>;

/** Their answers grow with everything that there is, or with what a container does. */
const LISTS: ReadonlySet<string> = new Set([
  ...["ContainerList", "ContainerTop", "ContainerChanges", "ImageList", "ImageAttestations", "NetworkList"],
  ...["VolumeList", "SystemDataUsage", "PluginList", "NodeList", "ServiceList", "TaskList", "SecretList"],
  "ConfigList",
]);

/** Small answers; events and stats, which the gateway reads without a pause; and tunnels, which have their own bounds. */
const WITHOUT: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo"],
  ...["SystemEvents", "ContainerStats", "Session", "Grpc"],
]);

const KIB = 1024;

/** @param call null: an unknown operation, which only an admin may call @returns null: nobody counts it */
export function answerKindOf(call: OperationCall | null, limits: AnswerLimits): AnswerKind | null {
  if (call === null || WITHOUT.has(call.operation.name)) return null;
  const { name, method, stream } = call.operation;
  if (isLog(call.operation) || readsLogs(call)) return logs(limits);
  if (stream || (method !== "GET" && method !== "HEAD")) return streams(limits);
  return LISTS.has(name) ? list(name, limits) : answersOf("answers", limits);
}

/** Attached with `logs`, a client gets the container's log first. */
const readsLogs = (call: OperationCall): boolean =>
  ["ContainerAttach", "ContainerAttachWebsocket"].includes(call.operation.name) && isFlagSet(call, "logs");

/** @param name of an operation: each has its own places, because they list different things */
function list(name: string, { listsPerClient: perClient }: AnswerLimits): AnswerKind {
  return { name, perClient, inAll: 2 * perClient, place: "whole", aheadBytes: 512 * KIB };
}

/** About one thing. @param name `lookups`: what the gateway asks itself, while the client's request may have a place already */
export function answersOf(
  name: "answers" | "lookups",
  { answersPerClient: perClient }: AnswerLimits,
): AnswerKind {
  return { name, perClient, inAll: 8 * perClient, place: "whole", aheadBytes: 0 };
}

/** dockerd reads up to 4,096 messages of 16 KiB ahead. @see moby, daemon/logger/logger.go */
function logs({ logsPerClient: perClient }: AnswerLimits): AnswerKind {
  return { name: "logs", perClient, inAll: 4 * perClient, place: "log", aheadBytes: 256 * KIB };
}

/**
 * Of a build's calls. For each call that follows a build, BuildKit prepares 2 MB of what the build's steps print, as soon as they print
 * it. A build cannot end before other calls are answered, so these have separate places. Both may last long, so one client's never keep
 * another client waiting. Calls that begin something may take long too, and their answers are about as large as a Dockerfile.
 */
export function buildAnswers(call: CallKind, limits: AnswerLimits): AnswerKind {
  const { answersPerClient, unreadPerClient } = limits;
  if (call === "begins")
    return {
      ...{ name: "results", perClient: unreadPerClient, inAll: 8 * unreadPerClient },
      ...{ place: "stream", aheadBytes: 0 },
    };
  const perClient = call === "follows" ? unreadPerClient : answersPerClient;
  return {
    name: `builds, ${call}`,
    perClient,
    inAll: Number.POSITIVE_INFINITY,
    place: "whole",
    aheadBytes: 0,
  };
}

/** An attached client has 1.4 MB in dockerd. @see moby, pkg/ioutils/bytespipe.go */
function streams({ unreadPerClient: perClient }: AnswerLimits): AnswerKind {
  return { name: "streams", perClient, inAll: 8 * perClient, place: "stream", aheadBytes: 0 };
}
