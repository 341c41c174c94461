/** Mounts of a new container: where, of what kind, with which options. */
import { describe, expect, test } from "vitest";
import { judgeBody } from "../judge-body.ts";
import { bodies } from "./index.ts";

/** @returns the check that refuses the body; "": none */
function checkOf(body: unknown): string {
  const judged = judgeBody(Buffer.from(JSON.stringify(body)), bodies.ContainerCreate);
  return Buffer.isBuffer(judged) ? "" : judged.check;
}
const ofHost = (HostConfig: object): string => checkOf({ HostConfig });

const GOOD_TARGETS = [
  "/data",
  "/a/b",
  "/dev/shm",
  "/dev/shm/",
  "//data",
  "/procs",
  "/x/proc",
  "/.a",
  "/a..b",
  "/a b",
];
const BAD_TARGETS = [
  ...[
    "",
    "/",
    "//",
    "data",
    "./data",
    "/a/..",
    "/..",
    "/a/../proc",
    "/.",
    "/a/./b",
    "/./proc",
    "/a\0b",
    "x/data",
  ],
  ...[
    "/proc",
    "//proc",
    "/proc/",
    "/proc/sys",
    "/sys",
    "/sys/fs/cgroup",
    "/dev",
    "/dev/",
    "/dev/mqueue",
    "/dev/shm/x",
  ],
  ...["/a:b", "/a:ro", ":/a", "/dev/shm/../null"],
];

describe("where volumes and tmpfs are mounted", () => {
  const places: Record<string, (target: string) => unknown> = {
    Volumes: (target) => ({ Volumes: { "/first": {}, [target]: {} } }),
    Tmpfs: (target) => ({ HostConfig: { Tmpfs: { "/first": "", [target]: "" } } }),
    Mounts: (Target) => ({
      HostConfig: {
        Mounts: [
          { Type: "volume", Target: "/first" },
          { Type: "tmpfs", Target },
        ],
      },
    }),
  };

  test.each(Object.keys(places))("%s", (name) => {
    const bodyOf = places[name] ?? expect.fail(name);
    const checks = (targets: readonly string[]) => targets.map((target) => [target, checkOf(bodyOf(target))]);
    expect(checks(GOOD_TARGETS)).toEqual(GOOD_TARGETS.map((target) => [target, ""]));
    expect(checks(BAD_TARGETS)).toEqual(BAD_TARGETS.map((target) => [target, "mountTargets"]));
  });

  test("a target that is not text, and values in Volumes, are no mounts", () => {
    expect(ofHost({ Mounts: [{ Type: "volume", Target: ["/a"] }] })).toBe("json");
    expect(checkOf({ Volumes: { "/a": {}, "/b": { Source: "/" } } })).toBe("json");
    expect(checkOf({ Volumes: ["/a"] })).toBe("json");
  });
});

describe("options of a tmpfs", () => {
  const ofTmpfs = (options: unknown): string => ofHost({ Tmpfs: { "/run": options } });

  test.each([
    ...["", "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "atime", "noatime", "diratime"],
    ...["nodiratime", "relatime", "strictatime", "size=64m", "size=50%", "mode=1777", "uid=1000", "gid=1000"],
    ...["nr_inodes=10k", "nr_blocks=10", "rw,noexec,size=64m", `size=${"1".repeat(20)}`],
  ])("%j is allowed", (options) => {
    expect(ofTmpfs(options)).toBe("");
  });

  test.each([
    ...[
      "shared",
      "rshared",
      "rslave",
      "bind",
      "rbind",
      "remount",
      "mand",
      "sync",
      "rx",
      "xro",
      "rox",
      "norelatime",
    ],
    ...[
      "rw,shared",
      "shared,rw",
      "rw,",
      ",",
      "size",
      "size=",
      "size=1%%",
      "size=1,bind",
      "xsize=1",
      "size=1 2",
    ],
    ...["size=a/b", "mpol=bind:0", "huge=always", "noro", "atimex", "RO", `size=${"1".repeat(21)}`],
  ])("%j is refused", (options) => {
    expect(ofTmpfs(options)).toBe("mountTargets");
  });

  test.each([[1], [true], [["ro"]], [null], [{}]])("%j is not text", (options) => {
    expect(ofTmpfs(options)).toBe("json");
  });
});

test("mounts are volumes or tmpfs, without options that are not judged", () => {
  const ofMount = (mount: object): string => ofHost({ Mounts: [{ Type: "volume", Target: "/a", ...mount }] });
  expect(ofMount({ ReadOnly: true, Consistency: "cached", VolumeOptions: { NoCopy: true } })).toBe("");
  expect(ofMount({ Type: "tmpfs", TmpfsOptions: { SizeBytes: 1, Mode: 511 } })).toBe("");
  for (const Type of ["bind", "npipe", "cluster", "image", "", "Volume"])
    expect([Type, ofMount({ Type })]).toEqual([Type, "hostPathVolumes"]);
  expect(ofMount({ Source: "/" })).toBe("hostPathVolumes");
  expect(ofMount({ BindOptions: { Propagation: "shared" } })).toBe("hostPathVolumes");
  expect(ofMount({ ImageOptions: { Subpath: "a" } })).toBe("hostPathVolumes");
  expect(ofMount({ ClusterOptions: { a: 1 } })).toBe("hostPathVolumes");
  expect(ofMount({ VolumeOptions: { Subpath: "a" } })).toBe("hostPathVolumes");
  expect(ofMount({ VolumeOptions: { Labels: { a: "b" } } })).toBe("ownerLabel");
  expect(ofMount({ VolumeOptions: { DriverConfig: { Name: "local" } } })).toBe("volumeDriver");
  expect(ofMount({ TmpfsOptions: { Options: [["exec"]] } })).toBe("mountTargets");
});
