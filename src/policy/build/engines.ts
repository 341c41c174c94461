/**
 * Which engines a restricted role may build on. BuildKit before 0.12.5, in Engine before 25.0.2, lets a Dockerfile reach the
 * host's files (CVE-2024-23651, CVE-2024-23652), and before 0.11 it knows no source policy.
 */
import { compareReleases, parseRelease, type Release } from "../../engine/index.ts";
import { type Refusal, refusal } from "../refusal.ts";

const LEAST = "25.0.2";
const LEAST_RELEASE = parseRelease(LEAST) as Release;

/** @param version as the engine says it: `26.1.5+dfsg1` @returns null: it may build */
export function refuseByEngine(version: string): Refusal | null {
  const release = parseRelease(version);
  if (release !== null && compareReleases(release, LEAST_RELEASE) >= 0) return null;
  return refusal(
    "engine",
    `on Engine ${version.slice(0, 40)}, a build can reach the host's files (CVE-2024-23652); build elsewhere, or ask an admin to upgrade to ${LEAST} or later`,
  );
}
