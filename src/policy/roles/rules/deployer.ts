/**
 * The role `deployer`: a developer's daily work with their own containers, without a way to become root on the host. Only the
 * operations that are listed here are allowed.
 */
import type { Operation, OperationCall } from "../../../engine/index.ts";
import type { Asking } from "../../asking.ts";
import { isObject } from "../../body/json/value.ts";
import { judgeBody, refuseByFields } from "../../body/judge-body.ts";
import { bodies, OWNER_LABEL } from "../../body/model/index.ts";
import type { JudgeRule, RoleRules, RuleVerdict } from "../rule.ts";
import { ownFilters } from "./filters.ts";
import { NO_KEY, ownContainer, ownExec, ownOfList } from "./own.ts";
import { isTrue, type Query, readQuery, targetOf } from "./query.ts";
import { shownToDeployer } from "./shown.ts";

/** Clients send a few dozen kilobytes at most, for a long environment. */
const BODY_BYTES = 256 * 1024;
/** For operations without a body: some clients send `{}`. */
const NO_BODY_BYTES = 64;

/** Images and the engine are shared. */
const READS: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo", "ImageList", "ImageInspect"],
]);

/** The operations that are judged, and the query parameters that each may have. */
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
  ContainerExec: "",
  ExecStart: "",
  ExecResize: "h w",
  ExecInspect: "",
};

/** A name that could be mistaken for an ID, or for the 12 digits of one that `docker ps` prints, is refused. */
const NAME = /^\/?(?![0-9a-f]{12,64}$)[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** Why operations are refused: the end of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...["ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive"].map((name): [string, string] => [
    name,
    "engines before 29.5.1 run programs of the container as root on the host for it",
  ]),
  ["ContainerTop", "its arguments go to ps on the host, which can show every process's environment"],
  ["ContainerUpdate", "what it changes is not judged yet; create a new container"],
  ["ContainerAttachWebsocket", "use attach without a WebSocket"],
  ["ImageCommit", "images are shared, and what a commit adds is not judged yet"],
  ["ImageBuild", "a build's own requests are not judged yet; build the image elsewhere and pull it"],
]);

const NO_BODY = /^\s*(?:\{\s*\}|null)?\s*$/;

/** @returns the query, or why the call is refused */
function queryOf({ operation, query }: OperationCall): Query | RuleVerdict {
  const found = readQuery(query);
  if (found === null) return { check: "query", refuse: "the query is ambiguous (check query)" };
  const known = (PARAMETERS[operation.name] ?? "").split(" ");
  const strange = [...found.keys()].find((name) => !known.includes(name));
  if (strange !== undefined)
    return {
      check: "query",
      refuse: `the parameter ${strange.slice(0, 80)} is not allowed; leave it out (check query)`,
    };
  const name = found.get("name");
  if (name !== undefined && name !== "" && !NAME.test(name))
    return {
      check: "name",
      refuse: "the name is invalid, or looks like an ID; use another name (check name)",
    };
  return isTrue(found.get("link"))
    ? { check: "query", refuse: "links are not allowed; leave out --link (check query)" }
    : found;
}

/** An engine that accepts HTTP/2 on its socket must not be asked for it: what follows would not be judged. */
const UPGRADES: readonly string[] = ["", "tcp"];

function refuseByUpgrade({ upgrade }: Asking): RuleVerdict | null {
  return UPGRADES.includes(upgrade)
    ? null
    : { check: "upgrade", refuse: "a connection can only be upgraded to tcp (check upgrade)" };
}

const isQuery = (found: Query | RuleVerdict): found is Query => found instanceof Map;

type Judged = (
  body: Buffer,
  call: OperationCall,
  query: Query,
  asking: Asking,
) => RuleVerdict | Promise<RuleVerdict>;

/** A rule for operations whose bodies are judged by a model. */
function withBody(id: string, names: readonly string[], judge: Judged): JudgeRule {
  return {
    id,
    covers: ({ name }) => names.includes(name),
    maxBytes: BODY_BYTES,
    judge: (body, call, asking) => {
      const query = queryOf(call);
      if (!isQuery(query)) return query;
      return refuseByUpgrade(asking) ?? refuseByFields(asking) ?? judge(body, call, query, asking);
    },
  };
}

/** A rule for operations without a body: the engine is sent none. */
function withoutBody(id: string, covers: (operation: Operation) => boolean, judge: Judged): JudgeRule {
  return {
    id,
    covers,
    maxBytes: NO_BODY_BYTES,
    judge: (body, call, asking) => {
      const query = queryOf(call);
      if (!isQuery(query)) return query;
      if (!NO_BODY.test(body.toString("latin1")))
        return { check: "body", refuse: "this operation takes no body; send none (check body)" };
      return refuseByUpgrade(asking) ?? judge(Buffer.alloc(0), call, query, asking);
    },
  };
}

const create: Judged = (body, call, query, { owner }) => {
  const mark = bodies.get("ContainerCreate");
  if (owner === null || mark === undefined) return NO_KEY;
  const judged = judgeBody(body, mark, (fields) => {
    const labels = fields.get("Labels") ?? null;
    const own = new Map([
      ...(labels !== null && isObject(labels) ? labels : []),
      [OWNER_LABEL, owner] as const,
    ]);
    return new Map([...fields, ["Labels", own] as const]);
  });
  return Buffer.isBuffer(judged) ? { body: judged, target: targetOf(call, {}, query) } : judged;
};

const exec: Judged = async (body, call, query, asking) => {
  const mark = bodies.get(call.operation.name);
  const judged = mark === undefined ? NO_KEY : judgeBody(body, mark);
  if (!Buffer.isBuffer(judged)) return judged;
  const own = call.operation.name === "ContainerExec" ? ownContainer : ownExec;
  const target = await own(call, query, asking);
  return typeof target === "string" ? { body: judged, target } : target;
};

/** The engine's limit counts everybody's containers, so the gateway counts itself. */
const list: Judged = (body, call, query, { owner }) => {
  if (owner === null) return NO_KEY;
  const filters = ownFilters(query.get("filters") ?? "", owner);
  if ("refuse" in filters) return filters;
  const limit = Number(query.get("limit") ?? 0);
  if (!Number.isSafeInteger(limit)) return { check: "query", refuse: "limit is not a number (check query)" };
  const { limit: _, ...others } = Object.fromEntries(query);
  const asked = { ...others, filters: filters.text, ...(limit > 0 ? { all: "1" } : {}) };
  const target = targetOf(call, {}, new Map(Object.entries(asked)));
  return { body, target, answer: ownOfList(owner, limit) };
};

const pull: Judged = (body, call, query) =>
  (query.get("fromImage") ?? "") === ""
    ? { check: "pull", refuse: "images can only be pulled from a registry (check pull)" }
    : { body, target: targetOf(call, {}, query) };

const own: Judged = async (body, call, query, asking) => {
  const isExec = call.operation.path.startsWith("/exec/");
  const target = await (isExec ? ownExec : ownContainer)(call, query, asking);
  return typeof target === "string" ? { body, target } : target;
};

const OTHERS = new Set(["ContainerCreate", "ContainerList", "ImageCreate", "ContainerExec", "ExecStart"]);
const is =
  (name: string) =>
  (operation: Operation): boolean =>
    operation.name === name;

export const deployerRules = (): RoleRules => ({
  rules: [
    {
      id: "deployer-read",
      covers: ({ name }) => READS.has(name),
      allow: ({ name }) => shownToDeployer(name),
    },
    withBody("deployer-create", ["ContainerCreate"], create),
    withBody("deployer-exec", ["ContainerExec", "ExecStart"], exec),
    withoutBody("deployer-list", is("ContainerList"), list),
    withoutBody("deployer-pull", is("ImageCreate"), pull),
    withoutBody("deployer-own", ({ name }) => Object.hasOwn(PARAMETERS, name) && !OTHERS.has(name), own),
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
