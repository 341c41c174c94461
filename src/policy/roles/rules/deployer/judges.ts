/** What decides a deployer's calls: the body by its fields, the target by its owner. */
import { bodyOf, isRefused, judgeBody, judgedFields } from "../../../body/judge-body.ts";
import type { Mark } from "../../../body/mark.ts";
import { bodies } from "../../../body/model/index.ts";
import { ownFilters } from "./filters.ts";
import type { Judged } from "./judging.ts";
import { NO_KEY, ownOfList, ownTarget } from "./own.ts";
import { targetOf } from "./query.ts";
import { claimVolumes, ownLabels, volumesOf } from "./volumes.ts";

export const create: Judged = (body, call, query, asking) => {
  const { owner } = asking;
  if (owner === null) return NO_KEY;
  const fields = judgedFields(body, bodies.ContainerCreate);
  if (isRefused(fields)) return fields;
  const asked = bodyOf(new Map([...fields, ["Labels", ownLabels(fields, owner)] as const]));
  const allowed = { body: asked, target: targetOf(call, {}, query) };
  const volumes = volumesOf(fields);
  // at once where nothing has to be asked: most creates are like this
  if (volumes.length === 0) return allowed;
  return claimVolumes(volumes, asking).then((problem) => problem ?? allowed);
};

export const own: Judged = async (body, call, query, asking) => {
  const target = await ownTarget(call, query, asking);
  return typeof target === "string" ? { body, target } : target;
};

/** The body is judged first: it costs the engine nothing. */
export const ownWithBody =
  (mark: Mark): Judged =>
  (body, call, query, asking) => {
    const judged = judgeBody(body, mark);
    return Buffer.isBuffer(judged) ? own(judged, call, query, asking) : judged;
  };

/** The engine's limit counts everybody's containers, so the gateway counts itself. */
export const list: Judged = (body, call, query, { owner }) => {
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

export const pull: Judged = (body, call, query) =>
  (query.get("fromImage") ?? "") === ""
    ? { check: "pull", refuse: "images can only be pulled from a registry (check pull)" }
    : { body, target: targetOf(call, {}, query) };
