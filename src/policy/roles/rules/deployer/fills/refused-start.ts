/** A start that is refused. The engine removes a container of `docker run --rm` if its start fails, and the docker CLI waits for that. */
import type { Asking, FoundContainer } from "../../../../asking.ts";
import type { RuleVerdict } from "../../../rule.ts";

/** @param container the client's own @returns the problem, whatever becomes of the container */
export async function refusedStart(
  problem: RuleVerdict,
  { id, hostConfig }: FoundContainer,
  { engine }: Asking,
): Promise<RuleVerdict> {
  const { AutoRemove } = (hostConfig ?? {}) as { readonly AutoRemove?: unknown };
  if (AutoRemove === true) await engine.removeContainer(id).catch(() => false);
  return problem;
}
