/** A start that is refused. The engine removes a container of `docker run --rm` if its start fails, and the docker CLI waits for that. */
import type { Asking, FoundContainer } from "../../../../asking.ts";
import type { RuleVerdict } from "../../../rule.ts";

/** @param container the client's own, which is not started */
export async function notStarted({ id, hostConfig }: FoundContainer, { engine }: Asking): Promise<void> {
  const { AutoRemove } = (hostConfig ?? {}) as { readonly AutoRemove?: unknown };
  if (AutoRemove === true) await engine.removeContainer(id).catch(() => false);
}

/** @param container the client's own @returns the problem, whatever becomes of the container */
export async function refusedStart(
  problem: RuleVerdict,
  container: FoundContainer,
  asking: Asking,
): Promise<RuleVerdict> {
  await notStarted(container, asking);
  return problem;
}
