/** `doctor --fix`: `up` fixes what it can, shows its plan and asks. Nothing else is ever changed. */
import type { Report } from "../../doctor/index.ts";
import type { FixPorts } from "./ports.ts";

/** How many checks failed: those that `up` fixes, and others. */
function split({ results }: Report) {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const fixable = failed.filter(({ check }) => check.fixedByUp === true).length;
  return { fixable, byHand: failed.length - fixable };
}

/**
 * Hands each host with something to fix to `up`.
 * @throws what `up` throws
 */
export async function fix(ports: FixPorts, reports: readonly Report[]): Promise<void> {
  for (const report of reports) {
    const { name, upTarget: target } = report.subject;
    const { fixable, byHand } = split(report);
    if (byHand > 0) ports.report({ kind: "by-hand", name, findings: byHand });
    if (fixable === 0) continue;
    if (target === undefined) {
      ports.report({ kind: "no-destination", name });
      continue;
    }
    ports.report({ kind: "by-up", name, findings: fixable, target });
    await ports.up(target);
  }
}
