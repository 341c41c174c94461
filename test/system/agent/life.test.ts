/** An agent's life: what it keeps open, what it notices, and when it ends. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { AGENT_LIMITS } from "../../../src/agent/index.ts";
import { askAgent } from "../../../src/system/agent-process/ask-agent.ts";
import { failureOf } from "../../support/app/change.ts";
import { MAIN } from "../../support/program.ts";
import { AgentStage, PING, PONG } from "./stage.ts";

let stage: AgentStage;
beforeEach(async () => {
  stage = await AgentStage.make();
});
afterEach(() => stage.end());

async function pinged(): Promise<string> {
  const client = await stage.client();
  const answer = await client.send(PING).sees("\r\n\r\n");
  client.destroy();
  return answer;
}

const spares = async () => (await askAgent(stage.socket()))?.spares;

test("connects to nothing before the first client, and keeps connections ready after it", async () => {
  await stage.start();
  expect(stage.engine.made).toBe(0);
  expect(await pinged()).toBe(PONG);
  await expect.poll(spares).toBe(AGENT_LIMITS.spares);
  // One for each client, and no other: the engine sees as many pings as clients that used a connection.
  const before = stage.engine.pings;
  await pinged();
  await expect.poll(spares).toBe(AGENT_LIMITS.spares);
  expect(stage.engine.pings).toBe(before + 1);
});

test("an engine that restarts costs no client anything: dead connections are not given out", async () => {
  await stage.start();
  await pinged();
  await expect.poll(spares).toBe(AGENT_LIMITS.spares);
  await stage.engine.close();
  await expect.poll(spares).toBe(0);
  await stage.engine.listen(stage.identities.ca, await stage.identities.server("127.0.0.1"));
  expect(await pinged()).toBe(PONG);
});

test("a machine that slept gets new connections", async () => {
  await stage.start();
  await pinged();
  await expect.poll(spares).toBe(AGENT_LIMITS.spares);
  const old = new Set(stage.engine.open);
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now + 3_600_000);
  onTestFinished(() => void vi.restoreAllMocks());
  expect(await pinged()).toBe(PONG);
  await expect
    .poll(() => [...stage.engine.open].filter((socket) => old.has(socket) && !socket.readableEnded).length)
    .toBe(0);
});

test("a machine that loses its address gets new connections when it has one again", async () => {
  const address = `10.255.${process.pid % 256}.77`;
  const ip = (what: "add" | "del") => execFileSync("ip", ["address", what, `${address}/32`, "dev", "lo"]);
  ip("add");
  onTestFinished(() => void (isThere && ip("del")));
  let isThere = true;
  await stage.end();
  stage = await AgentStage.make(address);
  await stage.start();
  await pinged();
  await expect.poll(spares).toBe(AGENT_LIMITS.spares);
  // TCP does not notice it: neither side sends anything.
  ip("del");
  isThere = false;
  await expect.poll(spares, { timeout: 5_000 }).toBe(0);
  ip("add");
  isThere = true;
  await expect.poll(pinged, { timeout: 5_000 }).toBe(PONG);
});

test("an engine that does not answer: the client is told why, in Docker's form, and the next one is not kept waiting", async () => {
  await stage.engine.close();
  await stage.start();
  for (const _ of [1, 2]) {
    const client = await stage.client();
    const answer = await client.send("GET /v1.47/info HTTP/1.1\r\nHost: docker\r\n\r\n").rest();
    expect(answer).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toEqual({
      message: expect.stringMatching(
        /^tetherdock agent: cannot use the engine of the line vps at 127\.0\.0\.1:\d+: connect ECONNREFUSED.* \(tetherdock status vps\)$/,
      ),
    });
  }
  const head = await stage.client();
  expect(await head.send(PING).rest()).toMatch(/^HTTP\/1\.1 502 [\s\S]*\r\n\r\n$/);
  expect((await askAgent(stage.socket()))?.problem).toContain("ECONNREFUSED");
});

test("an engine of another CA gets no request", async () => {
  await stage.engine.close();
  const { Identities } = await import("../../gateway/support/identities.ts");
  const imposter = await Identities.make();
  await stage.engine.listen(stage.identities.ca, await imposter.server("127.0.0.1"));
  await stage.start();
  const client = await stage.client();
  expect(await client.send("GET /secret HTTP/1.1\r\nHost: docker\r\n\r\n").rest()).toContain("502");
  expect(stage.engine.pings).toBe(0);
});

test("an engine that refuses the certificate: the client is told of it", async () => {
  await stage.engine.close();
  const other = (await import("../../gateway/support/identities.ts")).Identities;
  await stage.engine.listen((await other.make()).ca, await stage.identities.server("127.0.0.1"));
  await stage.start();
  const client = await stage.client();
  expect(await client.send("GET /info HTTP/1.1\r\nHost: docker\r\n\r\n").rest()).toContain(
    "refuse the certificate",
  );
});

test("a renewed certificate is used for new connections, and connected clients stay", async () => {
  await stage.start();
  const client = await stage.client();
  await client.send(PING).sees("\r\n\r\n");
  const serial = () => [...stage.engine.open].map((socket) => socket.getPeerCertificate().serialNumber);
  const [old] = serial();
  await stage.writeLine("vps");
  await expect.poll(() => stage.log).toContain("vps: the line changed and is in force");
  await pinged();
  await expect.poll(() => serial().filter((one) => one !== old).length).toBeGreaterThan(0);
  client.send("GET /still HTTP/1.1\r\nHost: docker\r\n\r\n");
  expect(await (await stage.engine.used()).sees("\r\n\r\n")).toContain("/still");
});

test("a file that cannot be read leaves the line as it was", async () => {
  await stage.start();
  const line = join(stage.home, "lines/vps/line.json");
  renameSync(line, `${line}.away`);
  stage.hangUp();
  await expect.poll(() => stage.log.join()).toContain("a file of the line is missing");
  expect(await pinged()).toBe(PONG);
});

test("a line that is removed ends, with its clients and its socket; one that is set up is served", async () => {
  await stage.writeLine("web");
  await stage.start();
  const client = await stage.client();
  await client.send(PING).sees("\r\n\r\n");
  rmSync(join(stage.home, "lines/vps"), { recursive: true });
  await client.over;
  await expect.poll(() => askAgent(stage.socket())).toBeUndefined();
  expect(await askAgent(stage.socket("web"))).toMatchObject({ line: "web", version: "1.2.3", problem: null });
  await stage.writeLine("vps");
  await expect.poll(() => askAgent(stage.socket())).toMatchObject({ line: "vps" });
});

test("an agent that was told which line to serve ends with it", async () => {
  await stage.start("vps");
  rmSync(join(stage.home, "lines/vps"), { recursive: true });
  await stage.over;
});

test("a second agent is refused: AGENT_RUNNING, and the first one goes on", async () => {
  await stage.start();
  const first = stage.over;
  expect((await failureOf(stage.start())).code).toBe("AGENT_RUNNING");
  expect(await pinged()).toBe(PONG);
  expect(await Promise.race([first, "runs"])).toBe("runs");
});

test("an agent whose socket is replaced ends that line: nobody could reach it", async () => {
  await stage.start("vps");
  rmSync(stage.socket());
  const other = createServer().listen(stage.socket());
  await once(other, "listening");
  onTestFinished(() => void other.close());
  await stage.over;
  expect(stage.log).toContain("vps: its socket was removed or replaced");
});

test("a path that is too long for a socket is refused: AGENT_LISTEN_FAILED", async () => {
  const name = "x".repeat(63);
  await stage.writeLine(name);
  expect((await failureOf(stage.start(name))).code).toBe("AGENT_LISTEN_FAILED");
});

test("an agent that is killed leaves a socket that the next one replaces", async () => {
  const run = () => {
    const env = { ...process.env, TETHERDOCK_HOME: stage.home };
    const child = spawn(process.execPath, [MAIN, "agent", "run"], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const first = run();
  await expect.poll(() => askAgent(stage.socket()), { timeout: 15_000 }).toMatchObject({ pid: first.pid });
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = run();
  await expect.poll(() => askAgent(stage.socket()), { timeout: 15_000 }).toMatchObject({ pid: second.pid });
  expect(await pinged()).toBe(PONG);
  second.kill("SIGTERM");
  expect(await once(second, "exit")).toEqual([0, null]);
  expect(await askAgent(stage.socket())).toBeUndefined();
});
