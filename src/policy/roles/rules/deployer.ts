/**
 * The role `deployer`: a developer's working day in own containers, without a way to root on the host. What it may call is
 * listed here; every other operation is refused.
 */
import type { Operation, OperationCall } from "../../../engine/index.ts";
import { answers } from "../../answers/index.ts";
import type { Asking } from "../../asking.ts";
import { readJson } from "../../body/json/read-json.ts";
import { isObject } from "../../body/json/value.ts";
import { judgeBody, refuseByFields } from "../../body/judge-body.ts";
import { bodies, OWNER_LABEL } from "../../body/model/index.ts";
import type { JudgeRule, RoleRules, RuleVerdict } from "../rule.ts";
import { NO_KEY, ownContainer, ownExec, ownOfList } from "./own.ts";
import { isTrue, type Query, readQuery, targetOf } from "./query.ts";

/** The largest that a client sends is a few dozen kilobytes: environments. */
const BODY_BYTES = 256 * 1024;
/** Of an operation without a body: some clients send `{}`. */
const NO_BODY_BYTES = 64;

/** Seen as a viewer sees them: images and the engine are everybody's. */
const READS: ReadonlySet<string> = new Set([
  ...["SystemPing", "SystemPingHead", "SystemVersion", "SystemInfo", "ImageList", "ImageInspect"],
]);

/** Each operation that is judged, and the parameters of its query. */
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

/** A name that could be taken for an id, or for the beginning of one, is refused. */
const NAME = /^\/?(?![0-9a-f]{12,64}$)[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** Why operations are refused: the rest of a sentence for the caller. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...["ContainerArchive", "ContainerArchiveInfo", "PutContainerArchive"].map((name): [string, string] => [
    name,
    "engines before 29.5.1 run programs of the container as root on the host for it",
  ]),
  ["ContainerTop", "its arguments go to ps on the host, which can show every process's environment"],
  ["ContainerUpdate", "what it changes is not judged yet; make the container anew"],
  ["ContainerAttachWebsocket", "attach without a websocket is allowed"],
  ["ImageCommit", "an image could carry labels that the gateway believes"],
  ["ImageBuild", "a build's own requests are not judged yet"],
]);

const NO_BODY = /^\s*(?:\{\s*\}|null)?\s*$/;

/** @returns the query, or why the call is refused */
function queryOf({ operation, query }: OperationCall): Query | RuleVerdict {
  const found = readQuery(query);
  if (found === null)
    return { check: "query", refuse: "the query could be read in more ways than one (check query)" };
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
      refuse: "the name is not one, or looks like an id; use another name (check name)",
    };
  return isTrue(found.get("link"))
    ? { check: "query", refuse: "links are not allowed; leave out --link (check query)" }
    : found;
}

/** An engine that takes HTTP/2 on its socket must not be asked for it: what comes then is not judged. */
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

/** A rule for operations that have a body of a model. */
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

/** A rule for operations without a body: the engine gets none. */
function withoutBody(id: string, covers: (operation: Operation) => boolean, judge: Judged): JudgeRule {
  return {
    id,
    covers,
    maxBytes: NO_BODY_BYTES,
    judge: (body, call, asking) => {
      const query = queryOf(call);
      if (!isQuery(query)) return query;
      if (!NO_BODY.test(body.toString("latin1")))
        return { check: "body", refuse: "it takes no body; send none (check body)" };
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

/** By its own containers only: another's name as a filter would tell whether it is there. */
const NOT_FILTERED_BY: readonly string[] = ["before", "since"];

function filterNames(filters: string): readonly string[] | null {
  try {
    const value = filters === "" ? new Map() : readJson(Buffer.from(filters));
    return isObject(value) ? [...value.keys()] : null;
  } catch {
    return null;
  }
}

/** The engine's limit counts everybody's containers, so the gateway counts. */
const list: Judged = (body, call, query, { owner }) => {
  if (owner === null) return NO_KEY;
  const names = filterNames(query.get("filters") ?? "");
  if (names === null || names.some((name) => NOT_FILTERED_BY.includes(name)))
    return {
      check: "filters",
      refuse: "it cannot be filtered by before or since; leave them out (check filters)",
    };
  const limit = Number(query.get("limit") ?? 0);
  if (!Number.isSafeInteger(limit)) return { check: "query", refuse: "limit is no number (check query)" };
  const { limit: _, ...asked } = Object.fromEntries(query);
  const target = targetOf(call, {}, new Map(Object.entries(limit > 0 ? { ...asked, all: "1" } : asked)));
  return { body, target, answer: ownOfList(owner, limit) };
};

const pull: Judged = (body, call, query) =>
  (query.get("fromImage") ?? "") === ""
    ? { check: "pull", refuse: "images can only be pulled, from a registry (check pull)" }
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
      allow: ({ name }) => answers.get(name) ?? null,
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
      REFUSED.get(name) ?? "the role is for own containers, and this is not a part of it yet",
  },
  unknown: {
    allow: false,
    rule: "deployer-unknown",
    reason:
      "not an operation of the Docker Engine API as tetherdock knows it, and the role deployer may do nothing else",
  },
});
