import { visible } from "../../../base/index.ts";
import { runningSettings } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { isAffected, KNOWN_HOLES, parseRelease } from "./known-holes.ts";

/** Only vulnerabilities that API clients can use here: a list of every CVE would hide the rest. */
export const engineKnownHoles = defineCheck({
  id: "engine-known-holes",
  states: "the engine has no known vulnerability that an API client can use",
  needs: ["inside"],
  severity: "high",
  consequence: "a client that authorization plugins restrict can bypass them and become root",
  reference: "https://github.com/moby/moby/security/advisories",
  run: ({ inside }) => {
    const version = inside.facts.engine?.version ?? "";
    const release = parseRelease(version);
    const plugins = runningSettings(inside).authorizationPlugins;
    if (!release || plugins.length === 0) return [];
    return KNOWN_HOLES.filter((hole) => isAffected(release, hole)).map((hole) => ({
      where: visible(`Docker Engine ${version}`),
      says: `${hole.id}: ${hole.says}`,
      evidence: [
        visible(
          `the engine reports ${version}; fixed in ${hole.fixed.map((one) => one.join(".")).join(", ")}`,
        ),
        visible(`authorization plugins: ${plugins.join(", ")}`),
        ...(release.isDistribution
          ? ["a distribution's build: its maintainers may have fixed it without changing the version number"]
          : []),
        hole.reference,
      ],
      fix: release.isDistribution
        ? [
            `zgrep -h ${hole.id} /usr/share/doc/docker.io/changelog.Debian.gz   # on the host: is it fixed?`,
            "apt-get update && apt-get install --only-upgrade docker.io   # on the host, as root",
          ]
        : ["docker version   # on the host; then upgrade the engine the way it was installed"],
      severity: release.isDistribution ? "info" : "high",
    }));
  },
});
