/** A client gets another name: what stays, what is refused, and what does not come back under the old one. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Client } from "../../src/identity/index.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { renewed } from "./support/renewing.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
});
afterEach(() => stage.end());

async function admin(method: string, path: string, body?: unknown) {
  const anna = await stage.connect();
  const reply = await call(anna, method, path, body);
  anna.destroy();
  return reply;
}

const rename = (name: string, to: string) =>
  admin("POST", `clients/${encodeURIComponent(name)}/rename`, { name: to });

async function listed(): Promise<readonly Client[]> {
  const { value } = await admin("GET", "clients");
  return value["clients"] as Client[];
}

test("a renamed client's stream goes on, under its new name, and its key, count of renewals and records stay", async () => {
  const vera = stage.person("vera");
  await renewed(stage, vera);
  const { client, docker } = await stage.asked(ask("/events"), vera);
  docker.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n");
  await client.sees("{}\n\r\n");
  const before = (await listed()).find(({ name }) => name === "vera");
  expect(await rename("vera", "vera@desk")).toMatchObject({ status: 200, value: { receipt: { cut: [] } } });
  expect(await listed()).toContainEqual({ ...before, name: "vera@desk" });
  docker.send("3\r\n{}\n\r\n");
  await client.sees("{}\n\r\n");
  const { value } = await admin("GET", "sessions");
  expect(value["sessions"]).toContainEqual(
    expect.objectContaining({ client: "vera@desk", operation: "SystemEvents" }),
  );
  expect((await admin("GET", "clients")).value["seen"]).toContainEqual(
    expect.objectContaining({ name: "vera@desk" }),
  );
  expect((await admin("GET", "renewals/vera@desk")).value).toMatchObject({ renewal: { generation: 1 } });
  docker.end("0\r\n\r\n");
  const { fingerprint } = vera;
  const end = await stage.record(({ event, target }) => event === "end" && target === "/events");
  expect(end).toMatchObject({ client: "vera@desk", fingerprint });
  const anna = await stage.connect();
  anna.send(ask("/tetherdock/v1/audit?client=vera@desk"));
  await anna.sees(/"client":"vera",.*"rule":"client-renewed"/);
  await anna.sees(/"client":"vera@desk",.*"target":"\/events"/);
});

test("a certificate that is renewed afterwards has the new name", async () => {
  const vera = stage.person("vera");
  await rename("vera", "vera@desk");
  const { cert } = await renewed(stage, vera);
  expect(new X509Certificate(cert).subject).toBe("CN=vera@desk");
});

test("an admin renames itself, and goes on through the same connection", async () => {
  const anna = await stage.connect();
  const to = { name: "anna@laptop" };
  expect(await call(anna, "POST", "clients/anna/rename", to)).toMatchObject({ status: 200 });
  expect(await call(anna, "POST", "clients/vera/revoke")).toMatchObject({ status: 200 });
  await stage.record(({ rule, client }) => rule === "client-changed" && client === "anna@laptop");
  const { fingerprint } = stage.person("anna");
  const own = await stage.record(({ rule }) => rule === "client-renamed");
  expect(own).toMatchObject({ client: "anna@laptop", target: "anna anna@laptop", fingerprint });
});

test("of two admins who rename the same client at once, one is told that there is no such client", async () => {
  const answers = await Promise.all(["vera@desk", "vera@home"].map((to) => rename("vera", to)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  const names = (await listed()).map(({ name }) => name);
  expect(names).toHaveLength(2);
  expect(names[1]).toMatch(/^vera@(desk|home)$/);
});

test("names that something else knows are refused, and so are those that are taken", async () => {
  await invite(stage, "bob@desk", secret());
  await admin("PUT", "clients/lend-0123456789", {
    ...{ name: "lend-0123456789", fingerprint: "f".repeat(64), role: "viewer", state: "active" },
  });
  const before = await listed();
  for (const [name, to, status, why] of [
    ["vera", "anna", 409, "there is already a client anna"],
    ["vera", "vera", 409, "there is already a client vera"],
    ["vera", "bob@desk", 409, "bob@desk is invited"],
    ["bob@desk", "bob", 404, "there is no client bob@desk"],
    ["vera", "lend-9876543210", 409, "belong to tetherdock lend"],
    ["lend-0123456789", "vera2", 409, "belong to tetherdock lend"],
    ["nobody", "somebody", 404, "there is no client nobody"],
    ["vera", "a b", 400, "the name of a client"],
  ] as const)
    expect([name, await rename(name, to)]).toMatchObject([
      name,
      { status, value: { message: expect.stringContaining(why) } },
    ]);
  expect(await listed()).toEqual(before);
  expect((await admin("GET", "clients")).value["invitations"]).toMatchObject([{ name: "bob@desk" }]);
});

test("the client of a local socket keeps its name: gateway.json has it", async () => {
  await stage.end();
  stage = await Stage.make({ unix: pathOf(stage.folder, "..", `rename-${process.pid}.sock`) });
  const fixed = { status: 409, value: { message: expect.stringContaining("gateway.json has anna") } };
  expect(await rename("anna", "anna@laptop")).toMatchObject(fixed);
});

test("whoever was renamed and removed does not come back with the token of the old name", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob", token);
  await join(stage, bob, token);
  await rename("bob", "bob@desk");
  await admin("DELETE", "clients/bob@desk");
  // Still served: somebody else is invited.
  await invite(stage, "eva", secret());
  expect(await join(stage, bob, token)).toMatchObject({ refused: expect.stringContaining("not known here") });
  expect((await listed()).map(({ name }) => name)).toEqual(["anna", "vera"]);
});

test("killed while it renames: the list has the client once, under one of the two names", async () => {
  await stage.end();
  stage = await Stage.make({ run: (file) => runProcess(file) });
  const { fingerprint } = stage.person("vera");
  let name = "vera";
  for (let round = 0; round < 4; round += 1) {
    const [wire, killed] = [await stage.connect(), stage.gateway as RunningProcess];
    const body = JSON.stringify({ name: `vera-${round}` });
    const length = `Content-Length: ${body.length}\r\n`;
    wire.send(`POST /tetherdock/v1/clients/${name}/rename HTTP/1.1\r\nHost: d\r\n${length}\r\n${body}`);
    // Earlier and later in the call: it writes two files.
    const turns = 4 ** round;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    killed.child.kill("SIGKILL");
    await Promise.all([killed.over, wire.over]);
    const { clients } = JSON.parse(await readFile(pathOf(stage.folder, "clients.json"), "utf8"));
    const found = (clients as Client[]).filter((one) => one.fingerprint === fingerprint);
    expect(found).toHaveLength(1);
    expect([name, `vera-${round}`]).toContain(found[0]?.name);
    name = `${found[0]?.name}`;
    await stage.start();
    const { client, docker } = await stage.asked(ask("/_ping"), "vera");
    docker.send(answer(200, "OK"));
    await client.sees("OK");
    client.destroy();
  }
});
