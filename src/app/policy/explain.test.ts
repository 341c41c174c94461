/** Roles judge what a command has sent, without an engine: explain, test and diff. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { tar } from "../../../test/support/tar.ts";
import type { SentRequest } from "../../engine/index.ts";
import { compileRole, defaultRole } from "../../policy/index.ts";
import { compareRoles } from "./compare.ts";
import { explainCommand } from "./explain.ts";
import { builtInRole, roleInFile } from "./find-role.ts";
import type { RecordPorts } from "./ports.ts";
import { runCases } from "./run-cases.ts";

const ROLE = `version: 1
name: web-team
extends: deployer
operations: {deny: [ContainerExec]}
limits: {images: {allow: [nginx]}}
`;

const sent = (line: string, body?: object): SentRequest => {
  const [method = "", target = ""] = line.split(" ");
  const text = body === undefined ? "" : JSON.stringify(body);
  const contentType = body === undefined ? [] : ["application/json"];
  return { method, target, body: Buffer.from(text), contentType, contentEncoding: [], upgrade: "" };
};

/** `docker create IMAGE` sends a ping and a create. */
function stage(files: Readonly<Record<string, string>> = {}): RecordPorts {
  return {
    readText: async (path) => files[path] ?? "",
    record: async ([, , image = ""]) => ({
      requests:
        image === ""
          ? []
          : [
              sent("HEAD /_ping"),
              sent("HEAD /_ping"),
              sent("POST /v1.47/containers/create", { Image: image }),
            ],
      status: image === "fails" ? 1 : 0,
      stderr: "docker: no such thing\n",
    }),
  };
}

test.each(["builder", "deployer"] as const)(
  "a build that is recorded is judged for the %s as without buildx",
  async (name) => {
    const build = (query: string, text: string): SentRequest => ({
      ...sent(`POST /v1.47/build?t=web&${query}`),
      ...{ body: Buffer.from(tar({ Dockerfile: text })), contentType: ["application/x-tar"] },
    });
    const requests = [
      build("", "FROM a"),
      build("networkmode=host", "FROM a"),
      build("", "FROM a\nADD http://a /"),
    ];
    const ports = { ...stage(), record: async () => ({ requests, status: 0, stderr: "" }) };
    expect(
      await explainCommand(ports, compileRole(defaultRole(name)), ["docker", "build", "."]),
    ).toMatchObject([
      { operation: "ImageBuild", allowed: true, rule: `${name}-build` },
      { allowed: false, rule: `${name}-build:hostNamespaces` },
      { allowed: false, rule: `${name}-build:dockerfile` },
    ]);
  },
);

const role = async () => (await roleInFile(stage({ "web.yaml": ROLE }), "web.yaml")).role;

test("each request is told once, with the rule and the reason", async () => {
  expect(await explainCommand(stage(), await role(), ["docker", "create", "evil"])).toEqual([
    {
      method: "HEAD",
      target: "/_ping",
      operation: "SystemPingHead",
      allowed: true,
      rule: "deployer-read",
      reason: null,
    },
    {
      ...{ method: "POST", target: "/v1.47/containers/create", operation: "ContainerCreate", allowed: false },
      rule: "role-limit:images",
      reason:
        'the role web-team may not call ContainerCreate: Image is "evil": use an image from nginx (limit images)',
    },
  ]);
});

test.each([
  ["sent nothing", ["docker", "create"], "docker create sent no request"],
  ["failed", ["docker", "create", "fails"], "docker create fails ended with status 1"],
])("a command that %s explains nothing", async (_what, command, message) => {
  const error = await failureOf(explainCommand(stage(), await role(), command));
  expect(error).toMatchObject({ code: "POLICY_COMMAND_FAILED", message, why: ['"docker: no such thing"'] });
});

test.each([
  [["sh", "-c", "docker ps"], "only docker and docker-compose are run"],
  [["./docker", "ps"], "only docker and docker-compose are run"],
  [[], "only docker and docker-compose are run"],
  [["docker", "-H", "ssh://prod", "rm", "web"], "-H could name another engine than the recording socket"],
  [["docker", "--context=prod", "rm", "web"], "--context could name another engine"],
  [["docker", "-c", "prod", "rm", "web"], "-c could name another engine"],
  [["docker", "compose", "-Hssh://prod", "down"], "-Hssh://prod could name another engine"],
  [["docker-compose", "-f", "a", "--host", "ssh://prod", "down"], "--host could name another engine"],
  [["docker", "buildx", "--builder", "remote", "prune"], "--builder could name another engine"],
])("%j is not run", async (command, why) => {
  const ports = { record: () => expect.fail("it was run") };
  const error = await failureOf(explainCommand(ports, await role(), command));
  expect(error).toMatchObject({ code: "POLICY_COMMAND_FAILED", why: [expect.stringContaining(why)] });
});

test("a program in a container has options of its own", async () => {
  const command = ["docker", "run", "nginx", "curl", "-H", "A: b", "--host", "c"];
  const requests = [sent("HEAD /_ping")];
  const ports = { record: async () => ({ requests, status: 0, stderr: "" }) };
  expect(await explainCommand(ports, await role(), command)).toMatchObject([{ allowed: true }]);
});

test("an unknown request is refused, and a body that is too large too", async () => {
  const ports = (request: SentRequest) => ({
    record: async () => ({ requests: [request], status: 0, stderr: "" }),
  });
  expect(await explainCommand(ports(sent("PATCH /x")), await role(), ["docker", "x"])).toMatchObject([
    { operation: null, allowed: false },
  ]);
  const large = sent("POST /containers/create", { Image: "x".repeat(300_000) });
  expect(await explainCommand(ports(large), await role(), ["docker", "x"])).toMatchObject([
    { rule: "too-large" },
  ]);
});

const CASES = `role: web.yaml
cases:
  - {run: docker create nginx, expect: allowed}
  - {run: [docker, create, evil], expect: refused, check: images}
  - {operation: ContainerExec, body: {Cmd: [sh]}, expect: refused}
  - {operation: ContainerCreate, target: /containers/create?name=a, body: {Image: nginx}, expect: refused}
  - {run: docker create evil, expect: allowed}
  - {run: docker create evil, expect: refused, check: ports}
  - {run: docker create fails, expect: refused}
`;

test("cases pass when what they expect happens, for the reason that they name", async () => {
  const ports = stage({ "cases.yaml": CASES, "web.yaml": ROLE });
  const results = await runCases(ports, "cases.yaml", async () => role());
  expect(results.map(({ passed }) => passed)).toEqual([true, true, true, false, false, false, false]);
  expect(results.slice(3).map(({ why }) => why)).toEqual([
    "every request was allowed",
    expect.stringMatching(/^refused by role-limit:images: the role web-team/),
    expect.stringMatching(/^refused by role-limit:images instead: /),
    'docker create fails ended with status 1: "docker: no such thing"',
  ]);
});

test.each([
  ["{run: a, operation: SystemPing, expect: allowed}", "must have either run or operation"],
  ["{run: docker run 'a b', expect: allowed}", "has quotes or a $"],
  ["{operation: Nothing, expect: allowed}", "cases[0].operation is not an operation"],
  ["{run: a}", "cases[0].expect is missing"],
])("the case %s is refused", async (one, problem) => {
  const ports = stage({ "cases.yaml": `role: web.yaml\ncases:\n  - ${one}\n` });
  const error = await failureOf(runCases(ports, "cases.yaml", async () => role()));
  expect(error).toMatchObject({ code: "ROLE_FILE_BROKEN", why: [expect.stringContaining(problem)] });
});

test("diff names what opens and closes, and limits that changed", async () => {
  const opened = ROLE.replace(
    "deny: [ContainerExec]",
    "deny: [ImageList], allowAsRoot: [PluginPull]",
  ).replace("nginx", "nginx, a");
  const gateway = new FakeGateway();
  const kept = {
    version: 1,
    name: "web-team",
    extends: "deployer",
    limits: { images: { allow: ["nginx"] } },
  };
  gateway.answers.set("roles", { roles: [kept] });
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  const files = stage({ "a.yaml": ROLE, "b.yaml": opened });
  const ports = { ...files, lines, gateway, env: {}, clock: () => 0 };
  const compare = (before: string, after: string) => compareRoles(ports, undefined, before, after);
  expect(await compare("a.yaml", "b.yaml")).toEqual({
    opens: [
      { operation: "ContainerExec", before: "refused", after: "checked" },
      { operation: "PluginPull", before: "refused", after: "allowed" },
    ],
    closes: [{ operation: "ImageList", before: "allowed", after: "refused" }],
    limits: [{ limit: "images", before: { allow: ["nginx"] }, after: { allow: ["nginx", "a"] } }],
    binds: null,
  });
  expect(await compare("web-team", "a.yaml")).toEqual({
    opens: [],
    closes: [{ operation: "ContainerExec", before: "checked", after: "refused" }],
    limits: [],
    binds: null,
  });
  expect(await compare("a.yaml", "a.yaml")).toEqual({
    opens: [],
    closes: [],
    limits: [],
    binds: null,
  });
  expect((await compare("admin", "viewer")).opens).toEqual([]);
});

test("a role is built in or a file; another name is for the gateway", async () => {
  expect(builtInRole("deployer")).toEqual(
    expect.objectContaining({ name: compileRole(defaultRole("deployer")).name }),
  );
  expect(builtInRole("web-team")).toBeUndefined();
});

test("what exists is the client's own, so a prune is not refused for an image of somebody else's", async () => {
  const ports = {
    record: async () => ({ requests: [sent("POST /containers/prune")], status: 0, stderr: "" }),
  };
  expect(await explainCommand(ports, await role(), ["docker", "container", "prune"])).toMatchObject([
    { operation: "ContainerPrune", allowed: true, reason: null },
  ]);
});

test("a command that was ended, and one that failed: the last lines of what it printed", async () => {
  const stderr = Array.from({ length: 9 }, (_, at) => `line ${at}\n`).join("");
  const requests = [sent("HEAD /_ping")];
  for (const [status, how] of [
    [null, "was stopped after 30 seconds"],
    [125, "ended with status 125"],
  ] as const) {
    const ports = { record: async () => ({ requests, status, stderr }) };
    const error = await failureOf(explainCommand(ports, await role(), ["docker", "run", "a b"]));
    expect(error).toMatchObject({
      message: `docker run 'a b' ${how}`,
      hints: [expect.stringContaining("would succeed here; docker run and exec without -t")],
    });
    expect(error.why.join()).toMatch(/line 4.*line 8/);
    expect(error.why.join()).not.toContain("line 3");
  }
});

test("what a case sends: the operation's own method and path, or its target, and JSON only with a body", async () => {
  const seen = await runCases(
    stage({
      "cases.yaml": `role: web.yaml
cases:
  - {operation: ContainerInspect, expect: allowed}
  - {operation: ContainerStart, target: /containers/a/start?x=1, expect: refused, check: query}
  - {operation: ContainerCreate, body: {Image: nginx}, expect: allowed}
  - {operation: ContainerCreate, expect: refused}
  - {run: docker create nginx, expect: refused}
  - {operation: SystemPing, expect: refused}
`,
    }),
    "cases.yaml",
    async () => role(),
  );
  expect(seen.map(({ name, passed }) => [name, passed])).toEqual([
    ["ContainerInspect", true],
    ["ContainerStart /containers/a/start?x=1", true],
    ["ContainerCreate", true],
    ["ContainerCreate", true],
    ["docker create nginx", false],
    ["SystemPing", false],
  ]);
  expect(seen.slice(0, 4).map(({ why }) => why)).toEqual(["", "", "", ""]);
});

test.each([
  ["{expect: allowed}", "cases[0] must have either run or operation"],
  ["{run: 7, expect: allowed}", "cases[0].run must be a command, or a list of its words"],
  ["{run: docker ps, expect: maybe}", "cases[0].expect must be"],
])("the case %s is refused with its place", async (one, problem) => {
  const ports = stage({ "cases.yaml": `role: web.yaml\ncases:\n  - ${one}\n` });
  expect(await failureOf(runCases(ports, "cases.yaml", async () => role()))).toMatchObject({
    message: "cases.yaml has a problem",
    why: [expect.stringMatching(new RegExp(`^cases\\.yaml:3:\\d+: ${problem.replace(/[[\].]/g, "\\$&")}`))],
    hints: ["tetherdock policy test cases.yaml"],
  });
});

test("a role that cannot be found ends the cases, and an error that is a bug is passed on", async () => {
  const ports = stage({ "cases.yaml": CASES });
  const bug = new Error("a bug");
  await expect(runCases(ports, "cases.yaml", () => Promise.reject(bug))).rejects.toBe(bug);
  const record = () => Promise.reject(bug);
  await expect(runCases({ ...ports, record }, "cases.yaml", async () => role())).rejects.toBe(bug);
});
