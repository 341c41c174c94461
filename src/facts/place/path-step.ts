/** One step of a path: a directory, a link or the file itself, as lstat(2) sees it. */

/** What is at a path; links are not followed. */
export interface PathStep {
  readonly path: string;
  readonly type: "directory" | "file" | "link" | "special";
  /** Permission bits, set-id and sticky bits included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Names of owner and group, or their numbers. */
  readonly user: string;
  readonly group: string;
  /** Number of names of the same file. */
  readonly hardLinks: number;
  /** Whether it has an access control list beyond the mode. */
  readonly acl: boolean;
  /** A link's target, as written in it; null for anything else. */
  readonly target: string | null;
  /** Not even root can change it: immutable, append-only, or on a read-only file system. */
  readonly locked: boolean;
  /** Whether it is a mount point. */
  readonly mounted: boolean;
}

/** All steps of all paths of interest, by their paths without links. */
export type PathSteps = ReadonlyMap<string, PathStep>;

const S_IFMT = 0o170000;
const TYPES: ReadonlyMap<number, PathStep["type"]> = new Map([
  [0o040000, "directory"],
  [0o100000, "file"],
  [0o120000, "link"],
]);

/** What {@link parsePathSteps} reads: the sections that `PLACES` prints. */
export interface PathTexts {
  readonly steps: string;
  readonly links: string;
  readonly acl: string;
  readonly locked: string;
  readonly mounted: string;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter(Boolean);
}

/**
 * Lines "HEX-MODE TAB UID TAB GID TAB LINKS TAB USER TAB GROUP TAB PATH", and lists of the paths with certain
 * properties.
 */
export function parsePathSteps(texts: PathTexts): PathSteps {
  const acl = new Set(linesOf(texts.acl));
  const locked = new Set(linesOf(texts.locked));
  const mounted = new Set(linesOf(texts.mounted));
  const targets = new Map(
    linesOf(texts.links).map((line) => {
      const [path = "", target = ""] = line.split("\t");
      return [path, target] as const;
    }),
  );
  const steps = linesOf(texts.steps).map((line) => {
    const [raw = "", uid, gid, hardLinks, user = "", group = "", ...rest] = line.split("\t");
    const path = rest.join("\t");
    const bits = Number.parseInt(raw, 16);
    const step: PathStep = {
      path,
      type: TYPES.get(bits & S_IFMT) ?? "special",
      mode: bits & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      user: user === "UNKNOWN" ? String(uid) : user,
      group: group === "UNKNOWN" ? String(gid) : group,
      hardLinks: Number(hardLinks),
      acl: acl.has(path),
      target: targets.get(path) ?? null,
      locked: locked.has(path),
      mounted: mounted.has(path),
    };
    return [path, step] as const;
  });
  return new Map(steps);
}
