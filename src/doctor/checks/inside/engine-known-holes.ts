import { visible } from "../../../base/index.ts";
import { advisoriesOf, parseRelease } from "../../../engine/index.ts";
import { runningSettings } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { advisoryFix, advisorySeverity, BACKPORTS } from "./advisory-texts.ts";

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
    const known = advisoriesOf("engine", version).filter((advisory) => advisory.plugins);
    return known.map(({ id, summary, fixed, source }) => ({
      where: visible(`Docker Engine ${version}`),
      says: `${id}: ${summary}`,
      evidence: [
        visible(`the engine reports ${version}; fixed in ${fixed.join(", ")}`),
        visible(`authorization plugins: ${plugins.join(", ")}`),
        ...(release.isDistribution ? [BACKPORTS] : []),
        source,
      ],
      fix: advisoryFix(release, id, "docker.io"),
      severity: advisorySeverity(release, "high"),
    }));
  },
});
