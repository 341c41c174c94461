/** Known vulnerabilities of the engine that an API client can use, with their releases. */

type Release = readonly [major: number, minor: number, patch: number];

/** One vulnerability: the first release that has it, and the releases of each branch that fix it. */
export interface Hole {
  readonly id: string;
  readonly says: string;
  readonly since: Release;
  /** Ascending; the last one ends it for every later branch. */
  readonly fixed: readonly Release[];
  readonly reference: string;
}

export const KNOWN_HOLES: readonly Hole[] = [
  {
    id: "CVE-2024-41110",
    says: "with Content-Length 0 an authorization plugin sees no body and lets the request through",
    // mended in 18.09.1, lost again in 19.03; 19.03, 20.10 and 24.0 have the fix on their branches, unreleased
    since: [19, 3, 0],
    fixed: [
      [23, 0, 15],
      [25, 0, 6],
      [26, 0, 3],
      [26, 1, 5],
      [27, 1, 1],
    ],
    reference: "https://github.com/moby/moby/security/advisories/GHSA-v23v-6jw2-98fq",
  },
  {
    id: "CVE-2026-34040",
    says: "an authorization plugin does not see a body over its size limit, and the request goes through",
    since: [0, 0, 0],
    fixed: [[29, 3, 1]],
    reference: "https://github.com/moby/moby/security/advisories/GHSA-x744-4wpc-v9h2",
  },
];

/**
 * Whether the release has the vulnerability: a fixed release covers the rest of its branch, the last one everything
 * after it.
 */
export function isAffected({ release }: ParsedRelease, { since, fixed }: Hole): boolean {
  if (compare(release, since) < 0) return false;
  const last = fixed.at(-1);
  if (last && compare(release, last) >= 0) return false;
  return !fixed.some((one) => one[0] === release[0] && one[1] === release[1] && compare(release, one) >= 0);
}

function compare(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** An engine's version, taken apart. */
export interface ParsedRelease {
  readonly release: Release;
  /** Built by a distribution, which mends without changing the number: `20.10.24+dfsg1`. */
  readonly isDistribution: boolean;
}

/** @returns null for what is not a release, such as a development build */
export function parseRelease(version: string): ParsedRelease | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})(.*)$/s.exec(version);
  if (!match) return null;
  const [, major, minor, patch, rest = ""] = match;
  return {
    release: [Number(major), Number(minor), Number(patch)],
    isDistribution: /[+~]|ubuntu|debian|dfsg|\.(?:el|fc|amzn)\d/.test(rest),
  };
}
