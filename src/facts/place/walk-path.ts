/** Follows a path through the steps that were seen, as the kernel would: path_resolution(7). */
import type { PathStep, PathSteps } from "./path-step.ts";

/** Where a path leads. */
export interface Walk {
  /** Directories and links on the way, from `/` on; what lies at the end is not among them. */
  readonly way: readonly PathStep[];
  /** What lies at the end, links followed; null when there is nothing. */
  readonly end: PathStep | null;
  /** The path without links in it; where nothing lies, the one that would come into being. */
  readonly real: string;
  /** The links that were followed at the end of the path: the path itself is one. */
  readonly isLink: boolean;
}

// As the kernel's own bounds (ELOOP, ENAMETOOLONG).
const MAX_LINKS = 40;
const MAX_PATH = 4096;

/** @returns null for a loop of links or a path longer than Linux has, or where a step is not a directory and yet something is asked below it */
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
