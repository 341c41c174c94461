import { shellQuote, visible } from "../../../base/index.ts";
import {
  type HostFacts,
  isSticky,
  type PathStep,
  type Walk,
  walkPath,
  whoMayChange,
} from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";

/** Something that others may change, and what docker starts from by way of it. */
interface Open {
  readonly step: PathStep;
  readonly why: string;
  readonly paths: string[];
  readonly isLink: boolean;
}

/** A masked unit is a link to it: everybody may write there, and nothing is kept. */
const MASK = "/dev/null";

/** The steps to a path that others may change; in a directory such as /tmp nobody replaces what is root's. */
function openSteps({ way, end }: Walk): PathStep[] {
  const steps = [...way, ...(end ? [end] : [])];
  return steps.filter((step, at) => {
    const next = steps[at + 1];
    return step.path !== MASK && whoMayChange(step) !== null && !(isSticky(step) && next?.uid === 0);
  });
}

function allOpen({ startPaths, steps }: HostFacts): Open[] {
  const found = new Map<string, Open>();
  for (const path of startPaths) {
    const walk = walkPath(steps, path);
    for (const step of walk ? openSteps(walk) : []) {
      const isLink = walk?.way.some(({ type }) => type === "link") ?? false;
      const open = found.get(step.path) ?? { step, why: whoMayChange(step) ?? "", paths: [], isLink };
      open.paths.push(path);
      found.set(step.path, open);
    }
  }
  return [...found.values()];
}

const MAX_SHOWN = 5;

function problemOf({ step, why, paths, isLink }: Open): Problem {
  const where = visible(step.path);
  const shown = paths.slice(0, MAX_SHOWN).map(visible);
  const [first = ""] = shown;
  const isOnTheWay = step.type === "directory";
  return {
    where,
    says: `${where} ${why}${isOnTheWay ? `, and docker starts from ${first}` : ", and docker starts from it"}`,
    evidence: [
      visible(`${where}: mode ${step.mode.toString(8).padStart(3, "0")}, ${step.user}:${step.group}`),
      ...shown.filter((path) => path !== where).map((path) => `in the path of ${path}`),
      ...(paths.length > MAX_SHOWN ? [`and ${paths.length - MAX_SHOWN} more`] : []),
    ],
    fix: [
      ...(isLink ? [`namei -l ${shellQuote(first)}   # on the host: which link leads there?`] : []),
      `chown root: ${shellQuote(where)} && chmod go-w ${shellQuote(where)}   # on the host, as root`,
    ],
  };
}

/**
 * Units, settings, programs and certificates: a user who can change one decides what runs as root at docker's next
 * start.
 */
export const startFilesWritable = defineCheck({
  id: "start-files-writable",
  states: "only root can change what docker starts from",
  needs: ["inside"],
  severity: "high",
  consequence: "anybody who can change it decides what runs as root the next time docker starts",
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
  run: ({ inside }) => allOpen(inside.facts).map(problemOf),
});
