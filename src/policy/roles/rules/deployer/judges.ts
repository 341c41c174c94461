/** What decides a deployer's calls: the body by its fields, the target by its owner. */
import type { OperationCall } from "../../../../engine/index.ts";
import type { Asking } from "../../../asking.ts";
import { bodyOf, type Fields, isRefused, judgedFields } from "../../../body/judge-body.ts";
import { bindSources, withBindMounts } from "../../../body/model/host-binds.ts";
import { containerCreateWith, type HostBind } from "../../../body/model/index.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import { refuseDataFolder } from "../data-folder.ts";
import { withSafeFills } from "./fills/fills.ts";
import { ownFilters } from "./filters.ts";
import type { Judged } from "./judging.ts";
import { containerProblem, execProblem } from "./keeps.ts";
import { networksOf, refuseShared, withNetworkIds } from "./networks.ts";
import { findOwnContainer, NO_KEY, ownLabels, ownOfList, ownTarget } from "./own.ts";
import { type Query, targetOf } from "./query/query.ts";
import { claimVolumes, volumesOf } from "./volumes.ts";

/**
 * The engine walks the files that a container has changed by their paths, as root on the host. A container that runs can exchange a
 * folder for a link meanwhile, and so learn the names in any folder of the host (test/e2e/walked-files.test.ts).
 */
export const NO_CHANGES =
  "on the host, Docker follows links that the container makes meanwhile; compare files in the container";

/** Before it, an engine ignores the option without which a read-only bind is not read-only as a whole. */
const BINDS_FROM_MINOR = 40;

function refuseOldApi({ version }: OperationCall): RuleVerdict | null {
  const [major = 1, minor = BINDS_FROM_MINOR] = version?.split(".").map(Number) ?? [];
  return major > 1 || minor >= BINDS_FROM_MINOR
    ? null
    : refusal(
        "hostPathVolumes",
        `paths of the host need API 1.${BINDS_FROM_MINOR} or later; update the client`,
      );
}

/** @param binds paths of the host that a role file permits */
export function createWith(binds: readonly HostBind[]): Judged {
  const mark = containerCreateWith(binds);
  return async (body, call, query, asking) => {
    const { owner } = asking;
    if (owner === null) return NO_KEY;
    const judged = judgedFields(body, mark);
    if (isRefused(judged)) return judged;
    const bound = withBindMounts(judged);
    const fields = bound ?? judged;
    const labelled = new Map([...fields, ["Labels", ownLabels(fields, owner)] as const]);
    const allow = (asked: Fields) => ({ body: bodyOf(asked), target: targetOf(call, {}, query) });
    const isAlone = networksOf(fields).length === 0 && volumesOf(fields).length === 0;
    const refused =
      (bound && (refuseOldApi(call) ?? (await refuseDataFolder(bindSources(bound), asking)))) ??
      refuseShared(fields) ??
      (await containerProblem(body, fields, asking, query.get("platform") ?? ""));
    return refused ?? (isAlone ? allow(labelled) : withOwnThings(labelled, asking, allow));
  };
}

/** Networks first: they are only looked at, and a volume is created. */
async function withOwnThings(
  fields: Fields,
  asking: Asking,
  allow: (asked: Fields) => RuleVerdict,
): Promise<RuleVerdict> {
  const connected = await withNetworkIds(fields, networksOf(fields), asking);
  if (!(connected instanceof Map)) return connected as RuleVerdict;
  const names = volumesOf(connected);
  const problem = await claimVolumes(names, asking);
  if (problem !== null) return problem;
  const filled = await withSafeFills(connected, names, asking);
  return filled instanceof Map ? allow(filled) : (filled as RuleVerdict);
}

export const own: Judged = async (body, call, query, asking) => {
  const target = await ownTarget(call, query, asking);
  return typeof target === "string" ? { body, target } : target;
};

export const exec: Judged = async (body, call, query, asking) => {
  const found = await findOwnContainer(call.params["id"] ?? "", asking);
  if (!("labels" in found)) return found;
  return execProblem(body, found, asking) ?? { body, target: targetOf(call, { id: found.id }, query) };
};

/** These go to `ps` on the host: others would show environments, or other columns under known names. */
const PS_ARGUMENTS: readonly string[] = ["", "-ef", "aux"];
/** Of a line of ps. dockerd keeps all lines, and a process may have 2 MB of arguments that it shares with its parent. */
const PS_COLUMNS = 4096;

/** `top` of a container, with lines of at most 4,096 bytes. */
export function topOf(
  body: Buffer,
  call: OperationCall,
  query: Query,
  id = call.params["id"] ?? "",
): RuleVerdict {
  const asked = query.get("ps_args") ?? "";
  if (!PS_ARGUMENTS.includes(asked))
    return refusal("psArguments", "the arguments go to ps on the host; use none, -ef or aux");
  const bounded = new Map([...query, ["ps_args", `${asked || "-ef"} --cols ${PS_COLUMNS}`] as const]);
  return { body, target: targetOf(call, { id }, bounded) };
}

export const top: Judged = async (body, call, query, asking) => {
  const found = await findOwnContainer(call.params["id"] ?? "", asking);
  return "labels" in found ? topOf(body, call, query, found.id) : found;
};

/** The engine's limit counts everybody's containers, so the gateway counts itself. */
export const list: Judged = (body, call, query, { owner }) => {
  if (owner === null) return NO_KEY;
  const filters = ownFilters(query.get("filters") ?? "", owner);
  if ("refuse" in filters) return filters;
  const limit = Number(query.get("limit") ?? 0);
  if (!Number.isSafeInteger(limit)) return refusal("query", "limit is not a number");
  const { limit: _, ...others } = Object.fromEntries(query);
  const asked = { ...others, filters: filters.text, ...(limit > 0 ? { all: "1" } : {}) };
  const target = targetOf(call, {}, new Map(Object.entries(asked)));
  return { body, target, answer: ownOfList(owner, limit) };
};

export const pull: Judged = (body, call, query) =>
  (query.get("fromImage") ?? "") === ""
    ? refusal("pull", "images can only be pulled from a registry")
    : { body, target: targetOf(call, {}, query) };
