/** What is summed up from records; they are formatted as the gateway writes them. */
import { describe, expect, test } from "vitest";
import { type AuditEvent, createRecordFormat } from "../../../audit/index.ts";
import { type Activity, ActivitySum } from "./activity.ts";

const format = createRecordFormat(2048);
const record = (over: Partial<AuditEvent> = {}): string =>
  format({
    ...{ time: 1000, event: "request", connection: "a.1", request: 1, client: "bob", fingerprint: null },
    ...{ address: "192.0.2.7", operation: "ContainerList", method: "GET", target: "/v1.41/containers/json" },
    ...{ decision: "allow", rule: "viewer", status: 200, bytesIn: 10, bytesOut: 20, durationMs: 1 },
    ...over,
  }).trimEnd();
const action = (method: string, target: string, operation: string, over: Partial<AuditEvent> = {}) => [
  record({ event: "start", method, target, operation, status: null, bytesIn: 0, bytesOut: 0, ...over }),
  record({ event: "end", method, target, operation, ...over }),
];
const denied = (time: number, rule = "viewer-is-read-only") =>
  record({
    ...{ time, operation: "ContainerCreate", method: "POST", target: "/containers/create", status: 403 },
    ...{ decision: "deny", rule },
  });

function sumOf(...lines: string[]): Activity {
  const sum = new ActivitySum();
  for (const line of lines) sum.add(line);
  return sum.activity;
}

const names = ({ touched }: Activity) =>
  Object.fromEntries(Object.entries(touched).map(([kind, one]) => [kind, one.names]));

test("an action counts once, and its bytes and its failure count when it ends", () => {
  const lines = action("POST", "/v1.41/containers/web/start", "ContainerStart");
  const failed = action("DELETE", "/images/nginx:1", "ImageDelete", { status: 409 });
  expect(sumOf(record(), record({ status: 404 }), ...lines, ...failed)).toMatchObject({
    ...{ records: 6, reads: 2, actions: 2, failed: 2 },
    operations: [
      { name: "ContainerList", count: 2 },
      { name: "ContainerStart", count: 1 },
      { name: "ImageDelete", count: 1 },
    ],
  });
});

describe("what actions name", () => {
  test.each([
    ["POST", "/containers/web/exec", "ContainerExec", { containers: ["web"] }],
    ["POST", "/v1.41/containers/create?name=web", "ContainerCreate", { containers: ["web"] }],
    ["POST", "/v1.41/containers/create", "ContainerCreate", {}],
    ["POST", "/images/create?fromImage=nginx&tag=1.27", "ImageCreate", { images: ["nginx:1.27"] }],
    ["POST", "/images/create?fromImage=nginx", "ImageCreate", { images: ["nginx"] }],
    ["POST", "/images/registry.example/a/b/push", "ImagePush", { images: ["registry.example/a/b"] }],
    ["DELETE", "/volumes/data", "VolumeDelete", { volumes: ["data"] }],
    ["POST", "/networks/front/connect", "NetworkConnect", { networks: ["front"] }],
    ["POST", "/containers//start", "ContainerStart", {}],
  ])("%s %s", (method, target, operation, expected) => {
    const activity = sumOf(...action(method, target, operation));
    expect(names(activity)).toEqual({ containers: [], images: [], volumes: [], networks: [], ...expected });
    expect(activity.execs).toBe(operation === "ContainerExec" ? 1 : 0);
  });

  test("a read names nothing", () => {
    const inspect = record({ operation: "ContainerInspect", target: "/containers/web/json" });
    expect(names(sumOf(inspect))["containers"]).toEqual([]);
  });
});

test("refusals are counted by rule, also those without a record of their own; the last five are kept", () => {
  const more = record({
    event: "refusals",
    decision: "refuse",
    rule: "many",
    count: 40,
    method: "",
    target: "",
  });
  const bad = record({
    ...{ event: "connection", decision: "refuse", rule: "revoked", method: "", operation: null },
  });
  const { refused, actions, reads } = sumOf(...[1, 2, 3, 4, 5, 6].map((time) => denied(time)), more, bad);
  expect([actions, reads, refused.count]).toEqual([0, 0, 47]);
  expect(refused.rules).toEqual([
    { name: "not recorded one by one", count: 40 },
    { name: "ContainerCreate: viewer-is-read-only", count: 6 },
    { name: "connection: revoked", count: 1 },
  ]);
  expect(refused.latest.map(({ time, rule }) => [time, rule])).toEqual([
    [1000, "revoked"],
    ...[6, 5, 4, 3].map((time) => [time, "viewer-is-read-only"]),
  ]);
});

test("changes to the gateway, the last record and every address", () => {
  const admin = { event: "admin", rule: "client-added", target: "eve", address: "" } as const;
  const moved = record({ time: 2000, address: "198.51.100.1" });
  expect(sumOf(record(), moved, record({ ...admin, time: 3000 }))).toMatchObject({
    admin: [{ name: "client-added eve", count: 1 }],
    lastSeen: { time: 2000, address: "198.51.100.1" },
    addresses: ["192.0.2.7", "198.51.100.1"],
  });
  expect(sumOf().lastSeen).toBeNull();
});

test.each([
  ["192.0.2.7:49152", "192.0.2.7"],
  ["[2001:db8::7]:49152", "2001:db8::7"],
  ["2001:db8::7", "2001:db8::7"],
  ["192.0.2.7", "192.0.2.7"],
  ["unix", "unix"],
])("the connections of one machine have one address: %s", (address, host) => {
  expect(sumOf(record({ address }), record({ address }))).toMatchObject({
    ...{ lastSeen: { address: host }, addresses: [host] },
  });
});

test("what a hostile gateway sends takes little memory, and is counted", () => {
  const lines = Array.from({ length: 3_000 }, (_, at) => [
    ...action("POST", `/containers/c${at}/start`, `Op${at}`, { address: `a${at}` }),
    denied(at, `rule${at}`),
  ]).flat();
  const { touched, operations, addresses, refused } = sumOf(...lines, "", "{}", "null", '{"time":"x"}');
  expect([touched.containers.names.length, touched.containers.more]).toEqual([1_000, true]);
  expect([operations.length, refused.rules.length, addresses.length]).toEqual([501, 501, 20]);
  expect(operations[0]).toEqual({ name: "others", count: 2_500 });
  expect(refused.count).toBe(3_000);
});
