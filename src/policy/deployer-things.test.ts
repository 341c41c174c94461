/** Named volumes of the role deployer, without an engine: what is asked of it, in which order, and what it gets. */
import { beforeEach, describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup, type Labels } from "./index.ts";

const MINE = "1".repeat(64);
const FILTERS = encodeURIComponent(`{"label":{"${OWNER_LABEL}=${ME}":true}}`);

/** What the engine has, and what it was asked to create. */
let volumes: Map<string, Labels>;
let made: string[];

beforeEach(() => {
  volumes = new Map([
    ["mine", { [OWNER_LABEL]: ME }],
    ["theirs", { [OWNER_LABEL]: OTHER }],
    ["admins", {}],
  ]);
  made = [];
});

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => {
    if (ref === "web") return containerOf(ME, { volumes: ["mine"] });
    return ref === "raced" ? containerOf(ME, { volumes: ["mine", "theirs"] }) : null;
  },
  inspectImage: async () => ({}),
  inspectVolume: async (name) => volumes.get(name) ?? null,
  createVolume: async (name, labels) => {
    made.push(name);
    // somebody else was faster
    if (name === "snatched") return { [OWNER_LABEL]: OTHER };
    return name === "conflict" ? null : labels;
  },
};
const { sent, why, shown } = askRole(compileRole(defaultRole("deployer")), engine);

const CREATE = "POST /v1.41/containers/create";
const binds = (...Binds: string[]) => ({ Image: "tiny", HostConfig: { Binds } });

test("a container that publishes more than 128 ports is not started: Docker runs two processes on the host for each", async () => {
  let published = 128;
  const one = {
    ...emptyEngine,
    inspectImage: async () => ({}),
    inspectContainer: async () => containerOf(ME, { published }),
    version: async () => "29.7.0",
  };
  const asked = askRole(compileRole(defaultRole("deployer")), one);
  expect(await asked.sent("POST /v1.41/containers/web/start")).toMatchObject({
    target: `/v1.41/containers/${MINE}/start`,
  });
  published = 129;
  expect(await asked.why("POST /v1.41/containers/web/start")).toContain("it publishes 129 ports");
  expect(await asked.why("GET /v1.41/containers/web/archive?path=/etc"), "docker cp runs nothing").toBe(
    "allowed",
  );
});

describe("a container's volumes", () => {
  test("one that does not exist is created with the owner's label before the engine would create it without", async () => {
    const body = { HostConfig: { ...binds("new:/data", "mine:/more:ro,z").HostConfig } };
    const Mounts = [{ Type: "volume", Source: "other", Target: "/o", VolumeOptions: { NoCopy: true } }];
    expect(await sent(CREATE, { HostConfig: { ...body.HostConfig, Mounts } })).toEqual({
      target: "/v1.41/containers/create",
      body: {
        HostConfig: { Binds: ["new:/data", "mine:/more:ro,z"], Mounts },
        Labels: { [OWNER_LABEL]: ME },
      },
    });
    expect(made).toEqual(["new", "other"]);
  });

  test.each([["theirs"], ["admins"], ["snatched"], ["conflict"]])(
    "%s is somebody else's: told as taken and nothing more",
    async (name) => {
      expect(await why(CREATE, binds(`${name}:/data`))).toBe(
        `403 the role deployer may not call ContainerCreate: the volume name ${name} is taken; use another name (check volumeName)`,
      );
      expect(await why("POST /volumes/create", { Name: name })).toContain(`the volume name ${name} is taken`);
    },
  );

  test.each([
    ["/:/host"],
    ["/var/run/docker.sock:/s"],
    [".:/host"],
    ["../x:/host"],
    ["a/b:/host"],
    ["/data"],
    ["new:data"],
    ["new:/proc"],
    ["new:/a/../proc"],
    ["new:/data:rshared"],
    ["new:/data:ro,bind"],
    ["new:/data:"],
    ["new:/data:ro:x"],
    ["n:/data"],
  ])("the bind %s is refused", async (bind) => {
    expect(await why(CREATE, binds("mine:/x", bind))).toContain("check hostPathVolumes");
    expect(made).toEqual([]);
  });

  test("no volume is created for a body that is refused, and a container names at most 32", async () => {
    const privileged = { HostConfig: { Binds: ["new:/data"], Privileged: true } };
    expect(await why(CREATE, privileged)).toContain("check privileged");
    const many = Array.from({ length: 33 }, (_, at) => `v${at}:/v${at}`);
    expect(await why(CREATE, binds(...many))).toContain("use at most 32");
    expect(made).toEqual([]);
  });

  test("a volume whose name looks like an ID is not created for a container", async () => {
    expect(await why(CREATE, binds(`${"c".repeat(64)}:/data`))).toMatch(
      /^403 .*you have no volume c+, and .*\(check name\)$/,
    );
    expect(made).toEqual([]);
  });

  test("a container starts only if its volumes are still the owner's: until it was created, a name could change hands", async () => {
    for (const call of ["start", "restart"]) {
      expect(await sent(`POST /containers/web/${call}`)).toEqual({
        target: `/containers/${MINE}/${call}`,
        body: null,
      });
      expect(await why(`POST /containers/raced/${call}`)).toContain("its volume theirs is not yours");
      expect(await why(`POST /containers/nobody/${call}`)).toMatch(/^404 /);
    }
    volumes.delete("mine");
    expect(await why("POST /containers/web/start")).toContain("its volume mine is not yours");
  });
});

describe("volumes", () => {
  test("create asks for the driver local and the owner's label", async () => {
    const body = { Name: "new", Driver: "", DriverOpts: {}, Labels: { a: "b" }, ClusterVolumeSpec: null };
    const expected = { Name: "new", Driver: "local", Labels: { a: "b", [OWNER_LABEL]: ME } };
    expect(await sent("POST /v1.45/volumes/create", body)).toEqual({
      target: "/v1.45/volumes/create",
      body: expected,
    });
    expect(made).toEqual(["new"]);
    for (const anonymous of [{}, { Name: "" }])
      expect((await sent("POST /volumes/create", anonymous)).body).toMatchObject({
        Driver: "local",
        Labels: { [OWNER_LABEL]: ME },
      });
    expect(made, "the engine chooses a name").toEqual(["new"]);
  });

  test.each([
    [{ Name: "x1", DriverOpts: { type: "none", o: "bind", device: "/" } }, "volumeDriver"],
    [{ Name: "x1", driveropts: { type: "nfs" } }, "volumeDriver"],
    [{ Name: "x1", Driver: "sshfs" }, "volumeDriver"],
    [{ Name: "x1", ClusterVolumeSpec: { Group: "g" } }, "volumeDriver"],
    [{ Name: "x1", Labels: { [OWNER_LABEL]: OTHER } }, "ownerLabel"],
    [{ Name: "a".repeat(64) }, "name"],
    [{ Name: "a/b" }, "name"],
    [{ Name: "x1", Strange: 1 }, "unknownField"],
  ])("%j is refused: %s", async (body, check) => {
    expect(await why("POST /volumes/create", body)).toContain(`(check ${check})`);
    expect(made).toEqual([]);
  });

  test("inspect and remove act on the owner's only; force would also remove a cluster volume of that name", async () => {
    expect(await sent("GET /v1.41/volumes/mine")).toEqual({ target: "/v1.41/volumes/mine", body: null });
    expect(await sent("DELETE /v1.42/volumes/mine?force=1")).toEqual({
      target: "/v1.42/volumes/mine",
      body: null,
    });
    for (const name of ["theirs", "admins", "none", "a%2Fb"])
      for (const method of ["GET", "DELETE"])
        expect(await why(`${method} /volumes/${name}`)).toMatch(/^404 No such volume: \S+$/);
  });

  test("answers show only the owner's volumes, also if a name has become another's meanwhile", async () => {
    const [own, other] = [{ Labels: { [OWNER_LABEL]: ME } }, { Labels: { [OWNER_LABEL]: OTHER } }];
    expect(await shown("GET /volumes/mine", own)).toBe(own);
    expect(await shown("GET /volumes/mine", other)).toBeNull();
    expect(await shown("POST /volumes/create", other, { Name: "new" })).toBeNull();
    const answer = { Volumes: [own, other, { Labels: null }, null], Warnings: ["of a driver"] };
    expect(await shown("GET /volumes", answer)).toEqual({ Volumes: [own], Warnings: null });
    for (const odd of [null, "text", { Volumes: { 0: own } }])
      expect(await shown("GET /volumes", odd)).toEqual({ Volumes: [], Warnings: null });
    expect(await shown("GET /volumes", { Volumes: null })).toEqual({ Volumes: [], Warnings: null });
  });

  test.each([["GET /v1.41/volumes"], ["POST /v1.41/volumes/prune"]])(
    "%s is for the owner's label",
    async (line) => {
      const [, path] = line.split(" ");
      expect(await sent(line)).toEqual({ target: `${path}?filters=${FILTERS}`, body: null });
      const wider = encodeURIComponent(
        JSON.stringify({ label: [`${OWNER_LABEL}=${OTHER}`], "label!": ["x"] }),
      );
      const { target } = await sent(`${line}?filters=${wider}`);
      expect(JSON.parse(decodeURIComponent(target?.split("filters=")[1] ?? ""))).toEqual({
        label: { [`${OWNER_LABEL}=${OTHER}`]: true, [`${OWNER_LABEL}=${ME}`]: true },
        "label!": { x: true },
      });
      expect(await why(`${line}?filters=%7B%22label%22%3A1%7D`)).toContain("check filters");
      expect(await why(`${line}?all=1`)).toContain("check query");
    },
  );
});
