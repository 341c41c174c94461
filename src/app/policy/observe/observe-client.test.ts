import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { FakeGateway } from "../../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../../test/support/app/lines.ts";
import { sampleLine } from "../../../../test/support/sample-line.ts";
import { createRecordFormat } from "../../../audit/index.ts";
import { findOperation, operations } from "../../../engine/index.ts";
import { readOwnRole } from "../../../policy/index.ts";
import { readYaml } from "../read-yaml.ts";
import { observeClient } from "./observe-client.ts";
import { readRecorded } from "./recorded.ts";

const format = createRecordFormat(2048);

function record(rule: string, method: string, target: string, more: object = {}): string {
  const read = method === "GET" || method === "HEAD";
  return format({
    ...{ time: 1_000, event: read ? "request" : "start", connection: "c1", request: 1, client: "bob@desk" },
    ...{ fingerprint: null, address: "192.0.2.7:1", method, target, decision: "allow", rule, status: 200 },
    ...{
      operation: findOperation(method, target)?.operation.name ?? null,
      bytesIn: 0,
      bytesOut: 0,
      durationMs: 1,
    },
    ...more,
  }).trimEnd();
}

function stage(...records: string[]) {
  const gateway = new FakeGateway();
  gateway.records = records;
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  const client = { fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null } as const;
  gateway.clients.set("ann@desk", { ...client, name: "ann@desk" });
  return { ports: { gateway, lines, env: {} }, gateway };
}

const SPAN = { line: undefined, client: "bob@desk", since: 0, until: undefined };

async function observed(...records: string[]) {
  const made = await observeClient(stage(...records).ports, SPAN, undefined);
  const read = readYaml(made.text, readOwnRole);
  if ("problems" in read) return expect.fail(JSON.stringify(read.problems));
  const permitted = [...read.value.role.decisions].flatMap(([{ name }, { allow }]) =>
    allow === false ? [] : [name],
  );
  const notes = made.notes.map(({ about, text }) => `${about}: ${text}`).join("\n");
  return { ...made, file: read.value.file, permitted, notes };
}

describe("the role permits what was recorded, and nothing else", () => {
  test("of somebody who builds: calls of builds are told apart from other requests", async () => {
    const { permitted, notes } = await observed(
      record("deployer-build", "POST", "/session"),
      record("deployer-build", "POST", "/grpc"),
      record("deployer-build", "POST", "/moby.buildkit.v1.Control/Solve"),
      record("deployer-build", "POST", "/grpc.health.v1.Health/Check"),
      record("admin", "POST", "/tetherdock/v1/reload"),
    );
    expect(permitted).toEqual(expect.arrayContaining(["Grpc", "Session"]));
    expect(notes).toContain("builds: 2 of 5 requests were calls of builds by BuildKit");
    expect(notes).toContain("other requests: 1 of 5 requests were no operation of the Docker API");
  });

  test("of a reader", async () => {
    const { file, permitted, notes, replayed } = await observed(
      record("viewer-read", "GET", "/v1.44/containers/json"),
      record("viewer-read", "GET", "/v1.44/containers/json"),
      record("viewer-read", "HEAD", "/_ping"),
      record("viewer-no-write", "POST", "/containers/prune", { decision: "deny" }),
    );
    expect(file).toMatchObject({ name: "seen-bob-desk", extends: "viewer" });
    expect(permitted.toSorted()).toEqual(["ContainerList", "SystemPingHead"]);
    expect(replayed).toEqual({ requests: 3, byBody: 0, refused: [] });
    expect(notes).toBe("refused before: the role does not cover what the gateway refused: 1 request");
  });
  test("of a deployer: own things, bodies are unknown, pulled images are named", async () => {
    const { file, permitted, notes, replayed } = await observed(
      record("deployer-read", "HEAD", "/_ping"),
      record("deployer-pull", "POST", "/v1.44/images/create?fromImage=nginx&tag=1"),
      record("deployer-create", "POST", "/v1.44/containers/create?name=web"),
      record("deployer-own", "POST", "/v1.44/containers/web/start"),
      record("deployer-own", "POST", "/v1.44/containers/web/start", { event: "end" }),
    );
    expect(file.extends).toBe("deployer");
    expect(permitted.toSorted()).toEqual([
      "ContainerCreate",
      "ContainerStart",
      "ImageCreate",
      "SystemPingHead",
    ]);
    expect(replayed).toEqual({ requests: 4, byBody: 1, refused: [] });
    expect(notes).toContain("1 of 4 requests may have had one that it refuses");
    expect(notes).toContain("images that were pulled: nginx");
    expect(notes).toMatch(/^limits: the records do not say/m);
  });
  test("of a builder: logins and builds by the classic builder are decided by bodies, which are not recorded", async () => {
    const { file, replayed } = await observed(
      record("builder-login", "POST", "/v1.44/auth"),
      record("builder-build", "POST", "/v1.44/build?t=app"),
    );
    expect(file.extends).toBe("builder");
    expect(replayed).toEqual({ requests: 2, byBody: 2, refused: [] });
  });
  test("of an admin: operations that nothing checks are in allowAsRoot, with a note", async () => {
    const { file, permitted, notes } = await observed(
      record("admin", "POST", "/v1.44/containers/web/restart"),
      record("admin", "POST", "/v1.44/swarm/init"),
      record("admin", "GET", "/tetherdock/v1/clients"),
    );
    expect(file.extends).toBe("operator");
    expect(file.operations.allowAsRoot).toEqual(["SwarmInit"]);
    expect(permitted.toSorted()).toEqual(["ContainerRestart", "SwarmInit"]);
    expect(notes).toMatch(/SwarmInit: in operations\.allowAsRoot, .*root on the host/);
    expect(notes).toMatch(/1 of 3 requests were no operation/);
  });
  test("requests that the role would still refuse are named", async () => {
    const { replayed, notes } = await observed(
      record("admin", "GET", "/v1.44/containers/web/top?ps_args=-o%20cmd"),
      record("admin", "POST", "/v1.44/containers/web/stop"),
    );
    expect(replayed.refused).toMatchObject([{ operation: "ContainerTop", count: 1 }]);
    expect(notes).toMatch(
      /ContainerTop: the role would have refused 1 of 2 requests, such as \/v1\.44\/containers\/web\/top/,
    );
  });
  test("the refusals after the first 20 are counted", async () => {
    const calls = operations
      .filter(({ name }) => /^(?:Container|Network|Volume|Image)/.test(name))
      .map(({ method, path }) => record("deployer-own", method, `${path.replace(/\{\w+\}/g, "web")}?x=1`));
    const { notes, replayed } = await observed(...calls);
    expect(notes.match(/: the role would have refused 1 of/g)).toHaveLength(20);
    expect(replayed.refused.length).toBeGreaterThan(20);
    const left = replayed.refused.length - 20;
    expect(notes).toMatch(
      new RegExp(
        `^Image\\w+, .*and \\d+ more: the role would have refused ${left} of .*; --json has the reasons$`,
        "m",
      ),
    );
  });
});

describe("records are foreign", () => {
  test("texts of records add no line to the file", async () => {
    const { text } = await observed(
      record(
        "deployer-pull",
        "POST",
        "/images/create?fromImage=x%0Aoperations:%0A%20%20allowAsRoot:%20%5B'*'%5D",
      ),
      "no record",
      '{"time":1,"event":"request"}',
    );
    for (const line of text.split("\n")) expect(line).not.toMatch(/^\s*allowAsRoot/);
  });
  test("what is kept has a bound, and what is not kept is counted", async () => {
    const many = Array.from({ length: 6_000 }, (_, index) =>
      record("admin", "GET", `/containers/c${index}/json`),
    );
    const { notes, replayed } = await observed(...many);
    expect(replayed.requests).toBe(5_000);
    expect(notes).toMatch(/not replayed: 1000 of 6000 requests/);
    const { ports } = stage(...many.slice(0, 20));
    expect(await readRecorded(ports, SPAN, 10)).toMatchObject({ permitted: 10, readUntil: 1_000 });
  });
  test("the time ends where it is said to", async () => {
    const { ports } = stage(
      record("admin", "GET", "/info"),
      record("admin", "GET", "/version", { time: 2_000 }),
    );
    const { operations } = await readRecorded(ports, { ...SPAN, until: 1_500 });
    expect([...operations]).toEqual(["SystemInfo"]);
  });
});

test("an unknown client is refused, and a client without records gets a role that permits nothing", async () => {
  const { ports } = stage();
  expect(await failureOf(observeClient(ports, { ...SPAN, client: "an@desk" }, undefined))).toMatchObject({
    code: "CLIENT_UNKNOWN",
    hints: ["tetherdock policy observe ann@desk"],
  });
  const { own } = { own: await observeClient(ports, { ...SPAN, client: "ann@desk" }, "no-body") };
  expect(own.source).toMatchObject({ name: "no-body", extends: "viewer" });
  expect(await failureOf(observeClient(ports, SPAN, "nohyphen"))).toMatchObject({ code: "USAGE" });
});
