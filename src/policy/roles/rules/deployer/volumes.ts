/**
 * Named volumes. A name is not an ID: until a container refers to a volume, somebody else can remove it and create another of
 * the same name. So what a container may read is decided when it starts, because its volumes can no longer change (ADR 0022).
 */
import type { Asking, FoundContainer, Labels } from "../../../asking.ts";
import { listAt, objectAt, textAt, textsAt } from "../../../body/json/fields.ts";
import { isObject } from "../../../body/json/value.ts";
import { bodyOf, type Fields, isRefused, judgedFields } from "../../../body/judge-body.ts";
import { type HostBind, isBindMount, permitsBind } from "../../../body/model/host-binds.ts";
import { bodies, OWNER_LABEL } from "../../../body/model/index.ts";
import { isNewName, isVolumeName } from "../../../body/model/rules.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import { refuseDataFolder } from "../data-folder.ts";
import { refuseWhileFilled } from "./fills/fills.ts";
import { notStarted, refusedStart } from "./fills/refused-start.ts";
import type { Judged } from "./judging.ts";
import { keepProblem } from "./keeps.ts";
import { findOwnContainer, findOwnToStart, isMine, isOwn, NO_KEY, ownLabels, shownBy } from "./own.ts";
import { targetOf } from "./query/query.ts";

/** Of one container; each costs a call of the engine. */
const MOST_VOLUMES = 32;

const taken = (name: string): RuleVerdict =>
  refusal("volumeName", `the volume name ${name} is taken; use another name`);

const likeAnId = (name: string): RuleVerdict =>
  refusal(
    "name",
    `you have no volume ${name}, and a new one cannot have a name like an ID; use another name`,
  );

const tooMany = ({ length }: readonly string[]): RuleVerdict =>
  refusal("volumeName", `it names ${length} volumes; use at most ${MOST_VOLUMES}`);

const missing = (name: string): RuleVerdict => ({ missing: `No such volume: ${name}` });

/** Creates the volume unless it exists. @returns why it cannot be used; null: it is the owner's */
async function claim(name: string, labels: Labels, { owner, engine }: Asking): Promise<RuleVerdict | null> {
  const found = await engine.inspectVolume(name);
  if (found !== null) return isOwn(found, owner) ? null : taken(name);
  if (!isNewName(name)) return likeAnId(name);
  return isOwn(await engine.createVolume(name, labels), owner) ? null : taken(name);
}

/** @returns the names of volumes in the judged fields of a container's body */
export function volumesOf(fields: Fields): readonly string[] {
  const host = objectAt(fields, "HostConfig");
  const bound = textsAt(host, "Binds").map((bind) => bind.split(":")[0] ?? "");
  const mounted = listAt(host, "Mounts")
    .filter(isObject)
    .filter((mount) => !isBindMount(mount))
    .map((mount) => textAt(mount, "Source"));
  return [...new Set([...bound, ...mounted.filter((source) => source !== "")])];
}

/** Creates those of a new container's volumes that do not exist. @returns why one of them cannot be used */
export async function claimVolumes(names: readonly string[], asking: Asking): Promise<RuleVerdict | null> {
  if (names.length > MOST_VOLUMES) return tooMany(names);
  for (const name of names) {
    const problem = await claim(name, { [OWNER_LABEL]: asking.owner ?? "" }, asking);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * They cannot be removed while their container exists, so what they are now they stay.
 * @returns why one of a container's volumes cannot be used; null: all are the owner's
 */
export async function volumeProblem(
  { volumes }: FoundContainer,
  { owner, engine }: Asking,
): Promise<RuleVerdict | null> {
  if (volumes.length > MOST_VOLUMES) return tooMany(volumes);
  for (const name of volumes)
    if (!isOwn(await engine.inspectVolume(name), owner))
      return refusal(
        "owner",
        `its volume ${name} is not yours; remove the container, and use another volume`,
      );
  return null;
}

/** A role file, or where Docker's data is, may have changed since the container was created. */
export async function bindProblem(
  { mounts }: FoundContainer,
  binds: readonly HostBind[],
  asking: Asking,
): Promise<RuleVerdict | null> {
  const all = Array.isArray(mounts) ? (mounts as { Type?: unknown; Source?: unknown; RW?: unknown }[]) : [];
  const bound = all.filter(({ Type }) => Type === "bind");
  const other = bound.find(({ Source, RW }) => !permitsBind(binds, String(Source), RW === false));
  return other === undefined
    ? refuseDataFolder(
        bound.map(({ Source }) => String(Source)),
        asking,
      )
    : refusal(
        "hostPathVolumes",
        `the role does not permit its bind of ${JSON.stringify(other.Source)?.slice(0, 80)}; remove the container`,
      );
}

/** For each, Docker runs two processes on the host, of 2 MB each, outside of the container's limits. */
const MOST_PORTS = 128;

/** When it starts: until then, an image can expose more. */
export const portProblem = ({ published = 0 }: FoundContainer): RuleVerdict | null =>
  published > MOST_PORTS
    ? refusal(
        "hostPorts",
        `it publishes ${published} ports, each of which takes processes and memory of the host; publish at most ${MOST_PORTS}`,
      )
    : null;

async function mountProblem(
  container: FoundContainer,
  binds: readonly HostBind[],
  asking: Asking,
): Promise<RuleVerdict | null> {
  return (
    (await bindProblem(container, binds, asking)) ??
    (await volumeProblem(container, asking)) ??
    (await refuseWhileFilled(container, asking))
  );
}

/** For what reads or writes a container's volumes. @param binds paths of the host that a role file permits */
export const withOwnMounts =
  (binds: readonly HostBind[]): Judged =>
  async (body, call, query, asking) => {
    const container = await findOwnContainer(call.params["id"] ?? "", asking);
    if (!("volumes" in container)) return container;
    const problem = await mountProblem(container, binds, asking);
    return problem ?? { body, target: targetOf(call, { id: container.id }, query) };
  };

/** @param binds paths of the host that a role file permits */
export const startOwn =
  (binds: readonly HostBind[]): Judged =>
  async (body, call, query, asking) => {
    const found = await findOwnToStart(call.params["id"] ?? "", asking);
    if (!("container" in found)) return found;
    const { container } = found;
    const problem = found.problem ?? portProblem(container) ?? (await mountProblem(container, binds, asking));
    if (problem !== null) return refusedStart(problem, container, asking);
    const target = targetOf(call, { id: container.id }, query);
    return { body, target, notStarted: () => notStarted(container, asking) };
  };

/** Shown only if it is the owner's: since it was checked, the name may have become somebody else's. */
const ownVolume = (owner: string) => shownBy((value) => (isMine(owner)(value) ? value : null));

export const createVolume: Judged = async (body, call, query, asking) => {
  if (asking.owner === null) return NO_KEY;
  const fields = judgedFields(body, bodies.VolumeCreate);
  if (isRefused(fields)) return fields;
  const labels = ownLabels(fields, asking.owner);
  const name = textAt(fields, "Name");
  const claimed = () => claim(name, Object.fromEntries(labels) as Labels, asking);
  const problem = keepProblem(body, asking) ?? (name === "" ? null : await claimed());
  if (problem !== null) return problem;
  const asked = new Map([...fields, ["Driver", "local"] as const, ["Labels", labels] as const]);
  return { body: bodyOf(asked), target: targetOf(call, {}, query), answer: ownVolume(asking.owner) };
};

/** Without `force`, with which an engine in a swarm also removes the cluster volume of that name. */
export const volume: Judged = async (body, call, _query, { owner, engine }) => {
  if (owner === null) return NO_KEY;
  const name = call.params["name"] ?? "";
  const found = isVolumeName(name) ? await engine.inspectVolume(name) : null;
  if (!isOwn(found, owner)) return missing(name);
  return { body, target: targetOf(call, { name }, new Map()), answer: ownVolume(owner) };
};
