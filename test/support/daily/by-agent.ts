/** Everyday tasks through an agent on the laptop, a network that is cut, and an agent that ends while a client works. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Host } from "../host.ts";
import type { Laptop } from "../laptop.ts";
import type { Shell } from "../life/shell.ts";
import type { Running } from "../running.ts";
import { everything } from "../sample.ts";
import { builds } from "./builds.ts";
import { composes } from "./composes.ts";
import { containers } from "./containers.ts";
import { copies } from "./copies.ts";
import { type Column, type Row, until } from "./row.ts";

/** Each needs something else of the agent: BuildKit's upgrade, a terminal, half-close, streams, large bodies. */
const WORK =
  /^`docker build` with BuildKit|^`exec -it`|^`attach`|^`logs -f`|^compose v2 |^`cp` of|`build --output`/;
const work: readonly Row[] = [...builds, ...containers, ...copies, ...composes].filter(
  ({ what }) => everything || WORK.test(what),
);
/** New and open connections to the gateway get a reset. */
const CUT = "INPUT -p tcp --dport 2376 -j REJECT --reject-with tcp-reset";
const USES_SOCKET = "docker context inspect web --format '{{.Endpoints.docker.Host}}'";

export interface AgentStage {
  readonly host: () => Host;
  readonly laptop: () => Laptop;
  /** A shell whose docker uses the agent's context `web`. */
  open(): Promise<Shell>;
}

/** Registers the tests. */
export function describeAgent(stage: AgentStage, column: Column): void {
  let agent: Running;
  let shell: Shell;
  const start = async () => {
    agent = stage.laptop().start(["agent", "run", "web"]);
    await agent.until(/ready: 1 line/);
  };
  beforeAll(async () => {
    await start();
    shell = await stage.open();
    expect(await shell.must(USES_SOCKET)).toMatch(/^unix:.*\/agent\/web\.sock$/);
  });
  afterAll(() => agent?.[Symbol.asyncDispose]());

  test.each(work)("$what", async (row) => {
    await row.run(shell, column);
  });

  test("a network that is cut: docker says so, and works as soon as it is back", async () => {
    await shell.must("docker ps");
    await stage.host().root(`iptables -I ${CUT}`);
    const cut = await shell.run(until("! docker ps"));
    await stage.host().root(`iptables -D ${CUT}`);
    expect(cut, cut.stderr).toMatchObject({ status: 0 });
    await shell.must(until("docker ps"));
    expect((await stage.laptop().tetherdock(["agent", "status", "web"])).status).toBe(0);
  });

  test("an agent that ends while a client works: the client ends, and a copy of the key takes over", async () => {
    const name = shell.container();
    await shell.must(`docker run -d --name ${name} tiny sh -c 'echo ready; sleep 1000'`);
    await using logs = shell.start(`exec docker logs -f ${name}`);
    await logs.until(/ready/);
    process.kill(agent.pid, "SIGTERM");
    expect(await agent.ended).toMatchObject({ status: 0 });
    await logs.ended;
    const gone = await shell.run("docker ps");
    expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining("agent/web.sock") });
    expect((await shell.run("tetherdock context create web --agent")).stderr).toContain(
      "no agent serves the line web",
    );
    await shell.must("tetherdock context create web");
    await shell.must("docker ps");
    await start();
    await shell.must(`tetherdock context create web --agent; docker rm -f ${name}`);
    expect(await shell.must(USES_SOCKET)).toMatch(/^unix:/);
  });
}
