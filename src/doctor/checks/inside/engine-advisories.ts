import { visible } from "../../../base/index.ts";
import { type Advisory, advisoriesOf, fixedIn, parseRelease } from "../../../engine/index.ts";
import { GATEWAY_SOCKET_FILE } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import type { Inside } from "../../subject.ts";
import { advisoryFix, advisorySeverity, BACKPORTS } from "./advisory-texts.ts";

/** @param pkg Debian's name for the package */
function problemOf(component: Advisory["component"], name: string, pkg: string, version: string): Problem[] {
  const release = parseRelease(version);
  const known = advisoriesOf(component, version).filter(({ plugins }) => plugins !== true);
  const [first] = known;
  if (release === null || first === undefined) return [];
  return [
    {
      where: visible(`${name} ${version}`),
      says: `${known.map(({ id }) => id).join(", ")}: fixed in ${fixedIn(known)}`,
      evidence: [
        ...known.map(({ id, summary, source }) => `${id}: ${summary} (${source})`),
        ...(release.isDistribution ? [BACKPORTS] : []),
      ],
      fix: advisoryFix(release, first.id, pkg),
      severity: advisorySeverity(release, "medium"),
    },
  ];
}

function runcVersion({ components }: Inside): string {
  return components.find(({ name }) => name === "runc")?.version ?? "";
}

/** On a host without a gateway every client is root anyway. */
export const engineAdvisories = defineCheck({
  id: "engine-advisories",
  states:
    "behind a gateway, the engine and runc have no known vulnerability that restricted clients or containers can use",
  needs: ["inside"],
  severity: "medium",
  consequence: "a deployer, or a program in a container, may become root on the host",
  reference: "https://github.com/moby/moby/security/advisories",
  run: ({ inside }) =>
    inside.facts.ours.files.has(GATEWAY_SOCKET_FILE)
      ? [
          ...problemOf("engine", "Docker Engine", "docker.io", inside.facts.engine?.version ?? ""),
          ...problemOf("runc", "runc", "runc", runcVersion(inside)),
        ]
      : [],
});
