/**
 * Which engines a restricted role may build on. BuildKit before 0.12.5, in Engine before 25.0.2, lets a Dockerfile reach the
 * host's files (CVE-2024-23651, CVE-2024-23652), and before 0.11 it knows no source policy.
 */
import type { Refusal } from "./refusal.ts";

const LEAST = [25, 0, 2] as const;

/** @param version as the engine says it: `26.1.5+dfsg1` */
export function refuseByEngine(version: string): Refusal | null {
  const found = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?![\d.])/.exec(version)?.slice(1).map(Number) ?? [];
  const first = LEAST.findIndex((least, index) => found[index] !== least);
  const isOld = found.length < LEAST.length || (first >= 0 && (found[first] ?? 0) < (LEAST[first] ?? 0));
  return isOld
    ? {
        check: "engine",
        refuse: `on Engine ${version.slice(0, 40)}, a build can reach the host's files (CVE-2024-23652); build elsewhere, or ask an admin to upgrade to ${LEAST.join(".")} or later (check engine)`,
      }
    : null;
}
