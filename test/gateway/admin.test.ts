import { mkdir, readFile, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const names = () => stage.list.map(({ name }) => name);
const entry = (name: string, fingerprint: string | null, more = {}) => ({
  name,
  fingerprint,
  role: "viewer",
  state: "active",
  expires: null,
  ...more,
});

test("status, clients and sessions show the current state", async () => {
  const anna = await stage.connect();
  const vera = await stage.connect("vera");
  vera.send(ask("/events"));
  await stage.docker.next();
  const status = await call(anna, "GET", "status");
  expect(status).toMatchObject({
    status: 200,
    value: { version: "test", connections: 2, audit: "ok", problems: [] },
  });
  const { value } = await call(anna, "GET", "clients");
  expect((value["clients"] as { name: string }[]).map(({ name }) => name)).toEqual(names());
  const sessions = (await call(anna, "GET", "sessions")).value["sessions"] as Record<string, unknown>[];
  expect(sessions.find(({ client }) => client === "vera")).toMatchObject({
    operation: "SystemEvents",
    target: "/events",
    requests: 1,
  });
  vera.destroy();
});

test("a viewer is refused on every call, in any spelling", async () => {
  for (const [method, path] of [
    ["GET", "status"],
    ["PUT", "clients/vera"],
    ["GET", "audit"],
    ["GET", "nothing"],
  ] as const) {
    const vera = await stage.connect("vera");
    expect(await call(vera, method, path)).toMatchObject({ status: 403 });
  }
  const vera = await stage.connect("vera");
  vera.send(ask("/tetherdock"));
  await vera.sees(/403.*only clients with the role admin/s);
  vera.send(ask("/%74etherdock/v1/status"));
  await vera.sees(/403.*\n/s);
});

test("every client sees its own name, role and end of access, and nothing of others", async () => {
  const vera = await stage.connect("vera");
  expect(await call(vera, "GET", "self")).toEqual({
    status: 200,
    value: { name: "vera", role: "viewer", expires: null, waiting: null },
  });
  expect((await call(await stage.connect(), "GET", "self")).value).toMatchObject({
    name: "anna",
    waiting: [],
  });
  const path = "/tetherdock/v1/self";
  const record = await stage.record(({ target, client }) => target === path && client === "vera");
  expect(record).toMatchObject({ event: "request", decision: "allow" });
  for (const [method, spelling] of [
    ["POST", "self"],
    ["GET", "self?client=anna"],
    ["GET", "self/"],
    ["GET", "./self"],
    ["GET", "Self"],
    ["GET", "self/../clients"],
  ] as const)
    expect(await call(await stage.connect("vera"), method, spelling)).toMatchObject({ status: 403 });
});

test("an added client gets in, a changed one is disconnected, a removed one is shut out, and the file is updated each time", async () => {
  const anna = await stage.connect();
  const bob = await stage.identities.client("bob@desk");
  const path = "clients/bob%40desk";
  expect(await call(anna, "PUT", path, entry("bob@desk", bob.fingerprint))).toMatchObject({ status: 200 });
  const first = await stage.connect(bob);
  first.send(ask("/_ping"));
  await stage.docker.next();
  expect(await call(anna, "PUT", path, entry("bob@desk", bob.fingerprint, { role: "admin" }))).toMatchObject({
    status: 200,
  });
  await first.over;
  const second = await stage.connect(bob);
  expect(await call(second, "GET", "status")).toMatchObject({ status: 200 });
  expect(await call(anna, "DELETE", path)).toMatchObject({ status: 200 });
  await second.over;
  const third = await stage.connect(bob);
  expect(await call(third, "GET", "status")).toMatchObject({ status: 403 });
  const file = JSON.parse(await readFile(join(stage.folder, "clients.json"), "utf8"));
  expect(file.clients.map(({ name }: { name: string }) => name)).toEqual(names());
  await stage.record(({ rule }) => rule === "client-removed");
  const rules = (await stage.records())
    .filter(({ event }) => event === "admin")
    .map(({ rule, client }) => [client, rule]);
  expect(rules).toEqual([
    ["anna", "client-added"],
    ["anna", "client-changed"],
    ["anna", "client-removed"],
  ]);
});

test.each([
  ["not JSON", "clients/x", "{", 400, /not JSON/],
  ["another name than the path's", "clients/x", entry("y", null), 400, /not the one in the path/],
  ["a role that is not defined", "clients/x", entry("x", null, { role: "boss" }), 400, /no role boss/],
  ["a fingerprint in upper case", "clients/x", entry("x", "A".repeat(64)), 400, /64 hex digits/],
  ["an unknown key", "clients/x", entry("x", null, { admin: true }), 400, /admin is not known/],
  ["a name that could be another path", "clients/..%2fx", entry("../x", null), 400, /letters, digits/],
  ["the last admin made a viewer", "clients/anna", entry("anna", null), 409, /no active admin/],
  ["too much", "clients/x", "x".repeat(70_000), 413, /too large/],
])("PUT refuses %s", async (_what, path, body, status, text) => {
  const anna = await stage.connect();
  const reply = await call(anna, "PUT", path, body);
  expect(reply.status).toBe(status);
  expect(reply.value.message).toMatch(text);
  expect(await call(anna, "GET", "status")).toMatchObject({ status: 200 });
});

test("one key belongs to one client", async () => {
  const anna = await stage.connect();
  const twin = entry("twin", stage.person("vera").fingerprint);
  expect(await call(anna, "PUT", "clients/twin", twin)).toMatchObject({ status: 409 });
});

test.each([
  ["GET", "nothing"],
  ["POST", "status"],
  ["GET", "clients/vera"],
  ["GET", "status/more"],
  ["POST", "reload/"],
  ["DELETE", "clients/nobody"],
  ["DELETE", "sessions/nobody"],
])("%s %s is not found", async (method, path) => {
  expect(await call(await stage.connect(), method, path)).toMatchObject({ status: 404 });
});

test("DELETE sessions/ID closes that session", async () => {
  const anna = await stage.connect();
  const vera = await stage.connect("vera");
  const { localPort } = vera.socket as Socket;
  const found = async () => {
    const { value } = await call(anna, "GET", "sessions");
    const sessions = value["sessions"] as { id: string; address: string }[];
    return sessions.find(({ address }) => address.endsWith(`:${localPort}`))?.id;
  };
  await expect.poll(found).toBeDefined();
  const id = await found();
  expect(await call(anna, "DELETE", `sessions/${id}`)).toMatchObject({ status: 200 });
  await vera.over;
});

test("a change that cannot be written does not take effect", async () => {
  const anna = await stage.connect();
  const path = join(stage.folder, "clients.json");
  const text = await readFile(path, "utf8");
  await rm(path);
  await mkdir(join(path, "in the way"), { recursive: true });
  const reply = await call(anna, "DELETE", "clients/vera");
  expect(reply).toMatchObject({ status: 500 });
  expect(JSON.stringify((await call(anna, "GET", "clients")).value)).toContain("vera");
  await rm(path, { recursive: true });
  await stage.write("clients.json", text);
});

test("of many concurrent changes none is lost", async () => {
  const count = 20;
  await Promise.all(
    Array.from({ length: count }, async (_, index) =>
      call(await stage.connect(), "PUT", `clients/many${index}`, entry(`many${index}`, null)),
    ),
  );
  const { value } = await call(await stage.connect(), "GET", "clients");
  expect(value["clients"]).toHaveLength(names().length + count);
});

test("a body can be chunked, and can follow 100 Continue", async () => {
  const anna = await stage.connect();
  const body = JSON.stringify(entry("late", null));
  anna.send(
    "PUT /tetherdock/v1/clients/late HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n",
  );
  expect(await anna.sees("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  anna.send(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
  await anna.sees(/200 OK.*late.*\n/s);
});

test("a client that has sent its end still gets the answer", async () => {
  const anna = await stage.connect();
  anna.send(ask("/tetherdock/v1/status")).end();
  expect(await anna.rest()).toMatch(/^HTTP\/1.1 200 OK.*"audit":"ok"/s);
});
