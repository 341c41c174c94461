/** Each limit: what it lets through, what it refuses, and which change it asks for. */
import { expect, test } from "vitest";
import { readJson } from "../../body/json/read-json.ts";
import { isObject } from "../../body/json/value.ts";
import { LIMITS, type Limits } from "./index.ts";
import type { Limit, Setting } from "./limit.ts";

/** @returns the problem, or "allowed" */
function check(name: keyof Limits, setting: object, operation: string, body: object): string {
  const { shape, checks } = LIMITS[name] as unknown as Limit<Setting>;
  const problems: string[] = [];
  const read = shape.read(setting, name, (at, text) => problems.push(`${at} ${text}`));
  if (read === undefined || problems.length > 0) return expect.fail(problems.join("\n"));
  const fields = readJson(Buffer.from(JSON.stringify(body)));
  if (!isObject(fields)) return expect.fail("no object");
  return checks(read)[operation]?.({ fields, query: new URLSearchParams(), params: {} }) ?? "allowed";
}

const create = (name: keyof Limits, setting: object, host: object, more: object = {}) =>
  check(name, setting, "ContainerCreate", { ...more, HostConfig: host });

const bound = (HostPort: string, HostIp = "") => ({ PortBindings: { "80/tcp": [{ HostIp, HostPort }] } });
const PORTS = { allow: ["8000-8999", "127.0.0.1:5432", "[::1]:90-99"] };

test.each<[object, string]>([
  [{}, "allowed"],
  [{ PortBindings: {} }, "allowed"],
  [bound("8080"), "allowed"],
  [bound("8080", "10.0.0.1"), "allowed"],
  [bound("8000-8999"), "allowed"],
  [bound("5432", "127.0.0.1"), "allowed"],
  [bound("95", "::1"), "allowed"],
  [
    bound("5432"),
    `the host's port is "5432": publish on one of 8000-8999, 127.0.0.1:5432, [::1]:90-99, as in -p 8000-8999:80`,
  ],
  [bound("5432", "0.0.0.0"), `the host's port is "0.0.0.0:5432"`],
  [bound("7999"), "the host's port is"],
  [bound("8990-9000"), "the host's port is"],
  [bound("9000-8000"), "the host's port is"],
  [bound("8000-8001-8002"), "the host's port is"],
  [bound(" 8080"), "the host's port is"],
  [bound(""), "the engine would choose the port for 80/tcp: publish on"],
  [bound("0"), "the engine would choose the port"],
  [{ PublishAllPorts: true }, "the engine would choose the ports: leave out -P"],
])("ports: %j", (host, expected) => {
  expect(create("ports", PORTS, host)).toContain(expected);
});

test("ports: dynamic lets the engine choose, and no other port", () => {
  const dynamic = { allow: [], dynamic: true };
  for (const host of [bound(""), { PublishAllPorts: true }])
    expect(create("ports", dynamic, host)).toBe("allowed");
  expect(create("ports", dynamic, bound("8080"))).toContain("the host's port is");
});

const M = 1024 ** 2;
const FULL = { Memory: 512 * M, NanoCpus: 1.5e9, PidsLimit: 100 };
const RESOURCES = { memory: "512m", cpus: 1.5, pids: 100 };

test.each<[object, string]>([
  [FULL, "allowed"],
  [{ ...FULL, MemorySwap: 1024 * M }, "allowed"],
  [{ ...FULL, NanoCpus: 0, CpuQuota: 150_000 }, "allowed"],
  [{ ...FULL, NanoCpus: 0, CpuQuota: 15_000, CpuPeriod: 10_000 }, "allowed"],
  [{}, "Memory is 0: set --memory to 512m or less"],
  [{ ...FULL, Memory: 512 * M + 1 }, "Memory is 536870913: set --memory to 512m or less"],
  [{ ...FULL, Memory: -1 }, "Memory is -1"],
  [{ ...FULL, MemorySwap: -1 }, "MemorySwap is -1: leave out --memory-swap"],
  [{ ...FULL, MemorySwap: 1025 * M }, "MemorySwap is"],
  [{ ...FULL, NanoCpus: 0 }, "the container may use all processors: set --cpus to 1.5 or less"],
  [{ ...FULL, NanoCpus: 1.6e9 }, "the container may use 1.6 processors: set --cpus to 1.5 or less"],
  [{ ...FULL, NanoCpus: 0, CpuQuota: 150_001 }, "processors"],
  [{ ...FULL, NanoCpus: 0, CpuQuota: 20_000, CpuPeriod: 10_000 }, "the container may use 2 processors"],
  [{ ...FULL, NanoCpus: 0, CpuQuota: -1 }, "the container may use all processors"],
  [{ ...FULL, PidsLimit: 0 }, "PidsLimit is 0: set --pids-limit to 100 or less"],
  [{ ...FULL, PidsLimit: -1 }, "PidsLimit is -1"],
  [{ ...FULL, PidsLimit: 101 }, "PidsLimit is 101"],
])("resources of a new container: %j", (host, expected) => {
  expect(create("resources", RESOURCES, host)).toContain(expected);
});

test.each<[object, string]>([
  [{}, "allowed"],
  [{ Memory: 512 * M }, "allowed"],
  [{ RestartPolicy: { Name: "always" } }, "allowed"],
  [{ Memory: 513 * M }, "Memory is"],
  [{ MemorySwap: -1 }, "MemorySwap is -1"],
  [{ NanoCpus: 2e9 }, "the container may use 2 processors"],
  [{ CpuQuota: -1 }, "processors"],
  [{ CpuQuota: 150_000, CpuPeriod: 100_000 }, "allowed"],
  // the container may have the other of the two: 150,000 of 1,000 are 150 processors
  [{ CpuQuota: 150_000 }, "CpuQuota and CpuPeriod are checked together"],
  [{ CpuPeriod: 1_000 }, "CpuQuota and CpuPeriod are checked together"],
  [{ PidsLimit: -1 }, "PidsLimit is -1"],
  [{ PidsLimit: 0 }, "PidsLimit is 0"],
])("resources of a container that is changed: %j", (body, expected) => {
  expect(check("resources", RESOURCES, "ContainerUpdate", body)).toContain(expected);
});

test("resources: what the file does not name is not limited", () => {
  expect(create("resources", { cpus: 2 }, { NanoCpus: 1 })).toBe("allowed");
  expect(create("resources", {}, {})).toBe("allowed");
});

test.each<[object, string]>([
  [{ team: "web", "com.example/app": "shop-1" }, "allowed"],
  [{ team: "web" }, "the label com.example/app is missing: add --label com.example/app=shop-…"],
  [{ team: "other", "com.example/app": "shop-1" }, 'the label team is "other": add --label team=web'],
  [{}, "the label team is missing: add --label team=web"],
])("labels: %j", (Labels, expected) => {
  const require = { team: "web", "com.example/app": "shop-*" };
  expect(create("labels", { require }, {}, { Labels })).toContain(expected);
});

test.each<[object, string]>([
  [{ CapDrop: ["ALL"] }, "allowed"],
  [{ CapDrop: ["NET_RAW", "all"], CapAdd: ["NET_BIND_SERVICE"] }, "allowed"],
  [{ CapDrop: ["ALL"], CapAdd: ["cap_net_bind_service"] }, "allowed"],
  [{}, "the container keeps Docker's default capabilities: add --cap-drop ALL"],
  [{ CapDrop: ["NET_RAW"] }, "add --cap-drop ALL"],
  [{ CapDrop: ["ALL"], CapAdd: ["CAP_CHOWN"] }, 'CapAdd has "CAP_CHOWN": leave out --cap-add CHOWN'],
  [{ CapDrop: ["ALL"], CapAdd: ["ALL"] }, 'CapAdd has "ALL"'],
  [{ CapDrop: ["aLL"], CapAdd: ["NET_BIND_ſERVICE"] }, "leave out --cap-add"],
])("capabilities: %j", (host, expected) => {
  expect(create("capabilities", { allow: ["NET_BIND_SERVICE"] }, host)).toContain(expected);
});

test.each([
  ["1000", "allowed"],
  ["1000:0", "allowed"],
  ["01000", "allowed"],
  ["2147483647", "allowed"],
  ["", 'User is "": set --user to a number from 1000 up, as in --user 1000'],
  ["0", 'User is "0"'],
  ["00", 'User is "00"'],
  ["0:0", 'User is "0:0"'],
  ["999", "User is"],
  ["root", "User is"],
  ["app", "User is"],
  ["+1000", "User is"],
  ["1000x", "User is"],
  ["2147483648", "User is"],
  ["4294967296", "User is"],
])("users: %j", (User, expected) => {
  expect(check("users", { min: 1000 }, "ContainerCreate", { User })).toContain(expected);
  if (User !== "") expect(check("users", { min: 1000 }, "ContainerExec", { User })).toContain(expected);
});

test("users: an exec without a user runs as the container's; without min, everybody but root is allowed", () => {
  expect(check("users", {}, "ContainerExec", {})).toBe("allowed");
  expect(check("users", {}, "ContainerCreate", { User: "1" })).toBe("allowed");
  expect(check("users", {}, "ContainerCreate", { User: "0" })).toContain("from 1 up, as in --user 1000");
});

test("restart policies, of new containers and of those that are changed", () => {
  const allow = { allow: ["no", "on-failure"] };
  const policy = (Name: string) => ({ RestartPolicy: { Name } });
  expect(create("restart", allow, {})).toBe("allowed");
  expect(create("restart", allow, policy("on-failure"))).toBe("allowed");
  expect(create("restart", allow, policy("always"))).toBe(
    'RestartPolicy is "always": set --restart to no or on-failure',
  );
  expect(create("restart", { allow: ["always"] }, {})).toBe('RestartPolicy is "no": set --restart to always');
  expect(check("restart", allow, "ContainerUpdate", {})).toBe("allowed");
  expect(check("restart", allow, "ContainerUpdate", policy("always"))).toContain('is "always"');
});

test.each([
  ["ghcr.io/team/app", "allowed"],
  ["reg.test:5000/a/b", "allowed"],
  ["ghcr.io/other/app", 'the repository is "ghcr.io/other/app": push to ghcr.io/team/*, reg.test:5000/**'],
  ["team/app", "the repository is"],
  ["ghcr.io/team/a/b", "the repository is"],
  ["abcdef", "the repository is"],
])("registries: %s", (name, expected) => {
  const setting = { mode: "enforce", allow: ["ghcr.io/team/*", "reg.test:5000/**"] } as const;
  const asked = { fields: new Map(), query: new URLSearchParams("tag=1"), params: { name } };
  expect(LIMITS.registries.checks(setting)["ImagePush"]?.(asked) ?? "allowed").toContain(expected);
});

test.each([
  [8080, []],
  ["8080", []],
  ["8000-8999", []],
  ["127.0.0.1:5432", []],
  [0, ["must be a port, a range"]],
  [80.5, ["must be a port, a range"]],
  [70_000, ["must be a port up to 65535"]],
  ["9000-8000", ["must be a range whose first port is not above its last"]],
])("ports: the entry %j of a file", (value, expected) => {
  const problems: string[] = [];
  LIMITS.ports.shape.read({ allow: [value] }, "ports", (_at, problem) => void problems.push(problem));
  expect(problems).toEqual(expected.map((problem) => expect.stringContaining(problem)));
});

test.each<[object, object, string]>([
  [{ NetworkMode: "1".repeat(64) }, {}, "allowed"],
  [{ NetworkMode: "none" }, {}, "allowed"],
  [{ NetworkMode: "1".repeat(64) }, { ["1".repeat(64)]: {}, ["2".repeat(64)]: {} }, "allowed"],
  [
    {},
    {},
    "the network is the default bridge, which all clients share: use --network with a network of your own or --network none",
  ],
  [{ NetworkMode: "default" }, {}, "the network is the default bridge"],
  [{ NetworkMode: "bridge" }, {}, "the network is the default bridge"],
  [{ NetworkMode: "1".repeat(64) }, { bridge: {} }, "the network is the default bridge"],
])("networks without the default bridge: %j, %j", (host, EndpointsConfig, expected) => {
  const more = { NetworkingConfig: { EndpointsConfig } };
  expect(create("networks", { allow: ["own", "none"] }, host, more)).toContain(expected);
});

test("networks: the client's own can be closed too, also by connecting a container later", () => {
  expect(create("networks", { allow: ["bridge"] }, {})).toBe("allowed");
  expect(create("networks", { allow: ["bridge"] }, { NetworkMode: "none" })).toBe(
    "the container has no network: use --network bridge",
  );
  expect(create("networks", { allow: [] }, {})).toContain("the role permits none");
  for (const [allow, expected] of [
    [["own"], "allowed"],
    [["none"], "the network is one of your own: use --network none"],
  ] as const)
    expect(check("networks", { allow }, "NetworkConnect", { Container: "web" })).toBe(expected);
});
