/** Runs a planned proof through the prober port. */
import { judgeAll, type Verdict } from "./judge.ts";
import type { Observation } from "./observation.ts";
import type { Prober } from "./prober.ts";
import type { ProofCase } from "./proof.ts";

/** Limits for the connections. */
export interface ProveOptions {
  /** Concurrent connections, 1 or more; a small daemon must not be flooded. */
  readonly concurrency: number;
  /** For all steps of one connection together. */
  readonly timeoutMs: number;
}

/**
 * Makes every connection of a proof and judges them together.
 * @returns verdicts in the order of the cases
 * @throws CREDENTIAL_UNUSABLE when a certificate or key of the proof cannot be used
 */
export async function prove(
  cases: readonly ProofCase[],
  prober: Prober,
  { concurrency, timeoutMs }: ProveOptions,
): Promise<Verdict[]> {
  const outcomes = new Map<ProofCase, Observation>();
  // One queue shared by all workers: a free worker takes the next case.
  const queue = cases.values();
  const work = async (): Promise<void> => {
    for (const one of queue) {
      const { endpoint, credential, target } = one;
      outcomes.set(one, await prober({ endpoint, serverName: target.serverName, credential, timeoutMs }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return judgeAll([...cases].map((one) => [one, outcomes.get(one) as Observation]));
}
