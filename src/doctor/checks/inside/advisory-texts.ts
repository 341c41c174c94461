/** What findings about known vulnerabilities have in common. */
import type { Release } from "../../../engine/index.ts";
import type { Severity } from "../../check.ts";

export const BACKPORTS =
  "a distribution's build: its maintainers may have fixed it without changing the version number";

/** On a distribution's build nobody knows from here. @param otherwise on any other */
export const advisorySeverity = ({ isDistribution }: Release, otherwise: Severity): Severity =>
  isDistribution ? "info" : otherwise;

/** @param id of an advisory @param pkg Debian's name for the package */
export function advisoryFix({ isDistribution }: Release, id: string, pkg: string): string[] {
  return isDistribution
    ? [
        `zgrep -h ${id} /usr/share/doc/${pkg}/changelog.Debian.gz   # on the host: is it fixed?`,
        `apt-get update && apt-get install --only-upgrade ${pkg}   # on the host, as root`,
      ]
    : ["docker version   # on the host; then upgrade the engine the way it was installed"];
}
