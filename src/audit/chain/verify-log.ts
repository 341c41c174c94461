/** Combines the results for the parts of a log. */

import { auditFileName } from "../file-name.ts";
import { AUDIT_PARTS } from "../part.ts";
import { GENESIS } from "./chain.ts";
import type { AuditProblem, AuditVerification, ChainVerification } from "./verify-chain.ts";

/** A seal that somebody kept, and whether one of the files has it. */
export interface ExpectedSeal {
  readonly seal: string;
  readonly found: boolean;
}

/** A gateway's first record is its start, an action, so no log has other parts but no actions. */
function problemsOfParts(chains: readonly ChainVerification[]): AuditProblem[] {
  if (chains.some(({ part }) => part === "actions")) return [];
  return [{ file: auditFileName(1), line: null, what: "missing, with every other file of actions" }];
}

function problemsOfExpected(newest: string, expected: ExpectedSeal | undefined): AuditProblem[] {
  if (!expected || expected.found) return [];
  const seal = expected.seal.slice(0, 12);
  return [
    {
      file: newest,
      line: null,
      what: `the expected seal ${seal}… is in no file: cut off, or no longer kept`,
    },
  ];
}

/** @param chains of the parts that exist */
export function verifyLog(chains: readonly ChainVerification[], expected?: ExpectedSeal): AuditVerification {
  const ordered = AUDIT_PARTS.flatMap((part) => chains.filter((chain) => chain.part === part));
  const actions = ordered.find(({ part }) => part === "actions");
  const problems = [
    ...problemsOfParts(ordered),
    ...ordered.flatMap((chain) => chain.problems),
    ...problemsOfExpected(actions?.newest ?? auditFileName(1), expected),
  ];
  return {
    ok: problems.length === 0,
    complete: problems.length === 0 && ordered.every(({ rotated }) => rotated === 0),
    files: ordered.reduce((sum, { files }) => sum + files, 0),
    records: ordered.reduce((sum, { records }) => sum + records, 0),
    seal: actions?.seal ?? GENESIS,
    problems,
    parts: ordered.map(({ problems: _, ...part }) => part),
  };
}
