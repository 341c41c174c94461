/** The role deployer, without an engine: what it lets through, and what the engine gets. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME, OTHER } from "../../test/support/policy/engine.ts";
import { operations } from "../engine/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, defaultRole, type EngineLookup } from "./index.ts";
import { PARAMETERS } from "./roles/rules/deployer/query/parameters.ts";

const MINE = "1".repeat(64);
const THEIRS = "2".repeat(64);
const EXEC = "3".repeat(64);
const THEIR_EXEC = "4".repeat(64);
const [FORGED, FORGED_EXEC] = ["6".repeat(64), "7".repeat(64)];

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) => {
    if (["mine", "111111111111", MINE].includes(ref)) return containerOf(ME);
    if (["forged", FORGED].includes(ref)) return containerOf(ME, { id: FORGED, image: "labelled" });
    if (ref === "orphan") return containerOf(ME, { image: "gone" });
    if (["theirs", THEIRS].includes(ref)) return containerOf(OTHER, { id: THEIRS });
    return ref === "admins" ? containerOf(ME, { id: "5".repeat(64), labels: {} }) : null;
  },
  inspectImage: async (id) => {
    if (id === "gone") return null;
    return id === "labelled" ? { [OWNER_LABEL]: ME } : { a: "b" };
  },
  inspectExec: async (id) => {
    const of = (containerId: string) => ({ id, containerId, isPrivileged: false });
    if (id === EXEC) return of(MINE);
    return id === FORGED_EXEC ? of(FORGED) : id === THEIR_EXEC ? of(THEIRS) : null;
  },
};
const deployer = compileRole(defaultRole("deployer"));
const { ask } = askRole(deployer, engine);

async function sent(line: string, body: unknown = "", over: Partial<Asking> = {}) {
  const verdict = await ask(line, body, over);
  return verdict.allow
    ? { target: verdict.target, body: verdict.body.toString() }
    : expect.fail(verdict.reason);
}

async function why(line: string, body: unknown = "", over: Partial<Asking> = {}): Promise<string> {
  const verdict = await ask(line, body, over);
  return verdict.allow ? "allowed" : `${verdict.status ?? 403} ${verdict.rule} ${verdict.reason}`;
}

const CREATE = "POST /v1.41/containers/create";
const create = (body: unknown) => why(CREATE, body);

describe("create", () => {
  test("the engine gets canonical names, unchanged numbers, and the owner's label", async () => {
    const body =
      '{"image":"tiny","labels":{"a":"b"},"HOSTCONFIG":{"memory":9007199254740993,"Binds":null,"Devices":[]}}';
    expect(await sent(`${CREATE}?name=web`, body)).toEqual({
      target: "/v1.41/containers/create?name=web",
      body: `{"Image":"tiny","Labels":{"a":"b","${OWNER_LABEL}":"${ME}"},"HostConfig":{"Memory":9007199254740993}}`,
    });
  });

  test("a refusal names the field, its value, the check, and what to change", async () => {
    expect(await create({ HostConfig: { Privileged: true } })).toBe(
      "403 deployer-create:privileged the role deployer may not call ContainerCreate: HostConfig.Privileged is true: " +
        "it is root on the host; leave out --privileged (check privileged)",
    );
  });

  test.each([
    [{ HostConfig: { privileged: true } }, "privileged"],
    ['{"HoſtConfig":{"Privileged":true}}', "privileged"],
    ['{"HostConfig":{"LIN\u212aS":["db:db"]}}', "links"],
    ['{"HostConfig":{},"hostconfig":{"Privileged":true}}', "appears twice"],
    ['{"HostConfig":{"Privileged":false,"privileged":true}}', "appears twice"],
    [{ Privileged: true }, "unknownField"],
    [{ Binds: ["/:/host"] }, "unknownField"],
    [{ HostConfig: { NewField: 1 } }, "unknownField"],
    [{ HostConfig: { MaskedPaths: [] } }, "procMount"],
    [{ HostConfig: { CapAdd: ["SYS_ADMIN"] } }, "capabilities"],
    [{ HostConfig: { CapAdd: ["ALL"] } }, "capabilities"],
    [{ HostConfig: { CapAdd: ["ſETUID"] } }, "capabilities"],
    [{ HostConfig: { NetworkMode: "container:x" } }, "hostNamespaces"],
    [{ HostConfig: { Mounts: [null] } }, "null"],
    [{ HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "80" }] } } }, "hostPorts"],
    [{ HostConfig: { PortBindings: { "80/tcp": [{ HostPort: "80-9000" }] } } }, "hostPorts"],
    [{ HostConfig: { PortBindings: { "80/tcp": [{ hostport: "80" }] } } }, "json"],
    [{ HostConfig: { CpusetCpus: "0-8191,".repeat(200) } }, "cpuset"],
    [{ HostConfig: { Tmpfs: { "/proc": "" } } }, "mountTargets"],
    [{ HostConfig: { Tmpfs: { "/x/../proc": "" } } }, "mountTargets"],
    [{ HostConfig: { Tmpfs: { "/x": "shared" } } }, "mountTargets"],
    [{ Volumes: { "/:/host": {} } }, "mountTargets"],
    [{ Labels: { [OWNER_LABEL]: OTHER } }, "ownerLabel"],
    [{ Labels: { "IO.tetherdock.owner": ME } }, "ownerLabel"],
    [{ Image: 1 }, "json"],
    ["", "(check json)"],
    ["[]", "json"],
    ["null", "json"],
  ])("%j is refused: %s", async (body, check) => {
    expect(await create(body)).toMatch(check);
  });

  test.each<[string, Partial<Asking>]>([
    ["a Content-Encoding", { contentEncoding: ["gzip"] }],
    ["no Content-Type", { contentType: [] }],
    ["another Content-Type", { contentType: ["application/x-www-form-urlencoded"] }],
    ["another charset", { contentType: ["application/json; charset=utf-16"] }],
    ["two Content-Types", { contentType: ["application/json", "application/json"] }],
    ["no key", { owner: null }],
  ])("%s is refused", async (_what, over) => {
    expect(await why(CREATE, "{}", over)).toMatch(/^403 deployer-create:/);
  });

  test.each([
    ["?name=a&name=b"],
    ["?name=a;b=c"],
    ["?Name=a"],
    ["?name=%zz"],
    ["?checkpoint=x"],
    [`?name=${MINE}`],
    ["?name=222222222222"],
    ["?name=a%2Fb"],
  ])("the query %s is refused", async (query) => {
    expect(await why(CREATE + query, "{}")).toMatch(/check (?:query|name)/);
  });

  test("a body from docker run is allowed", async () => {
    const host = {
      ...{ Binds: null, ContainerIDFile: "", LogConfig: { Type: "", Config: {} }, NetworkMode: "default" },
      ...{
        PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
        AutoRemove: true,
        ConsoleSize: [0, 0],
      },
      ...{ CapAdd: ["NET_RAW", "cap_chown"], IpcMode: "", OomKillDisable: false, MemorySwappiness: -1 },
      ...{ RestartPolicy: { Name: "no", MaximumRetryCount: 0 }, MaskedPaths: null, Isolation: "" },
      ...{ Mounts: [{ Type: "volume", Target: "/data" }], Tmpfs: { "/run": "rw,size=64m" }, Dns: [] },
    };
    const endpoint = {
      IPAMConfig: null,
      Links: null,
      Aliases: null,
      MacAddress: "",
      GwPriority: 0,
      IPPrefixLen: 0,
    };
    const networking = { EndpointsConfig: { default: endpoint } };
    const body = {
      Image: "tiny",
      Cmd: ["sh"],
      Tty: true,
      Volumes: { "/data": {} },
      HostConfig: host,
      NetworkingConfig: networking,
    };
    expect(JSON.parse((await sent(CREATE, body)).body)).toMatchObject({
      Image: "tiny",
      Labels: { [OWNER_LABEL]: ME },
      NetworkingConfig: { EndpointsConfig: { default: {} } },
    });
  });
});

describe("a client's own containers", () => {
  test.each([
    ["POST /v1.41/containers/mine/start", `/v1.41/containers/${MINE}/start`],
    ["POST /containers/111111111111/kill?signal=9", `/containers/${MINE}/kill?signal=9`],
    [
      "GET /v1.41/containers/mine/logs?stdout=1&tail=a%20b",
      `/v1.41/containers/${MINE}/logs?stdout=1&tail=a%20b`,
    ],
    ["DELETE /v1.41/containers/mine?v=1&force=1", `/v1.41/containers/${MINE}?v=1&force=1`],
    ["GET /v1.41/containers/mine/json", `/v1.41/containers/${MINE}/json`],
    [`GET /v1.41/exec/${EXEC}/json`, `/v1.41/exec/${EXEC}/json`],
    [`POST /v1.41/exec/${EXEC}/resize?h=1&w=2`, `/v1.41/exec/${EXEC}/resize?h=1&w=2`],
  ])("%s acts on the full id", async (line, target) => {
    expect(await sent(line)).toEqual({ target, body: "" });
  });

  test.each([
    ["POST /containers/theirs/start"],
    ["POST /containers/admins/start"],
    ["POST /containers/nobody/start"],
    [`DELETE /containers/${THEIRS}`],
    ["GET /containers/a/b/json"],
    [`GET /exec/${THEIR_EXEC}/json`],
    ["GET /exec/3333/json"],
  ])("%s: there is no such thing", async (line) => {
    expect(await why(line)).toMatch(/^404 deployer-own No such (?:container|exec instance): \S+$/);
  });

  test.each([
    ["POST /containers/forged/exec", { Cmd: ["sh"] }, "its image also has the label"],
    ["DELETE /containers/forged", "", "its image also has the label"],
    [`POST /exec/${FORGED_EXEC}/start`, {}, "its image also has the label"],
    ["POST /containers/orphan/start", "", "its image is gone, so its owner"],
  ])("%s: a label that the image has, or could have had, proves nothing", async (line, body, reason) => {
    expect(await why(line, body)).toMatch(/^403 .*\(check owner\)$/);
    expect(await why(line, body)).toContain(reason);
  });

  test("an exec's body is judged before its container is looked up", async () => {
    const line = "POST /v1.41/containers/mine/exec";
    expect(await sent(line, { cmd: ["sh"], Privileged: false })).toEqual({
      target: `/v1.41/containers/${MINE}/exec`,
      body: '{"Cmd":["sh"]}',
    });
    expect(await why(line, { Privileged: true })).toContain("check privileged");
    expect(await why("POST /containers/theirs/exec", { Cmd: ["sh"] })).toMatch(/^404 /);
    expect(await why(`POST /exec/${THEIR_EXEC}/start`, { Tty: true })).toMatch(/^404 /);
    expect(await sent(`POST /exec/${EXEC}/start`, { Tty: true })).toMatchObject({
      target: `/exec/${EXEC}/start`,
    });
  });

  test("only upgrades to tcp are allowed: an engine that accepts HTTP/2 would then accept any request", async () => {
    const attach = "POST /containers/mine/attach?stream=1";
    expect(await sent(attach, "", { upgrade: "tcp" })).toMatchObject({
      target: `/containers/${MINE}/attach?stream=1`,
    });
    for (const upgrade of ["h2c", "websocket", "tcp, h2c"]) {
      expect(await why(attach, "", { upgrade })).toContain("check upgrade");
      expect(await why(`POST /exec/${EXEC}/start`, { Tty: true }, { upgrade })).toContain("check upgrade");
    }
  });

  test("the engine is sent no body for operations that have none", async () => {
    for (const body of ["", "{}", " null "])
      expect(await sent("POST /containers/mine/start", body)).toMatchObject({ body: "" });
    expect(await why("POST /containers/mine/start", { Binds: ["/:/h"] })).toContain("check body");
  });

  test.each([
    ["POST /containers/mine/start?checkpoint-dir=/"],
    ["DELETE /containers/mine?link=1"],
    // Go does not trim a byte order mark
    ["DELETE /containers/mine?link=%EF%BB%BF"],
    ["DELETE /containers/mine?link=%EF%BB%BF0"],
    ["POST /containers/mine/rename?name=222222222222"],
    ["POST /images/create?fromSrc=-&repo=x"],
    ["POST /images/create?fromImage=&tag=x"],
    ["POST /images/create?fromImage=x&changes=LABEL%20a=b"],
    ["GET /containers/json?filters=%7B%22since%22%3A%5B%22theirs%22%5D%7D"],
    ["GET /containers/json?filters=%7B%22label%22%3A%22a%22%7D"],
    ["GET /containers/json?filters=%7B%22label%22%3A%5B1%5D%7D"],
    ["GET /containers/json?filters=%7B%22label%22%3A%7B%22a%22%3A%22b%22%7D%7D"],
  ])("%s is refused by its query", async (line) => {
    expect(await why(line)).toMatch(/^403 .*\(check \w+\)$/);
  });

  test("a list shows only the client's own containers, and its limit counts only those", async () => {
    const verdict = await ask("GET /v1.41/containers/json?limit=1&filters=%7B%7D");
    const filters = encodeURIComponent(`{"label":{"${OWNER_LABEL}=${ME}":true}}`);
    expect(verdict).toMatchObject({ target: `/v1.41/containers/json?filters=${filters}&all=1` });
    const all = [OTHER, ME, ME].map((owner, Id) => ({ Id, Labels: { [OWNER_LABEL]: owner } }));
    expect(verdict.allow && verdict.answer?.mark.show([{ Labels: null }, null, ...all])).toEqual([all[1]]);
    const whole = await ask("GET /containers/json");
    expect(whole.allow && whole.answer?.mark.show(all)).toEqual(all.slice(1));
  });
});

test("these operations are allowed, and every refusal says why", () => {
  const open = operations.filter((operation) => deployer.decisions.get(operation)?.allow === true);
  expect(open.map(({ name }) => name).toSorted()).toEqual([
    ...["ImageInspect", "ImageList", "SystemInfo", "SystemPing", "SystemPingHead", "SystemVersion"],
  ]);
  const judged = operations.filter((operation) => deployer.decisions.get(operation)?.allow === null);
  expect(judged.map(({ name }) => name).toSorted()).toEqual(
    [...Object.keys(PARAMETERS), "Grpc", "ImageBuild", "Session"].toSorted(),
  );
  for (const operation of operations) {
    const decision = deployer.decisions.get(operation);
    if (decision?.allow === false)
      expect(decision.reason).toMatch(/^the role deployer may not call \w+: \S.{12}/);
  }
});
