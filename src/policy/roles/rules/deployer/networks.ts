/** A client's own networks. Every call acts on the full ID of a network whose label was checked: IDs are never reused. */
import type { Asking, FoundNetwork } from "../../../asking.ts";
import { objectAt, textAt } from "../../../body/json/fields.ts";
import { isObject, type JsonValue } from "../../../body/json/value.ts";
import { bodyOf, type Fields, isRefused, judgedFields } from "../../../body/judge-body.ts";
import { isZero } from "../../../body/mark.ts";
import { bodies, isEngines } from "../../../body/model/index.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import type { Judged } from "./judging.ts";
import { connectProblem, keepProblem } from "./keeps.ts";
import { findOwnContainer, isOwn, NO_KEY, ownLabels, REFERENCE } from "./own.ts";
import { targetOf } from "./query/query.ts";

/** Of one container; each costs a call of the engine. */
const MOST_NETWORKS = 32;

async function findOwnNetwork(ref: string, { owner, engine }: Asking): Promise<FoundNetwork | null> {
  const found = REFERENCE.test(ref) ? await engine.inspectNetwork(ref) : null;
  return found !== null && isOwn(found.labels, owner) ? found : null;
}

const missing = (ref: string): RuleVerdict => ({ missing: `No such network: ${ref}` });

/** Not a 404, which the CLI takes for a missing image. */
const notThere = (ref: string): RuleVerdict =>
  refusal("network", `you have no network ${ref}; create it with docker network create`);

const SHARED: RuleVerdict = refusal(
  "networkEndpoint",
  "names and addresses can only be chosen in a network of your own; create one with docker network create",
);

const TWICE: RuleVerdict = refusal("network", "it names one network twice; name it once");

/** What a container's body says of networks. */
interface Asked {
  readonly mode: string;
  readonly endpoints: Fields;
}

function askedOf(fields: Fields): Asked {
  return {
    mode: textAt(objectAt(fields, "HostConfig"), "NetworkMode"),
    endpoints: objectAt(objectAt(fields, "NetworkingConfig"), "EndpointsConfig"),
  };
}

/** @returns the references of networks in the judged fields of a container's body that are not the engine's own */
export function networksOf(fields: Fields): readonly string[] {
  const { mode, endpoints } = askedOf(fields);
  return [...new Set([mode, ...endpoints.keys()])].filter((ref) => !isEngines(ref));
}

export function refuseShared(fields: Fields): RuleVerdict | null {
  const isChosen = ([ref, endpoint]: readonly [string, JsonValue]) =>
    isEngines(ref) && isObject(endpoint) && [...endpoint.values()].some((value) => !isZero(value));
  return [...askedOf(fields).endpoints].some(isChosen) ? SHARED : null;
}

/** @returns the fields with full IDs instead of names, or why the call is refused */
export async function withNetworkIds(
  fields: Fields,
  refs: readonly string[],
  asking: Asking,
): Promise<Fields | RuleVerdict> {
  if (refs.length === 0) return fields;
  if (refs.length > MOST_NETWORKS)
    return refusal("network", `it names ${refs.length} networks; use at most ${MOST_NETWORKS}`);
  const ids = new Map<string, string>();
  for (const ref of refs) {
    const found = await findOwnNetwork(ref, asking);
    if (found === null) return notThere(ref);
    ids.set(ref, found.id);
  }
  const { mode, endpoints } = askedOf(fields);
  const byId = new Map([...endpoints].map(([ref, one]) => [ids.get(ref) ?? ref, one] as const));
  if (byId.size < endpoints.size) return TWICE;
  const host = new Map([
    ...objectAt(fields, "HostConfig"),
    ...(mode === "" ? [] : [["NetworkMode", ids.get(mode) ?? mode] as const]),
  ]);
  return new Map([
    ...fields,
    ["HostConfig", host] as const,
    ["NetworkingConfig", new Map([["EndpointsConfig", byId] as const])] as const,
  ]);
}

/** The engine refuses a name that is taken. Its answer says that the name exists, and nothing about whose it is. */
export const createNetwork: Judged = (body, call, query, asking) => {
  const { owner } = asking;
  if (owner === null) return NO_KEY;
  const fields = judgedFields(body, bodies.NetworkCreate);
  if (isRefused(fields)) return fields;
  const asked = new Map([
    ...fields,
    ["CheckDuplicate", true] as const,
    ["Driver", "bridge"] as const,
    ["Labels", ownLabels(fields, owner)] as const,
  ]);
  return keepProblem(body, asking) ?? { body: bodyOf(asked), target: targetOf(call, {}, query) };
};

export const network: Judged = async (body, call, query, asking) => {
  if (asking.owner === null) return NO_KEY;
  const ref = call.params["id"] ?? "";
  const found = await findOwnNetwork(ref, asking);
  return found === null ? missing(ref) : { body, target: targetOf(call, { id: found.id }, query) };
};

/** Both have to be the owner's: others' containers in an own network, which an admin has connected, stay connected. */
export const attachment =
  (name: "NetworkConnect" | "NetworkDisconnect"): Judged =>
  async (body, call, query, asking) => {
    if (asking.owner === null) return NO_KEY;
    const fields = judgedFields(body, bodies[name]);
    if (isRefused(fields)) return fields;
    const ref = call.params["id"] ?? "";
    const found = await findOwnNetwork(ref, asking);
    if (found === null) return missing(ref);
    const container = await findOwnContainer(textAt(fields, "Container"), asking);
    if (!("id" in container)) return container;
    // A container that does not run keeps the description, too.
    const problem = name === "NetworkConnect" ? connectProblem(body, fields, asking) : null;
    if (problem !== null) return problem;
    const asked = new Map([...fields, ["Container", container.id] as const]);
    return { body: bodyOf(asked), target: targetOf(call, { id: found.id }, query) };
  };
