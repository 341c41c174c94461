/** Paths of the host that a role file permits: which binds pass, what the engine gets, and every way to ask for more. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { json } from "../base/index.ts";
import { readOwnRole } from "./file/compile-role-file.ts";
import { compileRole, defaultRole, type Role } from "./index.ts";

const BINDS = [{ path: "/srv/shop" }, { path: "/srv/conf/shop.yaml", readOnly: true }];

function roleOf(binds: unknown, more: object = {}): Role | readonly string[] {
  const source = { version: 1, name: "shop-team", extends: "deployer", binds, ...more };
  const read = json.read(JSON.stringify(source), readOwnRole);
  return "value" in read ? read.value.role : read.problems;
}

function roleWith(binds: unknown, more: object = {}): Role {
  const role = roleOf(binds, more);
  return "decisions" in role ? role : expect.fail(role.join());
}

const CREATE = "POST /v1.41/containers/create";
const { sent, why } = askRole(roleWith(BINDS));
const withHost = (HostConfig: object) => ({ Image: "tiny", HostConfig });
const bound = (...Binds: string[]) => withHost({ Binds });
const mounted = (mount: object) => withHost({ Mounts: [{ Type: "bind", Target: "/data", ...mount }] });

const mount = (Source: string, ReadOnly: boolean, NonRecursive = ReadOnly) => ({
  ...{ Type: "bind", Source, Target: "/data", ReadOnly, BindOptions: { NonRecursive } },
});

describe("what passes, and what the engine gets", () => {
  test.each([
    ["-v", bound("/srv/shop:/data"), mount("/srv/shop", false)],
    ["-v with options", bound("/srv/shop:/data:rw,rprivate,cached"), mount("/srv/shop", false)],
    ["-v with a slash at the end", bound("/srv//shop/:/data"), mount("/srv/shop", false)],
    ["a folder, read-only", bound("/srv/shop:/data:ro"), mount("/srv/shop", true)],
    ["a file, read-only", bound("/srv/conf/shop.yaml:/data:ro"), mount("/srv/conf/shop.yaml", true)],
    ["--mount", mounted({ Source: "/srv/shop" }), mount("/srv/shop", false)],
    [
      "--mount with options",
      mounted({
        Source: "/srv/shop",
        BindOptions: { Propagation: "rprivate", NonRecursive: true, CreateMountpoint: true },
      }),
      mount("/srv/shop", false, true),
    ],
    ["--mount, read-only", mounted({ Source: "/srv/shop", ReadOnly: true }), mount("/srv/shop", true)],
  ])("%s", async (_name, body, expected) => {
    const { body: got } = await sent(CREATE, body);
    expect(got).toMatchObject({ HostConfig: { Mounts: [expected] } });
    expect((got as { HostConfig: { Binds?: unknown } }).HostConfig.Binds ?? []).toEqual([]);
  });
});

describe("what is refused", () => {
  test.each([
    ["what is in the folder: it may be a link", bound("/srv/shop/link:/data")],
    ["the folder around it", bound("/srv:/data")],
    ["a longer name", bound("/srv/shop2:/data")],
    ["dots", bound("/srv/shop/../..:/data")],
    ["one dot", bound("/srv/./shop:/data")],
    ["another case", bound("/srv/Shop:/data")],
    ["a file that is read-only, to write", bound("/srv/conf/shop.yaml:/data")],
    ["ro and rw", bound("/srv/conf/shop.yaml:/data:ro,rw")],
    ["shared propagation", bound("/srv/shop:/data:rshared")],
    ["slave propagation", bound("/srv/shop:/data:rslave")],
    ["labels of SELinux", bound("/srv/shop:/data:z")],
    ["labels of SELinux for one container", bound("/srv/shop:/data:Z")],
    ["a target in /proc", bound("/srv/shop:/proc/self")],
    ["a source without a target", bound("/srv/shop")],
    ["a fourth part", bound("/srv/shop:/data:rw:x")],
    ["a second bind", bound("/srv/shop:/data", "/:/host")],
    ["a mount of what is in the folder", mounted({ Source: "/srv/shop/link" })],
    ["a mount that writes a read-only file", mounted({ Source: "/srv/conf/shop.yaml", ReadOnly: false })],
    ["a mount with a null for ReadOnly", mounted({ Source: "/srv/conf/shop.yaml", ReadOnly: null })],
    ["a mount with propagation", mounted({ Source: "/srv/shop", BindOptions: { Propagation: "shared" } })],
    [
      "a mount that is writable in part",
      mounted({ Source: "/srv/shop", BindOptions: { ReadOnlyNonRecursive: true } }),
    ],
    ["a bind mount of a volume's name", mounted({ Source: "data" })],
    ["a bind mount without a source", mounted({})],
    ["a path as a volume", mounted({ Type: "volume", Source: "/srv/shop" })],
    ["a path without a type", mounted({ Type: "", Source: "/srv/shop" })],
    ["another type's case", mounted({ Type: "BIND", Source: "/srv/shop" })],
    ["a named pipe", mounted({ Type: "npipe", Source: "/srv/shop" })],
    ["an unknown option", mounted({ Source: "/srv/shop", BindOptions: { New: true } })],
  ])("%s", async (_name, body) => {
    expect(await why(CREATE, body)).toMatch(/check (?:hostPathVolumes|mountTargets|unknownField)/);
  });

  test("the refusal has the smallest change", async () => {
    expect(await why(CREATE, bound("/srv/shop/www:/data"))).toContain(
      "use -v /srv/shop:/path or -v /srv/conf/shop.yaml:/path:ro, or a volume (check hostPathVolumes)",
    );
  });

  test("an old API version, in which engines ignore NonRecursive and a read-only bind can be written below", async () => {
    for (const version of ["v1.25", "v1.39"])
      expect(await why(`POST /${version}/containers/create`, bound("/srv/shop:/data"))).toContain("API 1.40");
    await sent(`POST /v1.39/containers/create`, bound());
    await sent(`POST /containers/create`, bound("/srv/shop:/data"));
  });

  test.each([
    ["in it", "/srv", "shares files with Docker's data folder /srv,"],
    ["it", "/srv/shop", "shares files"],
    ["around it", "/srv/shop/docker/100000.100000", "shares files"],
    ["beside it", "/srv/shop2", "allowed"],
    ["unknown", "", "does not say where its data folder is"],
    ["of Windows", "C:\\ProgramData", "does not say"],
  ])("a folder that is %s, where Docker's data is", async (_where, data, answer) => {
    const engine = { ...emptyEngine, dataFolder: async () => data };
    const ask = (body: object) => askRole(roleWith(BINDS), engine).why(CREATE, body);
    expect(await ask(bound("/srv/shop:/data:ro"))).toContain(answer);
    expect(await ask(mounted({ Source: "/srv/shop" }))).toContain(answer);
    expect(await ask(bound("/srv/conf/shop.yaml:/data:ro", "/srv/shop:/more"))).toContain(answer);
    expect(await ask(bound("data:/data"))).not.toContain("data folder");
  });

  test("any path, in the roles that a file extends", async () => {
    for (const name of ["deployer", "operator"] as const)
      expect(await askRole(compileRole(defaultRole(name))).why(CREATE, bound("/srv/shop:/data"))).toContain(
        "host paths are root on the host",
      );
  });
});

describe("a container that was created before the role changed", () => {
  const engine = {
    ...emptyEngine,
    inspectImage: async () => ({}),
    inspectContainer: async () => ({
      ...containerOf(ME, { id: "1".repeat(64), volumes: [] }),
      mounts: [{ Type: "bind", Source: "/srv/shop", Destination: "/data", RW: true }],
    }),
  };
  const START = "POST /containers/web/start";

  test("starts while the role permits its binds", async () => {
    await askRole(roleWith(BINDS), engine).sent(START);
    await askRole(roleWith(BINDS, { extends: "operator" }), engine).sent(START);
  });

  test.each(["deployer", "operator"] as const)(
    "does not start as a %s where Docker's data is in its bind",
    async (name) => {
      const moved = { ...engine, dataFolder: async () => "/srv/shop/docker" };
      const asked = askRole(roleWith(BINDS, { extends: name }), moved);
      expect(await asked.why(START)).toContain("shares files with Docker's data folder /srv/shop/docker");
    },
  );

  test.each(["deployer", "operator"] as const)("does not start as a %s", async (name) => {
    const readOnly = [{ path: "/srv/shop", readOnly: true }];
    for (const role of [compileRole(defaultRole(name)), roleWith(readOnly, { extends: name })])
      expect(await askRole(role, engine).why(START)).toContain('does not permit its bind of "/srv/shop"');
  });
});

describe("a file with binds", () => {
  test.each([
    ["/", "absolute path"],
    ["srv", "absolute path"],
    ["/srv/", "absolute path"],
    ["/srv//shop", "absolute path"],
    ["/srv/../etc", "absolute path"],
    ["/srv/a:b", "absolute path"],
    ["/etc/shop", "is in /etc"],
    ["/var", "contains /var/run"],
    ["/var/lib", "contains /var/lib/docker"],
    ["/run/docker.sock", "is in /run"],
    ["/var/run/docker.sock", "is in /var/run"],
    ["/var/lib/docker/volumes/data/_data", "is in /var/lib/docker"],
    ["/proc/self/root/srv", "is in /proc"],
    ["/tmp/shop", "everybody can replace it"],
    ["/home", "home folder"],
    ["/home/anna", "home folder"],
    ["/home/anna/.ssh", "home folder"],
    ["/root/shop", "is in /root"],
    ["/opt", "contains /opt/containerd"],
    ["/opt/tetherdock/bin/tetherdock", "is in /opt/tetherdock"],
    ["/var/lib/tetherdock-gateway", "is in /var/lib/tetherdock-gateway"],
    ["/var/lib/private/tetherdock-gateway", "is in /var/lib/private"],
    ["/var/lib/incus/unix.socket", "is in /var/lib/incus"],
    ["/sysroot/ostree", "is in /sysroot"],
    ["/var/roothome/.ssh", "is in /var/roothome"],
    ["/var/home/anna/.ssh", "home folder"],
  ])("%s is refused", (path, text) => {
    expect(roleOf([{ path }])).toEqual([expect.stringContaining(text)]);
    expect(roleOf([{ path, readOnly: true }])).toEqual([expect.stringContaining(text)]);
  });

  test.each(["/var/log", "/var/log/journal", "/var/log/tetherdock-gateway", "/var/mail/anna"])(
    "%s may only be read: root writes there",
    (path) => {
      expect(roleOf([{ path }])).toEqual([expect.stringContaining(`(${path}) is written by root`)]);
      expect(roleOf([{ path, readOnly: true }])).toHaveProperty("decisions");
    },
  );

  test("a service's own folder for logs may be written", () => {
    expect(roleOf([{ path: "/var/log/shop" }])).toHaveProperty("decisions");
  });

  test("nothing may be in a folder that containers write: they could replace it by a link", () => {
    const folder = { path: "/srv/shop" };
    for (const inner of [{ path: "/srv/shop/www" }, { path: "/srv/shop/www", readOnly: true }])
      expect(roleOf([inner, folder])).toEqual([expect.stringContaining("(/srv/shop/www) is in /srv/shop")]);
    expect(roleOf([folder, folder])).toEqual([expect.stringContaining("is there twice")]);
    expect(roleOf([{ path: "/srv", readOnly: true }, folder])).toHaveProperty("decisions");
    expect(roleOf([folder, { path: "/srv/shop-data" }])).toHaveProperty("decisions");
  });

  test("binds have no effect in a role that creates no containers, or unchecked ones", () => {
    expect(roleOf(BINDS, { extends: "viewer" })).toEqual([
      "binds has no effect: the role may not create containers",
    ]);
    const unchecked = { operations: { deny: [], allowAsRoot: ["ContainerCreate"] } };
    expect(roleOf(BINDS, unchecked)).toEqual([
      "binds has no effect: ContainerCreate in operations.allowAsRoot permits all binds",
    ]);
    expect(roleOf(BINDS, { extends: "viewer", operations: { allow: ["ContainerCreate"] } })).toHaveProperty(
      "decisions",
    );
  });

  test("one more entry never refuses a bind that was permitted", async () => {
    const more = askRole(roleWith([...BINDS, { path: "/srv/other" }]));
    for (const bind of ["/srv/shop:/data", "/srv/conf/shop.yaml:/data:ro", "/srv/other:/data"])
      await more.sent(CREATE, bound(bind));
    expect(await why(CREATE, bound("/srv/other:/data"))).toContain("check hostPathVolumes");
  });
});
