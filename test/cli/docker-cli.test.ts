/** Real docker CLIs, the newest here and 20.10, against what tetherdock writes for them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, onTestFinished, test } from "vitest";
import { ENGINE_VERSION, type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const certificates = makeCertificates(100);
const SERVER = ["version", "--format", "{{.Server.Version}}"];
let engine: FakeEngine;
let stage: LaptopStage;

beforeAll(async () => {
  engine = await startFakeEngine(certificates);
});
afterAll(() => engine.close());
beforeEach(() => {
  stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  writeSampleLine(stage.home, "vps", certificates, { address: "127.0.0.1", port: engine.port });
});

const tetherdock = (...args: string[]) => stage.run("tetherdock", ...args);

test("two CLIs are installed", () => {
  expect(inject("dockers")).toHaveLength(2);
});

describe.each(inject("dockers"))("%s", (docker) => {
  const run = (...args: string[]) => stage.run(docker, ...args);

  test("reaches the engine with `run`, `env`, a context and the current context", async () => {
    const answer = { stdout: `${ENGINE_VERSION}\n`, status: 0 };
    expect((await run(...SERVER)).status).not.toBe(0);
    expect(await tetherdock("run", "--", docker, ...SERVER)).toMatchObject(answer);
    const evaluated = `eval "$(tetherdock env)"; exec ${docker} version --format '{{.Server.Version}}'`;
    expect(await stage.run("bash", "-c", evaluated)).toMatchObject(answer);
    await tetherdock("context", "create");
    expect(await run("--context", "vps", ...SERVER)).toMatchObject(answer);
    await tetherdock("context", "create", "--use");
    expect(await run(...SERVER)).toMatchObject(answer);
  });

  test("shows the context, and our mark survives use, inspect, ls and update", async () => {
    await tetherdock("context", "create");
    expect(JSON.parse((await run("context", "inspect", "vps")).stdout)).toMatchObject([
      {
        Name: "vps",
        Metadata: { Description: "tetherdock line vps" },
        Endpoints: { docker: { Host: `tcp://127.0.0.1:${engine.port}`, SkipTLSVerify: false } },
        TLSMaterial: { docker: ["ca.pem", "cert.pem", "key.pem"] },
      },
    ]);
    expect((await run("context", "use", "vps")).status).toBe(0);
    expect((await run("context", "ls", "--format", "{{.Name}}")).stdout.split("\n")).toContain("vps");
    expect((await run("context", "update", "vps", "--description", "mine now")).status).toBe(0);
    expect((await tetherdock("context", "ls")).stdout).toMatch(/^vps \* +vps .* fresh$/m);
  });

  test("`context update --docker` deletes the keys; we report it, and refresh restores them", async () => {
    await tetherdock("context", "create");
    await run("context", "update", "vps", "--docker", `host=tcp://127.0.0.1:${engine.port}`);
    expect((await tetherdock("context", "ls")).stdout).toMatch(/^vps .* stale$/m);
    expect(await tetherdock("context", "refresh")).toMatchObject({ stdout: "vps\n", status: 0 });
    expect(await run("--context", "vps", ...SERVER)).toMatchObject({ stdout: `${ENGINE_VERSION}\n` });
  });

  test("a context that the CLI made is neither overwritten nor removed", async () => {
    await run("context", "create", "mine", "--docker", "host=tcp://192.0.2.1:2375");
    const inspect = async () => (await run("context", "inspect", "mine")).stdout;
    const before = await inspect();
    const foreign = { status: 3, stderr: expect.stringContaining("was not made by tetherdock") };
    expect(await tetherdock("context", "create", "--name", "mine", "--use")).toMatchObject(foreign);
    expect(await tetherdock("context", "rm", "mine")).toMatchObject(foreign);
    expect(await inspect()).toBe(before);
    expect((await run("context", "show")).stdout.trim()).not.toBe("mine");
  });

  test("works after we remove a context, and we work after the CLI removes one", async () => {
    await tetherdock("context", "create", "--use");
    await tetherdock("context", "rm", "vps");
    expect((await run("context", "ls", "--format", "{{.Name}}")).stdout.trim()).toBe("default");
    expect(readFileSync(join(stage.docker, "config.json"), "utf8")).not.toContain("vps");
    await tetherdock("context", "create");
    expect((await run("context", "rm", "vps")).status).toBe(0);
    expect((await tetherdock("context", "ls", "--json")).stdout).toBe("[]\n");
  });
});
