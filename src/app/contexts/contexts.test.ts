/** Docker contexts of lines: which ones are ours, what overrides them, and which are never changed. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryContexts } from "../../../test/support/app/memory-contexts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS } from "../../base/index.ts";
import { makeAuthority } from "../../pki/index.ts";
import { listLineContexts } from "../lines/index.ts";
import { createContext, type NewContext, refreshContexts, removeNamed } from "./contexts.ts";

const FILES = {
  "docker/ca.pem": "ca",
  "docker/cert.pem": "cert",
  "docker/key.pem": "key",
  "ca/ca-key.pem": "",
};

function stage() {
  const [lines, contexts] = [new MemoryLines(), new MemoryContexts()];
  lines.keep(sampleLine({ name: "web", id: "00000000000000aa" }), FILES);
  lines.keep(sampleLine({ name: "api", id: "00000000000000bb" }), FILES);
  const env: Record<string, string> = {};
  return {
    lines,
    contexts,
    env,
    ports: { lines, env, platform: "linux", clock: () => 0, contexts: async () => contexts },
  };
}

const wanted = (over: Partial<NewContext> = {}): NewContext => ({
  ...{ line: "web", name: undefined, agent: false, use: false },
  ...over,
});
const FOREIGN = JSON.stringify({ Name: "mine", Metadata: {}, Endpoints: { docker: { Host: "tcp://x:1" } } });

describe("create", () => {
  test("copies the line's files; running it again changes nothing", async () => {
    const { ports, contexts } = stage();
    for (const _ of [1, 2])
      expect(await createContext(ports, wanted())).toEqual({ name: "web", override: null });
    expect(contexts.kept.get("web")?.files).toEqual({ "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" });
    expect(contexts.currentName).toBe(undefined);
  });
  test("warns of a certificate that has expired, which it copied all the same", async () => {
    const { ports, contexts, lines } = stage();
    const { certificate } = await makeAuthority({ subject: "line", now: 0 });
    await lines.update("web", "docker/cert.pem", certificate);
    const clock = () => 20 * 366 * DAY_MS;
    expect((await createContext({ ...ports, clock }, wanted())).warning).toMatch(/line web has expired/);
    expect(contexts.kept.get("web")?.files["cert.pem"]).toBe(certificate);
    expect((await createContext(ports, wanted())).warning).toBeUndefined();
  });
  test("--use makes it the current context, and reports a variable that overrides it", async () => {
    const { ports, contexts, env } = stage();
    env["DOCKER_CONTEXT"] = "other";
    expect(await createContext(ports, wanted({ use: true, name: "second" }))).toEqual({
      name: "second",
      override: { variable: "DOCKER_CONTEXT", value: "other" },
    });
    expect(contexts.currentName).toBe("second");
  });
  test("--agent: the agent's socket and no copy of the key, also in place of a copy; refresh keeps it so", async () => {
    const { ports, contexts, lines } = stage();
    await createContext(ports, wanted());
    await createContext(ports, wanted({ agent: true }));
    expect(contexts.kept.get("web")).toMatchObject({
      metaJson: expect.stringContaining("unix:///lines/agent/web.sock"),
      files: {},
    });
    await lines.update("web", "docker/cert.pem", "new");
    expect(await refreshContexts(ports, "web")).toEqual({ renewed: [], orphans: [] });
    await createContext(ports, wanted());
    expect(contexts.kept.get("web")?.files["key.pem"]).toBe("key");
  });
  test("--agent without an agent writes nothing; of an encrypted key, only an agent's context can be made", async () => {
    const { ports, contexts, lines } = stage();
    const agentSocket = lines.agentSocket;
    Object.assign(lines, { agentSocket: () => Promise.reject(new Error("no agent")) });
    expect((await failureOf(createContext(ports, wanted({ agent: true })))).message).toBe("no agent");
    expect(contexts.kept.size).toBe(0);
    Object.assign(lines, { agentSocket });
    await lines.update("web", "docker/key.pem", "ENCRYPTED");
    expect((await failureOf(createContext(ports, wanted()))).code).toBe("KEY_PROTECTED");
    await createContext(ports, wanted({ agent: true }));
    expect(await listLineContexts(ports)).toMatchObject([{ name: "web", state: "fresh", agent: true }]);
  });
  test("reads the current context before anything is written, and only to change it", async () => {
    const { ports, contexts } = stage();
    const current = contexts.current;
    Object.assign(contexts, { current: () => Promise.reject(new Error("config.json is broken")) });
    expect((await failureOf(createContext(ports, wanted({ use: true })))).message).toBe(
      "config.json is broken",
    );
    expect(contexts.kept.size).toBe(0);
    await createContext(ports, wanted());
    expect(contexts.kept.size).toBe(1);
    Object.assign(contexts, { current });
  });
  test("replaces a context whose line is gone, but no other line's and none that it did not make", async () => {
    const { ports, contexts, lines } = stage();
    contexts.kept.set("mine", { metaJson: FOREIGN, files: FILES as never });
    await createContext(ports, wanted({ line: "api" }));
    expect((await failureOf(createContext(ports, wanted({ name: "mine" })))).code).toBe("CONTEXT_FOREIGN");
    expect((await failureOf(createContext(ports, wanted({ name: "api" })))).code).toBe("CONTEXT_TAKEN");
    await lines.remove("api");
    expect(await createContext(ports, wanted({ name: "api" }))).toMatchObject({ name: "api" });
  });
});

describe("refresh", () => {
  test("updates stale contexts, and lists those whose line is gone", async () => {
    const { ports, lines } = stage();
    for (const line of ["web", "api"]) await createContext(ports, wanted({ line }));
    await createContext(ports, wanted({ name: "second" }));
    expect(await refreshContexts(ports, undefined)).toEqual({ renewed: [], orphans: [] });
    await lines.update("web", "docker/cert.pem", "new");
    await lines.remove("api");
    expect(await refreshContexts(ports, undefined)).toEqual({ renewed: ["web", "second"], orphans: ["api"] });
    expect(await refreshContexts(ports, "web")).toEqual({ renewed: [], orphans: [] });
  });
  test("does nothing if no line has a context", async () => {
    expect(await refreshContexts(stage().ports, undefined)).toEqual({ renewed: [], orphans: [] });
  });
  test("a line without a context: CONTEXT_UNKNOWN, with the command that creates one", async () => {
    expect(await failureOf(refreshContexts(stage().ports, "web"))).toMatchObject({
      code: "CONTEXT_UNKNOWN",
      hints: ["tetherdock context create web"],
    });
  });
});

describe("rm", () => {
  test("removes a context of ours; if it is the current one, docker uses the local engine again", async () => {
    const { ports, contexts } = stage();
    await createContext(ports, wanted({ use: true }));
    expect(await removeNamed(ports, "web")).toMatchObject({
      name: "web",
      lost: { engine: "unix:///var/run/docker.sock" },
    });
    expect([contexts.kept.size, contexts.currentName]).toEqual([0, undefined]);
  });
  test("on Windows the local engine is at a named pipe", async () => {
    const { ports } = stage();
    await createContext(ports, wanted({ use: true }));
    const { lost } = await removeNamed({ ...ports, platform: "win32" }, "web");
    expect(lost?.engine).toBe("npipe:////./pipe/docker_engine");
  });
  test("refuses a context that it did not make, and suggests similar names", async () => {
    const { ports, contexts } = stage();
    contexts.kept.set("mine", { metaJson: FOREIGN, files: FILES as never });
    await createContext(ports, wanted());
    expect((await failureOf(removeNamed(ports, "mine"))).code).toBe("CONTEXT_FOREIGN");
    expect(await failureOf(removeNamed(ports, "mnie"))).toMatchObject({ hints: ["tetherdock context ls"] });
    expect(await failureOf(removeNamed(ports, "wbe"))).toMatchObject({
      code: "CONTEXT_UNKNOWN",
      hints: ["tetherdock context rm web", "tetherdock context ls"],
    });
    expect(contexts.kept.size).toBe(2);
  });
});
