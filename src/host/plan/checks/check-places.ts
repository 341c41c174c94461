/**
 * Checks the paths that a plan changes. A link of root's is followed: its target changes and keeps its owner and mode.
 * Nothing is written where somebody else could change the file or put a link in the way.
 */
import { shellQuote, TetherdockError, visible } from "../../../base/index.ts";
import {
  BOOT_UNIT_FILE,
  BOOT_UNIT_LINK,
  GATEWAY_CLIENTS,
  type HostFacts,
  JOURNAL,
  type PathStep,
  type Walk,
  walkPath,
  whoMayChange,
} from "../../../facts/index.ts";
import type { Change, Plan } from "../change.ts";

const LOOK = "namei -l";

/** A path from the host in a command that somebody may run unchanged. */
const word = (path: string): string => shellQuote(visible(path));

function unsafe(path: string, step: PathStep, why: string): TetherdockError {
  const what = step.path === path ? "" : `, on the way to ${visible(path)},`;
  return new TetherdockError(
    "HOST_PATH_UNSAFE",
    `users other than root can change ${visible(path)} on the host`,
    {
      why: [
        `${visible(step.path)}${what} ${why}`,
        "anybody who can change it, or replace it with a link, decides what root writes there",
      ],
      hints: [
        `${LOOK} ${word(path)}   # on the host: owner and mode of each part of the path`,
        "make the file and each directory in its path writable by root only, or move it elsewhere",
        "then run this again",
      ],
    },
  );
}

function unusable(path: string, why: string, hint: string): TetherdockError {
  return new TetherdockError("HOST_PATH_UNUSABLE", `${visible(path)} on the host cannot be replaced safely`, {
    why: [why],
    hints: [`${hint}   # on the host`, "then run this again"],
  });
}

/** Every directory on the way, and the one that is written to. */
function checkWay(path: string, walk: Walk | null): Walk {
  if (!walk)
    throw unusable(
      path,
      "it cannot be followed: a loop of links, or a file where a directory belongs",
      `${LOOK} ${word(path)}`,
    );
  for (const step of walk.way) {
    const why = whoMayChange(step);
    if (why !== null) throw unsafe(path, step, why);
  }
  const folder = walk.way.findLast(({ type }) => type === "directory");
  if (folder?.locked)
    throw unusable(
      path,
      `${visible(folder.path)} cannot be written, even by root`,
      `lsattr -d ${word(folder.path)}; findmnt -T ${word(folder.path)}`,
    );
  return walk;
}

const WHAT = { directory: "a directory", special: "a device, a pipe or a socket", link: "a link" } as const;

/** A file that will be replaced by another of the same name. */
function checkFile(path: string, end: PathStep): void {
  const shown = visible(end.path);
  const from = end.path === path ? "it" : `${shown}, where it leads,`;
  if (end.type !== "file") throw unusable(path, `${from} is ${WHAT[end.type]}`, `stat ${word(end.path)}`);
  const why = whoMayChange(end);
  if (why !== null) throw unsafe(path, end, why);
  if (end.hardLinks > 1)
    throw unusable(
      path,
      `${from} has ${end.hardLinks} hard links: the others would keep the old contents`,
      `find / -xdev -samefile ${word(end.path)}`,
    );
  if (end.mounted) throw unusable(path, `${from} is mounted there`, `findmnt ${word(end.path)}`);
  if (end.locked) throw unusable(path, `${from} is immutable or read-only`, `lsattr ${word(end.path)}`);
}

/**
 * A path where a file is or will be written.
 * @returns where it leads
 * @throws HOST_PATH_UNSAFE, HOST_PATH_UNUSABLE
 */
export function writablePath({ steps }: Pick<HostFacts, "steps">, path: string): string {
  // The state of a service with its own user belongs to that user: see the steps that write there.
  if (path === GATEWAY_CLIENTS) return path;
  const { end, real, isLink } = checkWay(path, walkPath(steps, path));
  if (end) checkFile(path, end);
  else if (isLink)
    throw unusable(path, `it is a link to ${visible(real)}, which does not exist`, `ls -l ${word(path)}`);
  return real;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A link or file to remove, or a link to create: it is not followed. */
function checkEntry({ steps }: HostFacts, path: string): PathStep | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  // As if it had content: then every step to its directory is on the way.
  const { real } = checkWay(path, walkPath(steps, `${folderOf(path)}/.tetherdock-new`));
  return steps.get(`${folderOf(real)}/${name}`);
}

function placed(facts: HostFacts, change: Change): Change {
  if (change.kind === "remove" || change.kind === "link") {
    const there = checkEntry(facts, change.path);
    if (there && there.type !== "link") checkFile(change.path, there);
    return change;
  }
  const real = writablePath(facts, change.path);
  if (real === change.path || (change.kind !== "write" && change.kind !== "certificate")) return change;
  const reason = `${change.reason} (${change.path} leads here)`;
  return { ...change, path: real, via: change.path, reason };
}

/**
 * The plan with all links in its paths resolved.
 * @throws HOST_PATH_UNSAFE, HOST_PATH_UNUSABLE
 */
export function placePlan(facts: HostFacts, plan: Plan): Plan {
  if (plan.changes.length === 0) return plan;
  for (const path of [`${JOURNAL}/0001`, BOOT_UNIT_FILE, BOOT_UNIT_LINK]) checkEntry(facts, path);
  return { ...plan, changes: plan.changes.map((change) => placed(facts, change)) };
}
