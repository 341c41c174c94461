/** What does more than read is in the log before dockerd has any of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { mustRun } from "../support/run.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

let stage: Stage;
afterEach(() => stage.end());

/** The log as it lies there, read at once. */
function logText(): string {
  const folder = join(stage.folder, "audit");
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("");
}

test.each([
  ["a container's start whose body never ends", "/containers/x/start", "Content-Length: 100\r\n\r\n{"],
  ["an operation that no Docker has", "/unheard-of", "Content-Length: 100\r\n\r\n{"],
  ["a build", "/build", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"],
  ["a request that is whole", "/containers/x/stop", "\r\n"],
])("killed when dockerd has the first byte of %s: the record exists", async (_, target, rest) => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
  const { child, over } = stage.gateway as RunningProcess;
  const killed = Promise.withResolvers<string>();
  // In the same turn in which the first byte is seen: the gateway gets no other.
  stage.docker.behave((wire: Wire) =>
    wire.socket.once("data", () => {
      child.kill("SIGKILL");
      killed.resolve(logText());
    }),
  );
  const client = await stage.connect();
  client.send(`POST ${target} HTTP/1.1\r\nHost: d\r\n${rest}`);
  expect(await killed.promise).toContain(`"method":"POST","target":"${target}"`);
  await over;
  await stage.start();
  const [record, ...others] = (await stage.records()).filter((event) => event.target === target);
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    event: "start",
    client: "anna",
    method: "POST",
    decision: "allow",
    status: null,
  });
});

test("an action has two records, a read one", async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(204, ""));
  const client = await stage.connect();
  client.send(ask("/containers/x/start", "POST") + ask("/_ping"));
  await client.sees(/204[\s\S]*204/);
  await stage.record(({ target }) => target === "/_ping");
  const records = await stage.records();
  const events = (wanted: string) =>
    records.filter(({ target }) => target === wanted).map(({ event }) => event);
  expect(events("/containers/x/start")).toEqual(["start", "end"]);
  expect(events("/_ping")).toEqual(["request"]);
});

test("an action that cannot be recorded is refused, and dockerd gets nothing of it", async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
  stage.docker.answerAll(answer(204, ""));
  const { child } = stage.gateway as RunningProcess;
  // nothing is left to be written that would fail before the request comes
  await stage.record(({ rule }) => rule === "started");
  await mustRun(["prlimit", "--pid", `${child.pid}`, "--fsize=1:"]);
  const client = (await stage.connect()).polite();
  client.send(ask("/containers/x/start", "POST", "Connection: close\r\n"));
  expect(await client.rest()).toMatch(/^HTTP\/1.1 503 .*audit log on the host cannot be written/s);
  expect(stage.docker.count).toBe(0);
});
