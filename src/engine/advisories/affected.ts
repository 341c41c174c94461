/** Which advisories concern an engine, by the version that it reports. */
import { compareReleases, parseRelease, type Release } from "./release.ts";
import { ADVISORIES, type Advisory } from "./table.ts";

function known(version: string): Release {
  const release = parseRelease(version);
  if (release === null) throw new Error(`${version} is not a version`);
  return release;
}

/** A fixed release covers the rest of its branch, the last one everything after it. */
export function isAffected(release: Release, { since, fixed }: Advisory): boolean {
  if (since !== undefined && compareReleases(release, known(since)) < 0) return false;
  const all = fixed.map(known);
  const last = all.at(-1);
  if (last && compareReleases(release, last) >= 0) return false;
  const [major, minor] = release.numbers;
  return !all.some(
    (one) => one.numbers[0] === major && one.numbers[1] === minor && compareReleases(release, one) >= 0,
  );
}

/** Of one component. A version that cannot be read counts as affected by everything. */
export function advisoriesOf(component: Advisory["component"], version: string): Advisory[] {
  const release = parseRelease(version);
  return ADVISORIES.filter(
    (one) => one.component === component && (release === null || isAffected(release, one)),
  );
}

/** @returns what makes an operation unsafe on an engine of this version */
export function unsafeOn(version: string, operation: string): Advisory[] {
  return advisoriesOf("engine", version).filter(({ operations }) => operations.includes(operation));
}

/** @returns the oldest release in which all of these are fixed for good; "" if that is known of none. Those without a known fix do not count */
export function fixedIn(advisories: readonly Advisory[]): string {
  const last = advisories.map(({ fixed }) => fixed.at(-1) ?? "").filter((version) => version !== "");
  return last.toSorted((one, other) => compareReleases(known(one), known(other))).at(-1) ?? "";
}
