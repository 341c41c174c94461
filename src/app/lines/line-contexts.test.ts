import { beforeEach, describe, expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryContexts } from "../../../test/support/app/memory-contexts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { formatContextMeta } from "../../line/index.ts";
import { withoutContext } from "./engine-in-use.ts";
import { listLineContexts, refreshContextsOf, writeLineContext } from "./line-contexts.ts";
import { lineEnvironment } from "./line-environment.ts";
import { pickLine } from "./pick-line.ts";
import { findLines, readableLines, type UnreadLine } from "./read-lines.ts";
import { contextsOf, lostContext, removeContext } from "./remove-context.ts";

const WEB = sampleLine({ id: "000000000000000a", name: "web" });
const DB = sampleLine({ id: "000000000000000b", name: "db", address: "192.0.2.8", addresses: ["192.0.2.8"] });
const FILES = {
  "docker/ca.pem": "ca",
  "docker/cert.pem": "cert",
  "docker/key.pem": "key",
  "ca/ca-key.pem": "x",
};
const COPIES = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
const SOMEBODYS = JSON.stringify({ Name: "other", Metadata: {}, Endpoints: { docker: { Host: "ssh://x" } } });

let lines: MemoryLines;
let contexts: MemoryContexts;
let ports: { lines: MemoryLines; contexts: () => Promise<MemoryContexts> };

beforeEach(() => {
  lines = new MemoryLines();
  contexts = new MemoryContexts();
  ports = { lines, contexts: async () => contexts };
  for (const line of [WEB, DB]) lines.keep(line, FILES);
});

describe("contexts of lines", () => {
  test("a context has the line's address and copies of its client files", async () => {
    await writeLineContext(ports, "web", WEB);
    expect(contexts.kept.get("web")).toEqual({ metaJson: formatContextMeta("web", WEB), files: COPIES });
  });

  test("each is fresh, stale or an orphan; contexts that we did not make are not listed", async () => {
    await writeLineContext(ports, "web", WEB);
    await writeLineContext(ports, "moved", { ...DB, port: 2400 });
    await writeLineContext(ports, "gone", { ...WEB, id: "000000000000000c" });
    await contexts.write("other", SOMEBODYS, COPIES);
    contexts.currentName = "moved";
    expect(await listLineContexts(ports)).toEqual([
      {
        name: "web",
        host: "tcp://192.0.2.7:2376",
        line: "web",
        state: "fresh",
        agent: false,
        current: false,
      },
      {
        name: "moved",
        host: "tcp://192.0.2.8:2400",
        line: "db",
        state: "stale",
        agent: false,
        current: true,
      },
      {
        name: "gone",
        host: "tcp://192.0.2.7:2376",
        line: undefined,
        state: "orphan",
        agent: false,
        current: false,
      },
    ]);
  });

  test.each(["docker/ca.pem", "docker/cert.pem", "docker/key.pem"] as const)(
    "a context is stale if its %s differs from the line's",
    async (file) => {
      await writeLineContext(ports, "web", WEB);
      await lines.update("web", file, "new");
      expect(await listLineContexts(ports)).toMatchObject([{ state: "stale" }]);
    },
  );

  test("refresh writes only the line's own stale contexts", async () => {
    for (const [name, line] of [
      ["a", WEB],
      ["b", WEB],
      ["c", DB],
    ] as const)
      await writeLineContext(ports, name, line);
    await lines.update("web", "docker/cert.pem", "new");
    await lines.update("db", "docker/cert.pem", "new");
    await writeLineContext(ports, "b", WEB);
    expect(await refreshContextsOf(ports, WEB)).toEqual(["a"]);
    expect([...contexts.kept.values()].map(({ files }) => files["cert.pem"])).toEqual(["new", "new", "cert"]);
  });

  test("the lines are not read if no context is ours", async () => {
    await contexts.write("other", SOMEBODYS, COPIES);
    Object.assign(lines, { list: () => Promise.reject(new Error("it must not be read")) });
    expect(await listLineContexts(ports)).toEqual([]);
  });

  test("a damaged line does not hide the others", async () => {
    await lines.update("web", "line.json", "{");
    expect((await readableLines(ports)).map(({ name }) => name)).toEqual(["db"]);
  });

  test("a line that cannot be read, and may be intact, is not skipped", async () => {
    const error = new TetherdockError("FILE_FAILED", "cannot read line.json");
    Object.assign(lines, { read: () => Promise.reject(error) });
    await expect(readableLines(ports)).rejects.toBe(error);
  });

  test("a line that is gone since it was listed is neither read nor unreadable; a bug is passed on", async () => {
    const { read } = lines;
    const failWith = (error: Error) =>
      Object.assign(lines, { read: (name: string) => (name === "db" ? Promise.reject(error) : read(name)) });
    failWith(new TetherdockError("LINE_UNKNOWN", "it is gone"));
    expect(await findLines(ports)).toEqual({ lines: [WEB], unread: [] });
    const damaged = new TetherdockError("LINE_BROKEN", "it is damaged");
    failWith(damaged);
    expect(await findLines(ports)).toEqual({ lines: [WEB], unread: [{ name: "db", error: damaged }] });
    const bug = new Error("a bug");
    failWith(bug);
    await expect(findLines(ports)).rejects.toBe(bug);
  });

  test("a context without a line is an orphan for reading commands too, if every line can be read", async () => {
    await writeLineContext(ports, "gone", { ...WEB, id: "000000000000000c" });
    expect(await listLineContexts(ports, () => {})).toMatchObject([{ name: "gone", state: "orphan" }]);
  });

  test("a line's file that cannot be read stops commands that write; a bug stops every command", async () => {
    await writeLineContext(ports, "web", WEB);
    const error = new TetherdockError("FILE_FAILED", "permission denied");
    Object.assign(lines, { readFile: () => Promise.reject(error), read: async () => WEB });
    await expect(listLineContexts(ports)).rejects.toBe(error);
    const bug = new Error("a bug");
    Object.assign(lines, { readFile: () => Promise.reject(bug) });
    await expect(listLineContexts(ports, () => {})).rejects.toBe(bug);
  });

  test("reading commands go on with the lines that can be read, and hear of the others", async () => {
    await writeLineContext(ports, "web", WEB);
    await writeLineContext(ports, "db", DB);
    const error = new TetherdockError("FILE_FAILED", "permission denied");
    const { read, readFile } = lines;
    const leftOut: string[] = [];
    const hear = ({ name }: UnreadLine) => leftOut.push(name);
    Object.assign(lines, { read: (name: string) => (name === "db" ? Promise.reject(error) : read(name)) });
    const states = async () => (await listLineContexts(ports, hear)).map(({ name, state }) => [name, state]);
    expect(await states()).toEqual([
      ["web", "fresh"],
      ["db", "unknown"],
    ]);
    expect(leftOut).toEqual(["db"]);
    await expect(listLineContexts(ports), "commands that write stop").rejects.toBe(error);
    Object.assign(lines, {
      read,
      readFile: (name: string, file: Parameters<typeof readFile>[1]) =>
        name === "web" && file !== "line.json" ? Promise.reject(error) : readFile.call(lines, name, file),
    });
    expect(await states()).toEqual([
      ["web", "unknown"],
      ["db", "fresh"],
    ]);
    expect(leftOut).toEqual(["db", "web"]);
  });
});

describe("removing a context", () => {
  const around = (env: Record<string, string> = {}, platform = "linux") => ({ ...ports, env, platform });

  test("contexts of a line are found by their mark, not by name", async () => {
    await writeLineContext(ports, "any-name", WEB);
    await writeLineContext(ports, "web", DB);
    expect(await contextsOf(ports, WEB.id)).toEqual(["any-name"]);
  });

  test("the current one: docker is switched to the default context first, and that engine is reported", async () => {
    await writeLineContext(ports, "web", WEB);
    contexts.currentName = "web";
    const steps: string[] = [];
    const { use, remove } = contexts;
    Object.assign(contexts, {
      use: (name: string | undefined) => use(name).then(() => steps.push(`use ${name}`)),
      remove: (name: string) => remove(name).then(() => steps.push(`remove ${name}`)),
    });
    expect(await removeContext(around(), "web")).toEqual({
      ...{ kind: "notice", id: "context-removed", name: "web" },
      lost: { name: "web", engine: "unix:///var/run/docker.sock", override: null },
    });
    expect(steps).toEqual(["use undefined", "remove web"]);
  });

  test("another one: the current context does not change", async () => {
    await writeLineContext(ports, "web", WEB);
    contexts.currentName = "db";
    expect(await removeContext(around(), "web")).toMatchObject({ lost: null });
    expect([contexts.currentName, contexts.kept.size]).toEqual(["db", 0]);
  });

  test("the current context is reported only if it is removed", async () => {
    contexts.currentName = "b";
    expect(await lostContext(around(), ["a", "b"])).toMatchObject({ name: "b" });
    expect(await lostContext(around(), ["a"])).toBeNull();
    contexts.currentName = undefined;
    expect(await lostContext(around(), ["a"])).toBeNull();
  });

  test("without contexts to remove, docker's configuration is not read", async () => {
    const broken = { ...around(), contexts: () => Promise.reject(new Error("it must not be read")) };
    expect(await lostContext(broken, [])).toBeNull();
  });
});

test.each([
  [{}, null],
  // As docker CLIs before 23 have it.
  [
    { DOCKER_HOST: "", DOCKER_CONTEXT: "" },
    { variable: "DOCKER_HOST", value: "" },
  ],
  [{ DOCKER_CONTEXT: "db" }, { variable: "DOCKER_CONTEXT", value: "db" }],
  [
    { DOCKER_CONTEXT: "db", DOCKER_HOST: "tcp://x" },
    { variable: "DOCKER_HOST", value: "tcp://x" },
  ],
])("with %j the current context is overridden by %j", (env, override) => {
  expect(withoutContext("web", { env, platform: "linux" })).toMatchObject({ override });
});

test("on Windows the default engine is at a named pipe", () => {
  expect(withoutContext("web", { env: {}, platform: "win32" }).engine).toBe("npipe:////./pipe/docker_engine");
});

describe("the environment of a line", () => {
  test("has its address and its certificates", async () => {
    expect(await lineEnvironment(ports, "web", 0)).toMatchObject({
      variables: {
        DOCKER_HOST: "tcp://192.0.2.7:2376",
        DOCKER_CERT_PATH: "/lines/web/docker",
        DOCKER_TLS_VERIFY: "1",
      },
      warning: undefined,
    });
  });

  test.each(["docker/ca.pem", "docker/cert.pem", "docker/key.pem"] as const)("requires %s", async (file) => {
    lines.kept.get("web")?.delete(file);
    await expect(lineEnvironment(ports, "web", 0)).rejects.toMatchObject({ code: "LINE_BROKEN" });
  });
});

describe("the selected line", () => {
  const pick = (argument: string | undefined, variable?: string, preferred?: string) =>
    pickLine(
      { lines: { list: lines.list, preferred: async () => preferred }, env: { TETHERDOCK_LINE: variable } },
      argument,
    );

  test("is the argument, else $TETHERDOCK_LINE, else the default", async () => {
    expect(await pick("web", "db", "db")).toBe("web");
    expect(await pick(undefined, "web", "db")).toBe("web");
    expect(await pick(undefined, undefined, "db")).toBe("db");
    await expect(pick(undefined)).rejects.toMatchObject({ code: "LINE_AMBIGUOUS" });
  });

  test.each([
    ["web", undefined],
    [undefined, "web"],
  ] as const)(
    "is found without reading the default if that is not needed (%s, %s)",
    async (argument, variable) => {
      const preferred = () => Promise.reject(new Error("it must not be read"));
      const picked = pickLine(
        { lines: { list: lines.list, preferred }, env: { TETHERDOCK_LINE: variable } },
        argument,
      );
      expect(await picked).toBe("web");
    },
  );
});
