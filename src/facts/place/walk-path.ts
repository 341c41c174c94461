/** Follows a path through the inspected steps like the kernel: path_resolution(7). */
import type { PathStep, PathSteps } from "./path-step.ts";

/** Where a path leads. */
export interface Walk {
  /** Directories and links on the way, starting at `/`, without the end. */
  readonly way: readonly PathStep[];
  /** What is at the end, with links followed; null if nothing is. */
  readonly end: PathStep | null;
  /** The path without links; if nothing is there, the path that would be created. */
  readonly real: string;
  /** Whether the path itself is a link. */
  readonly isLink: boolean;
}

// The kernel's own limits (ELOOP, ENAMETOOLONG).
const MAX_LINKS = 40;
const MAX_PATH = 4096;

/**
 * @returns null for a loop of links, a path that is too long for Linux, or one that continues below something that is
 *   not a directory
 */
export function walkPath(steps: PathSteps, path: string): Walk | null {
  if (path.length > MAX_PATH) return null;
  const left = path.split("/").filter((part) => part !== "" && part !== ".");
  const way = new Map<string, PathStep>();
  let at = "";
  let links = 0;
  let isLink = false;
  const root = steps.get("/");
  if (root) way.set("/", root);
  while (left.length > 0) {
    const part = left.shift() ?? "";
    if (part === "..") {
      at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
      continue;
    }
    const here = `${at}/${part}`;
    const step = steps.get(here);
    if (step?.type === "link" && step.target !== null) {
      if (++links > MAX_LINKS || step.target.length > MAX_PATH) return null;
      way.set(here, step);
      if (left.length === 0) isLink = true;
      if (step.target.startsWith("/")) at = "";
      left.unshift(...step.target.split("/").filter((name) => name !== "" && name !== "."));
      continue;
    }
    at = here;
    if (left.length === 0) return { way: [...way.values()], end: step ?? null, real: here, isLink };
    if (step === undefined)
      return { way: [...way.values()], end: null, real: [here, ...left].join("/"), isLink };
    if (step.type !== "directory") return null;
    way.set(here, step);
  }
  return { way: [...way.values()], end: steps.get(at || "/") ?? null, real: at || "/", isLink };
}
