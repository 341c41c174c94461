import { describe, expect, test } from "vitest";
import { pathStep } from "../../../test/support/host-facts.ts";
import { type PathStep, parsePathSteps } from "./path-step.ts";
import { walkPath } from "./walk-path.ts";
import { isSticky, whoMayChange } from "./who-may-change.ts";

const steps = (...all: PathStep[]) =>
  new Map([pathStep("/"), pathStep("/etc"), pathStep("/opt"), ...all].map((step) => [step.path, step]));
const link = (path: string, target: string) => pathStep(path, { type: "link", mode: 0o777, target });
const file = (path: string) => pathStep(path, { type: "file", mode: 0o644 });

describe("walkPath()", () => {
  test("a regular file: the directories on the way, and the file at the end", () => {
    const walk = walkPath(steps(file("/etc/a")), "/etc/a");
    expect(walk?.way.map(({ path }) => path)).toEqual(["/", "/etc"]);
    expect([walk?.end?.path, walk?.real, walk?.isLink]).toEqual(["/etc/a", "/etc/a", false]);
  });
  test("follows links to files and directories, absolute and relative, with .. as the kernel reads it", () => {
    const all = steps(
      link("/etc/a", "d/../b"),
      link("/etc/d", "/opt/x"),
      pathStep("/opt/x"),
      link("/opt/b", "x/./c"),
      file("/opt/x/c"),
    );
    const walk = walkPath(all, "/etc/a");
    expect([walk?.real, walk?.isLink]).toEqual(["/opt/x/c", true]);
    expect(walk?.way.map(({ path }) => path)).toContain("/opt/x");
  });
  test("a missing file: the place where it would be created", () => {
    expect(walkPath(steps(), "/etc/x/y")).toMatchObject({ end: null, real: "/etc/x/y", isLink: false });
    expect(walkPath(steps(link("/etc/a", "/opt/none")), "/etc/a")).toMatchObject({
      end: null,
      real: "/opt/none",
      isLink: true,
    });
  });
  test("a loop, and a file in place of a directory, lead nowhere", () => {
    expect(walkPath(steps(link("/etc/a", "b"), link("/etc/b", "a")), "/etc/a")).toBeNull();
    expect(walkPath(steps(file("/etc/a")), "/etc/a/b")).toBeNull();
  });
});

describe("whoMayChange()", () => {
  test.each([
    [{ mode: 0o755 }, null],
    [{ mode: 0o775 }, null],
    [{ mode: 0o664, gid: 4, group: "adm" }, "may be written by the group adm"],
    [{ mode: 0o640, gid: 4, group: "adm" }, null],
    [{ mode: 0o775, acl: true }, "may be written by whom its access control list names"],
    [{ mode: 0o757 }, "may be written by everybody"],
    [{ mode: 0o1777 }, "may be written by everybody"],
    [{ uid: 1000, user: "deploy", mode: 0o400 }, "belongs to deploy"],
    [{ type: "link" as const, uid: 1000, mode: 0o777 }, null],
  ])("%j: %s", (more, expected) => {
    expect(whoMayChange(pathStep("/etc/x", more))).toBe(expected);
  });
  test("a directory such as /tmp is distinguished", () => {
    expect(isSticky(pathStep("/tmp", { mode: 0o1777 }))).toBe(true);
    expect(isSticky(pathStep("/srv", { mode: 0o777 }))).toBe(false);
  });
});

test("parsePathSteps() reads the output of stat, ls and readlink", () => {
  const read = parsePathSteps({
    steps:
      "41ed\t0\t0\t2\troot\troot\t/\na1ff\t0\t0\t1\troot\troot\t/a b\n81b4\t1000\t4\t2\tUNKNOWN\tadm\t/c\n11b6\t0\t0\t1\troot\troot\t/p\n",
    links: "/a b\t/c\n",
    acl: "/c\n",
    locked: "/c\n",
    mounted: "/\n",
  });
  expect([...read.values()].map(({ path, type, mode }) => [path, type, mode])).toEqual([
    ["/", "directory", 0o755],
    ["/a b", "link", 0o777],
    ["/c", "file", 0o664],
    ["/p", "special", 0o666],
  ]);
  expect(read.get("/a b")?.target).toBe("/c");
  expect(read.get("/")?.mounted).toBe(true);
  expect(read.get("/c")).toMatchObject({ uid: 1000, user: "1000", hardLinks: 2, acl: true, locked: true });
});
