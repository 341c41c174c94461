/** Versions of the engine and of runc, as they report them: `29.5.1`, `27.0.0-rc.1`, `20.10.24+dfsg1`. */

/** `before`: the number of a release candidate; anything else that is not released yet is 0. Infinity: released. */
export interface Release {
  readonly numbers: readonly [major: number, minor: number, patch: number];
  readonly before: number;
  /** Built by a distribution, which fixes bugs without changing the number: `20.10.24+dfsg1`. */
  readonly isDistribution: boolean;
}

const VERSION =
  /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d|\.\d)(?:[-~](?:rc[.-]?(\d{1,3})|alpha|beta|dev|pre))?(.*)$/s;
const CANDIDATE = /^v?[\d.]+[-~](?:rc|alpha|beta|dev|pre)/;
const DISTRIBUTION = /[+~]|ubuntu|debian|dfsg|-\d|\.(?:el|fc|amzn|mga)\d/;

/** @returns null for what is not a version, such as a development build */
export function parseRelease(version: string): Release | null {
  const match = VERSION.exec(version);
  if (match === null) return null;
  const [, major, minor, patch, candidate, rest = ""] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    before: CANDIDATE.test(version) ? Number(candidate ?? 0) : Number.POSITIVE_INFINITY,
    isDistribution: DISTRIBUTION.test(rest) || version.includes("~"),
  };
}

/** @returns below 0 if the first is older */
export function compareReleases(one: Release, other: Release): number {
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - (other.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.before === other.before ? 0 : one.before - other.before;
}
