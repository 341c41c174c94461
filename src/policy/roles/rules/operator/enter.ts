/** Entering a container that may be anybody's: refused if root in it is root on the host. */
import type { Asking, FoundContainer } from "../../../asking.ts";
import type { HostBind } from "../../../body/model/index.ts";
import { refusal } from "../../../refusal.ts";
import type { RuleVerdict } from "../../rule.ts";
import { refuseByVersion } from "../deployer/archive/archives.ts";
import { attachProblem, attachQuery } from "../deployer/attach.ts";
import { refuseWhileFilled } from "../deployer/fills/fills.ts";
import { notStarted, refusedStart } from "../deployer/fills/refused-start.ts";
import type { Judged } from "../deployer/judging.ts";
import { execProblem } from "../deployer/keeps.ts";
import { findNamed, imageProblem, isExec, isOwn, missing, PRIVILEGED_EXEC } from "../deployer/own.ts";
import { type Query, targetOf } from "../deployer/query/query.ts";
import { bindProblem, portProblem, volumeProblem } from "../deployer/volumes.ts";
import { holdsRoot } from "./holds-root.ts";

/** The call acts on the full ID that was inspected, so a rename in between changes nothing. */
const enterWith =
  (
    problemOf: (body: Buffer, container: FoundContainer, asking: Asking, asked: Query) => RuleVerdict | null,
    queryOf: (container: FoundContainer, query: Query) => Query = (_, query) => query,
  ): Judged =>
  async (body, call, query, asking) => {
    const { engine } = asking;
    const found = await findNamed(call, engine);
    if (found === null) return missing(call.params["id"] ?? "", isExec(call));
    const { id, container, isPrivilegedExec } = found;
    if (isPrivilegedExec) return PRIVILEGED_EXEC;
    const hold = await holdsRoot(container, engine);
    if (hold !== null)
      return refusal(hold.check, `root in this container is root on the host: ${hold.what}; ask an admin`);
    const asked = queryOf(container, query);
    const problem = (await refuseWhileFilled(container, asking)) ?? problemOf(body, container, asking, asked);
    return problem ?? { body, target: targetOf(call, { id }, asked) };
  };

export const enter = enterWith(() => null);

export const attach = enterWith((body, _, asking, asked) => attachProblem(body, asking, asked), attachQuery);

/** A new exec, which Docker keeps in memory. */
export const exec = enterWith(execProblem);

/** Copying files to or from a container is entering it, also if it does not run: the engine mounts its volumes for it. */
export const copyAny: Judged = async (body, call, query, asking) =>
  (await refuseByVersion(call.operation.name, asking)) ?? enter(body, call, query, asking);

async function ownProblem(
  container: FoundContainer,
  binds: readonly HostBind[],
  asking: Asking,
): Promise<RuleVerdict | null> {
  return (
    portProblem(container) ??
    (await bindProblem(container, binds, asking)) ??
    (await imageProblem(container, asking.engine)) ??
    (await volumeProblem(container, asking))
  );
}

/**
 * Starting a container gives nothing of the host to whoever did not choose what it runs. What an operator has created is
 * judged as a deployer's: its volumes may have become somebody else's since.
 */
export const startAny =
  (binds: readonly HostBind[]): Judged =>
  async (body, call, query, asking) => {
    const found = await findNamed(call, asking.engine);
    if (found === null) return missing(call.params["id"] ?? "", false);
    const { id, container } = found;
    const isMine = isOwn(container.labels, asking.owner);
    const problem =
      (isMine ? await ownProblem(container, binds, asking) : null) ??
      (await refuseWhileFilled(container, asking));
    if (problem !== null) return isMine ? refusedStart(problem, container, asking) : problem;
    const target = targetOf(call, { id }, query);
    return isMine ? { body, target, notStarted: () => notStarted(container, asking) } : { body, target };
  };
