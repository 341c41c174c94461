import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { runHere } from "./support/run-here.ts";
import { runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
afterEach(() => stage.end());

const DRAIN_MS = 2_500;
const made = async (run?: typeof runProcess) => {
  stage = await Stage.make({ limits: { drainMs: DRAIN_MS }, ...(run && { run: (file) => run(file) }) });
};

/** Milliseconds that the gateway takes to end. */
async function stopping(): Promise<number> {
  const start = performance.now();
  await stage.gateway.stop();
  return performance.now() - start;
}

test("idle connections do not delay the shutdown, and are closed", async () => {
  await made();
  const client = (await stage.connect()).polite();
  client.send(ask("/_ping"));
  const docker = await stage.docker.asked();
  docker.send(answer(200, "OK"));
  await client.sees("OK");
  expect(await stopping()).toBeLessThan(DRAIN_MS);
  expect(await client.rest()).toBe("");
});

test("a running request completes, and its connection closes after it", async () => {
  await made();
  const client = (await stage.connect()).polite();
  client.send(ask("/info") + ask("/version"));
  const docker = await stage.docker.next();
  await docker.sees(ask("/info"));
  const stopped = stopping();
  await expect.poll(() => stage.gateway.lines).toContain("ending: waiting for what runs");
  docker.send(answer(200, "whole"));
  expect(await client.rest()).toMatch(/whole$/);
  expect(await stopped).toBeLessThan(DRAIN_MS);
});

test("a client that follows the audit log gets its end, and does not delay the shutdown", async () => {
  await made();
  const client = (await stage.connect()).polite();
  client.send(ask("/tetherdock/v1/audit?follow=1"));
  await client.sees('"started"');
  expect(await stopping()).toBeLessThan(DRAIN_MS);
  expect(await client.rest()).toMatch(/\r\n0\r\n\r\n$/);
});

test("a client that was just admitted may still send a request", async () => {
  await made();
  const client = (await stage.connect()).polite();
  const stopped = stopping();
  await expect.poll(() => stage.gateway.lines).toContain("ending: waiting for what runs");
  client.send(ask("/info"));
  const docker = await stage.docker.asked();
  docker.send(answer(200, "served"));
  expect(await client.rest()).toMatch(/served$/);
  await stopped;
});

test("observers are not waited for: their streams would never end", async () => {
  await made(runProcess);
  const targets = ["/events", "/containers/web/logs?follow=1", "/containers/web/stats"];
  const watchers = [];
  for (const target of targets) {
    const { client, docker } = await stage.asked(ask(target));
    docker.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    await client.sees("\r\n\r\n");
    watchers.push(client, docker);
  }
  expect(await stopping()).toBeLessThan(DRAIN_MS);
  for (const { over } of watchers) await over;
  const ends = (await stage.records()).filter(({ event }) => event === "end");
  expect(ends).toMatchObject(targets.map((target) => ({ target, error: "shutdown" })));
});

test("an open image archive and a silent TCP connection are closed at the deadline", async () => {
  await made(runProcess);
  const { client, docker } = await stage.asked(ask("/images/get?names=web"));
  docker.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  await client.sees("\r\n\r\n");
  const silent = connect({ host: stage.host, port: stage.port });
  silent.on("error", () => {});
  const gone = new Promise((resolve) => silent.once("close", resolve).resume());
  const took = await stopping();
  expect(took).toBeGreaterThan(DRAIN_MS - 50);
  expect(took).toBeLessThan(DRAIN_MS + 1_500);
  await Promise.all([client.over, docker.over, gone]);
  const ended = (await stage.records()).findLast(({ target }) => target.startsWith("/images"));
  expect(ended).toMatchObject({ event: "end", error: "shutdown" });
  expect((await stage.records()).at(-1)).toMatchObject({ event: "gateway", rule: "stopped" });
});

test("a gateway that cannot start ends, and leaves nothing open", async () => {
  await made();
  const second = stage.config();
  await stage.write(
    "second.json",
    JSON.stringify({ ...second, audit: { directory: `${stage.folder}/audit2` } }),
  );
  await expect(runHere(`${stage.folder}/second.json`)).rejects.toThrow(/cannot listen on/);
  const metrics = `unix://${stage.folder}/no/such/folder.sock`;
  const port = { address: `tcp://${stage.host}:2377` };
  await stage.write(
    "third.json",
    JSON.stringify({ ...second, listen: [port], metrics, audit: { directory: `${stage.folder}/audit2` } }),
  );
  await expect(runProcess(`${stage.folder}/third.json`)).rejects.toThrow(/cannot serve its metrics/);
});
