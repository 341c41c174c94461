import { describe, expect, test } from "vitest";
import { operations } from "../operations/table.ts";
import { advisoriesOf, fixedIn, unsafeOn } from "./affected.ts";
import { compareReleases, parseRelease } from "./release.ts";
import { ADVISORIES, LOOKED_UP_ON } from "./table.ts";

const INFINITY = Number.POSITIVE_INFINITY;

test.each([
  ["20.10.24+dfsg1", [20, 10, 24], INFINITY, true],
  ["26.1.5+dfsg1", [26, 1, 5], INFINITY, true],
  ["28.5.2+dfsg3", [28, 5, 2], INFINITY, true],
  ["28.0.0~rc.1-1ubuntu2", [28, 0, 0], 1, true],
  ["24.0.7-0ubuntu4", [24, 0, 7], INFINITY, true],
  ["29.5.1", [29, 5, 1], INFINITY, false],
  ["v29.5.1", [29, 5, 1], INFINITY, false],
  ["27.0.0-rc.1", [27, 0, 0], 1, false],
  ["29.0.0-beta.2", [29, 0, 0], 0, false],
  ["19.03.5-ce", [19, 3, 5], INFINITY, false],
  ["1.1.5+ds1", [1, 1, 5], INFINITY, true],
  ["1.0.0~rc93+ds1", [1, 0, 0], 93, true],
  ["1.4.0-rc.3", [1, 4, 0], 3, false],
])("the version %s", (version, numbers, before, isDistribution) => {
  expect(parseRelease(version)).toEqual({ numbers, before, isDistribution });
});

test.each(["", "dev", "library-import", "29", "29.5", "x29.5.1"])("not a version: %j", (version) => {
  expect(parseRelease(version)).toBeNull();
});

test("release candidates come before their release, in their order, and 29.10 after 29.9", () => {
  const ascending = [
    "27.0.0-beta.1",
    "27.0.0-rc.1",
    "27.0.0-rc.2",
    "27.0.0",
    "27.0.1-rc.1",
    "29.9.0",
    "29.10.0",
  ];
  const parsed = ascending.map((version) => parseRelease(version) ?? expect.fail(version));
  expect(parsed.toReversed().toSorted(compareReleases)).toEqual(parsed);
});

const copies = (version: string) => unsafeOn(version, "ContainerArchive").map(({ id }) => id);
const uploads = (version: string) => unsafeOn(version, "PutContainerArchive").map(({ id }) => id);

describe("docker cp", () => {
  test.each([
    ["20.10.24+dfsg1", 2, 4],
    ["20.10.8", 2, 5],
    ["26.1.5+dfsg1", 2, 4],
    ["28.5.2+dfsg3", 2, 4],
    ["29.5.0", 2, 4],
    ["29.5.1-rc.1", 2, 4],
    ["29.5.1", 0, 1],
    ["29.6.2", 0, 1],
    ["29.7.0-rc.1", 0, 1],
    ["29.7.0", 0, 0],
    ["29.9.3", 0, 0],
    ["30.0.0", 0, 0],
    ["25.0.16", 2, 4],
    ["25.0.17", 0, 1],
    ["25.1.0", 2, 4],
    ["a build of mine", 2, 5],
    ["", 2, 5],
  ])("on %s: %d advisories against copying out, %d against copying in", (version, out, into) => {
    expect([copies(version).length, uploads(version).length]).toEqual([out, into]);
  });

  test("all of them are fixed in 29.7.0", () => {
    expect(fixedIn(unsafeOn("28.5.2", "PutContainerArchive"))).toBe("29.7.0");
    expect(fixedIn(unsafeOn("28.5.2", "ContainerArchive"))).toBe("29.5.1");
  });
});

const MOUNT_RACES = ["CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"];
const DEV_LINK = "CVE-2026-41579";

test.each([
  ["1.1.5+ds1", [...MOUNT_RACES, DEV_LINK, "CVE-2024-21626"]],
  ["1.1.12", [...MOUNT_RACES, DEV_LINK]],
  ["1.2.7", [...MOUNT_RACES, DEV_LINK]],
  ["1.2.8", [DEV_LINK]],
  ["1.3.3", [DEV_LINK]],
  ["1.3.6", []],
  ["1.4.0-rc.2", [...MOUNT_RACES, DEV_LINK]],
  ["1.4.0-rc.3", [DEV_LINK]],
  ["1.4.3", []],
  ["1.5.0-rc.2", [DEV_LINK]],
  ["1.5.0-rc.3", []],
  ["1.0.0-rc92", [...MOUNT_RACES, DEV_LINK]],
])("runc %s: %j", (version, ids) => {
  expect(advisoriesOf("runc", version).map(({ id }) => id)).toEqual(ids);
});

test.each([
  ["28.1.9", false],
  ["28.3.2", true],
  ["28.3.3", false],
])("CVE-2025-54388 concerns %s: %j", (version, expected) => {
  expect(advisoriesOf("engine", version).some(({ id }) => id === "CVE-2025-54388")).toBe(expected);
});

test.each([
  ["28.5.2", true],
  ["29.8.1", true],
  ["29.8.2", false],
  ["29.9.0", false],
])("what BuildKit 0.33.1 fixed concerns %s: %j", (version, expected) => {
  const ids = advisoriesOf("engine", version).map(({ id }) => id);
  for (const id of ["CVE-2026-93318", "CVE-2026-93320", "CVE-2026-93323"])
    expect(ids.includes(id)).toBe(expected);
});

test("one that is fixed in no known release concerns every release, and does not hide which one fixes the others", () => {
  expect(advisoriesOf("engine", "999.0.0").map(({ id }) => id)).toEqual(["GHSA-w26x-xg27-7qjc"]);
  expect(fixedIn(advisoriesOf("engine", "999.0.0"))).toBe("");
  expect(fixedIn(advisoriesOf("engine", "29.7.0"))).toBe("29.8.2");
});

test("the day when advisories were last looked up is a date", () => {
  expect(LOOKED_UP_ON).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(Number.isNaN(Date.parse(LOOKED_UP_ON))).toBe(false);
});

test("each has an ID of its own, a source, versions in order, and operations that exist", () => {
  const names = new Set(operations.map(({ name }) => name));
  expect(new Set(ADVISORIES.map(({ id }) => id)).size).toBe(ADVISORIES.length);
  for (const { fixed, operations: refused, source, summary, since } of ADVISORIES) {
    const parsed = [...(since === undefined ? [] : [since]), ...fixed].map(
      (version) => parseRelease(version) ?? expect.fail(version),
    );
    expect(parsed.toSorted(compareReleases)).toEqual(parsed);
    expect(source).toMatch(/^https:\/\/github\.com\/\S+\/GHSA-[\w-]+$/);
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    for (const name of refused) expect(names).toContain(name);
  }
});
