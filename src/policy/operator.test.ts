/** The role operator, without an engine: what it may do with everybody's containers, and which it may not enter. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { CONFINED, containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { tar } from "../../test/support/tar.ts";
import { operations } from "../engine/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, defaultRole, type EngineLookup, type FoundContainer } from "./index.ts";

const ID = "1".repeat(64);
const EXEC = "3".repeat(64);
const ROOTS_EXEC = "4".repeat(64);
const PRIVILEGED_EXEC = "5".repeat(64);
const plain = containerOf(ME, { labels: {}, ...CONFINED });
const roots: FoundContainer = { ...plain, hostConfig: { ...CONFINED.hostConfig, Privileged: true } };
const CONTAINERS: Readonly<Record<string, FoundContainer>> = { plain, roots, [ID]: plain };

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => CONTAINERS[ref] ?? null,
  inspectExec: async (id) => {
    if (id === ROOTS_EXEC) return { id, containerId: "roots", isPrivileged: false };
    if (id === PRIVILEGED_EXEC) return { id, containerId: ID, isPrivileged: true };
    return id === EXEC ? { id, containerId: ID, isPrivileged: false } : null;
  },
  inspectImage: async () => ({}),
};
const operator = compileRole(defaultRole("operator"));
const { ask, verdictOn } = askRole(operator, engine);

function words(text: string): string[] {
  return text.split(" ");
}

async function said(line: string, body: unknown = "", over: Partial<Asking> = {}): Promise<string> {
  const verdict = await verdictOn(line, body, over);
  return verdict.allow ? (verdict.target ?? "allowed") : `${verdict.status ?? 403} ${verdict.reason}`;
}

describe("everybody's things", () => {
  test.each([
    ["POST /v1.41/containers/roots/stop?t=3", "/v1.41/containers/roots/stop?t=3"],
    ["POST /containers/roots/start", `/containers/${ID}/start`],
    ["POST /containers/roots/restart", `/containers/${ID}/restart`],
    ["DELETE /containers/roots?force=1&v=1", "/containers/roots?force=1&v=1"],
    ["POST /containers/prune?filters=%7B%7D", "/containers/prune?filters=%7B%7D"],
    ["POST /volumes/prune", "/volumes/prune"],
    ["DELETE /images/a.example/b/c?force=1", "/images/a.example%2Fb%2Fc?force=1"],
    ["GET /containers/roots/top?ps_args=aux", "/containers/roots/top?ps_args=aux%20--cols%204096"],
    ["GET /containers/json?all=1", "allowed"],
    ["GET /containers/roots/json", "allowed"],
    ["GET /containers/roots/logs?stdout=1", "allowed"],
  ])("%s is allowed", async (line, target) => {
    expect(await said(line)).toBe(target);
  });

  test.each([
    ["POST /containers/roots/start?checkpoint=x", "check query"],
    ["DELETE /containers/roots?link=1", "check query"],
    ["GET /containers/roots/top?ps_args=eww", "check psArguments"],
    ["POST /containers/plain/rename?name=222222222222", "check name"],
    ["POST /commit?container=plain", "is not judged yet"],
    ["POST /build", "who may remove an image could build another under its name"],
    ["POST /grpc", "builds are not part of the role"],
    ["GET /swarm", "tokens"],
    ["POST /plugins/pull?remote=x", "not part of the role"],
  ])("%s is refused", async (line, why) => {
    expect(await said(line)).toMatch(/^403 the role operator may not call /);
    expect(await said(line)).toContain(why);
  });
});

describe("entering a container", () => {
  test.each([
    ["POST /containers/plain/exec", { Cmd: ["sh"] }, `/containers/${ID}/exec`],
    [`POST /exec/${EXEC}/start`, { Tty: true }, `/exec/${EXEC}/start`],
    ["POST /containers/plain/attach?stream=1", "", `/containers/${ID}/attach?stream=1`],
  ])("%s is allowed, on the id that was inspected", async (line, body, target) => {
    expect(await said(line, body)).toBe(target);
  });

  test.each([
    ["POST /containers/roots/exec", { Cmd: ["sh"] }],
    [`POST /exec/${ROOTS_EXEC}/start`, { Tty: true }],
    ["POST /containers/roots/attach?stream=1", ""],
  ])("%s: root in it is root on the host", async (line, body) => {
    expect(await said(line, body)).toMatch(
      /root in this container is root on the host: HostConfig\.Privileged is true; ask an admin \(check privileged\)$/,
    );
  });

  test("a privileged exec that somebody else created is not started", async () => {
    expect(await said(`POST /exec/${PRIVILEGED_EXEC}/start`, {})).toContain("the exec is privileged");
    expect(await said("POST /containers/plain/exec", { Privileged: true })).toContain("check privileged");
  });

  test.each([
    ["POST /containers/none/exec", { Cmd: [] }],
    [`POST /exec/${"9".repeat(64)}/start`, {}],
  ])("%s: there is no such thing", async (line, body) => {
    expect(await said(line, body)).toMatch(/^404 No such /);
  });

  test("an upgrade to another protocol is refused", async () => {
    expect(await said("POST /containers/plain/attach?stream=1", "", { upgrade: "h2c" })).toContain(
      "check upgrade",
    );
  });
});

describe("docker cp", () => {
  const ARCHIVE = Buffer.from(tar({ "a.txt": "hello" }), "latin1");
  const copy = (line: string, version: string, body: Buffer | string = "") =>
    said(line, body, {
      contentType: ["application/x-tar"],
      engine: { ...engine, version: async () => version },
    });
  const READ = "containers/plain/archive?path=/etc";

  test("copies from and to anybody's container, by its full ID, on a safe engine", async () => {
    expect(await copy(`GET /${READ}`, "29.7.0")).toBe(`/containers/${ID}/archive?path=%2Fetc`);
    expect(await copy(`HEAD /${READ}`, "29.7.0")).toBe(`/containers/${ID}/archive?path=%2Fetc`);
    expect(await copy(`PUT /${READ}`, "29.7.0", ARCHIVE)).toBe(`/containers/${ID}/archive?path=%2Fetc`);
  });

  test("is refused if root in the container is root on the host, on a vulnerable engine, and for a compressed archive", async () => {
    for (const method of ["GET", "HEAD", "PUT"]) {
      const body = method === "PUT" ? ARCHIVE : "";
      const roots = `${method} /containers/roots/archive?path=/`;
      expect(await copy(roots, "29.7.0", body)).toMatch(/Privileged is true; .*\(check privileged\)$/);
      expect(await copy(`${method} /${READ}`, "26.1.5", body)).toContain("check engineAdvisory");
      expect(await copy(`${method} /containers/none/archive?path=/`, "29.7.0", body)).toMatch(/^404 /);
    }
    expect(await copy(`PUT /${READ}`, "29.7.0", "\x1f\x8b compressed")).toContain("check archive");
  });
});

test("it creates what a deployer may, with its own label", async () => {
  const verdict = await ask("POST /containers/create?name=web", { Image: "tiny" });
  expect(verdict.allow && JSON.parse(verdict.body.toString())).toEqual({
    ...{ Image: "tiny", Labels: { [OWNER_LABEL]: ME } },
  });
  expect(await said("POST /containers/create", { HostConfig: { Binds: ["/:/host"] } })).toContain(
    "hostPathVolumes",
  );
});

test("these writes are allowed, and no others", () => {
  const open = operations.filter(
    (operation) => operation.kind === "write" && operator.decisions.get(operation)?.allow !== false,
  );
  expect(open.map(({ name }) => name).toSorted()).toEqual([
    ...words(
      "BuildPrune ContainerAttach ContainerCreate ContainerDelete ContainerExec ContainerKill ContainerPause",
    ),
    ...words("ContainerPrune ContainerRename ContainerResize ContainerRestart ContainerStart ContainerStop"),
    ...words("ContainerUnpause ContainerUpdate ExecResize ExecStart ImageCreate ImageDelete ImagePrune"),
    ...words(
      "NetworkConnect NetworkCreate NetworkDelete NetworkDisconnect NetworkPrune PutContainerArchive VolumeCreate VolumeDelete VolumePrune",
    ),
  ]);
});
