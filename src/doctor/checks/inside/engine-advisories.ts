import { visible } from "../../../base/index.ts";
import { type Advisory, advisoriesOf, fixedIn, LOOKED_UP_ON, parseRelease } from "../../../engine/index.ts";
import { GATEWAY_SOCKET_FILE } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import type { Inside } from "../../subject.ts";
import { advisoryFix, advisorySeverity, BACKPORTS } from "./advisory-texts.ts";

const idsOf = (advisories: readonly Advisory[]): string => advisories.map(({ id }) => id).join(", ");

/** @returns which release has the fixes, as far as one is known */
function sentence(known: readonly Advisory[]): string {
  const fixed = known.filter((one) => one.fixed.length > 0);
  const open = known.filter((one) => one.fixed.length === 0);
  return [
    ...(fixed.length > 0 ? [`${idsOf(fixed)}: fixed in ${fixedIn(fixed)}`] : []),
    ...(open.length > 0 ? [`${idsOf(open)}: no release with the fix is known`] : []),
  ].join("; ");
}

/** @param pkg Debian's name for the package */
function problemOf(component: Advisory["component"], name: string, pkg: string, version: string): Problem[] {
  const release = parseRelease(version);
  const known = advisoriesOf(component, version).filter(({ plugins }) => plugins !== true);
  const [first] = known;
  // a host that has nothing to upgrade to has no problem that its admin could solve
  if (release === null || first === undefined || fixedIn(known) === "") return [];
  return [
    {
      where: visible(`${name} ${version}`),
      says: sentence(known),
      evidence: [
        ...known.map(({ id, summary, source }) => `${id}: ${summary} (${source})`),
        ...(release.isDistribution ? [BACKPORTS] : []),
        `advisories were last looked up on ${LOOKED_UP_ON}`,
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
  states: `behind a gateway, the engine and runc have no vulnerability that restricted clients or containers can use, of those known on ${LOOKED_UP_ON}`,
  needs: ["inside"],
  severity: "medium",
  consequence:
    "a deployer, or a program in a container, may become root on the host, change what others build, or stop Docker",
  reference: "https://github.com/moby/moby/security/advisories",
  run: ({ inside }) =>
    inside.facts.ours.files.has(GATEWAY_SOCKET_FILE)
      ? [
          ...problemOf("engine", "Docker Engine", "docker.io", inside.facts.engine?.version ?? ""),
          ...problemOf("runc", "runc", "runc", runcVersion(inside)),
        ]
      : [],
});
