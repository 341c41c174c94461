/** Uses a real file system, because the tests depend on what it does. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { formatLine, type LineFiles, type LineStore } from "../../line/index.ts";
import { createLineStore } from "./line-store.ts";

const line = sampleLine();
const files: LineFiles = {
  "line.json": formatLine(line),
  "docker/ca.pem": "ca",
  "docker/cert.pem": "cert",
  "docker/key.pem": "key",
  "ca/ca-key.pem": "ca key",
};

let home: string;
let store: LineStore;
const place = (...parts: string[]): string => join(home, "lines", ...parts);
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const code = (wanted: string) => expect.objectContaining({ code: wanted });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tetherdock-store-"));
  store = createLineStore(home);
});
afterEach(() => rmSync(home, { recursive: true }));

test("a line of version 1 is kept beside the first line.json of version 2", async () => {
  const { host: _, ...rest } = line;
  const first = JSON.stringify({ ...rest, version: 1 });
  await store.stage("vps", { ...files, "line.json": first });
  await store.commit("vps");
  expect(await store.read("vps")).toMatchObject({ version: 2 });
  for (const port of [2377, 2378]) await store.update("vps", "line.json", formatLine({ ...line, port }));
  expect(readFileSync(place("vps", "line.json.v1"), "utf8")).toBe(first);
  expect(modeOf(place("vps", "line.json.v1"))).toBe("600");
  expect(await store.read("vps")).toMatchObject({ port: 2378 });
});

test("a line of a later version is not changed", async () => {
  const later = formatLine(line).replace('"version": 2', '"version": 3');
  await store.stage("vps", { ...files, "line.json": later });
  await store.commit("vps");
  await expect(store.update("vps", "line.json", formatLine(line))).rejects.toEqual(code("STATE_NEWER"));
  expect(readFileSync(place("vps", "line.json"), "utf8")).toBe(later);
});

describe("a new line", () => {
  test("is invisible until it is committed, and then complete", async () => {
    await store.stage("vps", files);
    expect(await store.list()).toEqual([]);
    expect(await store.pending("vps")).toEqual(files);
    expect(readdirSync(store.pendingCertPath("vps")).sort()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
    await store.commit("vps");
    expect(await store.list()).toEqual(["vps"]);
    expect(await store.read("vps")).toEqual(line);
    expect(await store.readFile("vps", "ca/ca-key.pem")).toBe("ca key");
    expect(await store.pending("vps")).toBeUndefined();
    expect(readdirSync(store.certPath("vps")).sort()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
  });

  test("can be read only by its owner, whatever the umask", async () => {
    const before = process.umask(0);
    try {
      await store.stage("vps", files);
      await store.commit("vps");
    } finally {
      process.umask(before);
    }
    for (const folder of ["", "docker", "ca"]) expect(modeOf(place("vps", folder))).toBe("700");
    expect(modeOf(place())).toBe("700");
    for (const file of Object.keys(files)) expect(modeOf(place("vps", file))).toBe("600");
    expect(await store.exposedKeys("vps")).toEqual([]);
  });

  test("a second one with the same name is an error: staged already, or existing", async () => {
    await store.stage("vps", files);
    await expect(store.stage("vps", files)).rejects.toThrow(code("LINE_PENDING"));
    await store.commit("vps");
    await expect(store.stage("vps", files)).rejects.toThrow(code("LINE_EXISTS"));
    await expect(store.commit("vps")).rejects.toThrow(code("LINE_EXISTS"));
  });

  test("of two that are staged at once, exactly one succeeds", async () => {
    const results = await Promise.allSettled([store.stage("vps", files), store.stage("vps", files)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "LINE_PENDING" },
    });
    expect(await store.pending("vps")).toEqual(files);
  });

  test("interrupted while it was written: the part can be read and discarded", async () => {
    mkdirSync(place(".pending-vps", "docker"), { recursive: true });
    writeFileSync(place(".pending-vps", "docker", "ca.pem"), "ca");
    expect(await store.pending("vps")).toEqual({ "docker/ca.pem": "ca" });
    await store.discard("vps");
    await store.discard("vps");
    expect(await store.pending("vps")).toBeUndefined();
    await expect(store.commit("vps")).rejects.toThrow(code("LINE_UNKNOWN"));
  });
});

describe("an existing line", () => {
  beforeEach(async () => {
    await store.stage("vps", files);
    await store.commit("vps");
  });

  test("one file is replaced, and no other file appears in docker/", async () => {
    await store.update("vps", "docker/cert.pem", "new");
    expect(await store.readFile("vps", "docker/cert.pem")).toBe("new");
    expect(modeOf(place("vps", "docker", "cert.pem"))).toBe("600");
    expect(readdirSync(place("vps")).sort()).toEqual(["ca", "docker", "line.json"]);
    await expect(store.update("vqs", "line.json", "")).rejects.toThrow(code("LINE_UNKNOWN"));
  });

  test("is removed completely, with the remains of an earlier removal", async () => {
    mkdirSync(place(".removed-old-1"));
    await store.remove("vps");
    expect(readdirSync(place())).toEqual([]);
    await expect(store.remove("vps")).rejects.toThrow(code("LINE_UNKNOWN"));
  });

  test("keys that others can read are reported", async () => {
    chmodSync(place("vps", "docker", "key.pem"), 0o640);
    expect(await store.exposedKeys("vps")).toEqual([place("vps", "docker", "key.pem")]);
  });

  test("broken, missing or misplaced: the file is named", async () => {
    writeFileSync(place("vps", "line.json"), "{");
    await expect(store.read("vps")).rejects.toThrow(place("vps", "line.json"));
    rmSync(place("vps", "line.json"));
    await expect(store.read("vps")).rejects.toThrow(code("LINE_BROKEN"));
    mkdirSync(place("other"));
    writeFileSync(place("other", "line.json"), formatLine(line));
    await expect(store.read("other")).rejects.toThrow(code("LINE_BROKEN"));
  });

  test("an unknown one: the error suggests the nearest name", async () => {
    await expect(store.read("vsp")).rejects.toThrow(expect.objectContaining({ why: ["did you mean vps?"] }));
  });
});

test("only folders with the name of a line are lines", async () => {
  expect(await store.list()).toEqual([]);
  mkdirSync(place("b"), { recursive: true });
  mkdirSync(place("a"));
  mkdirSync(place("Not A Line"));
  writeFileSync(place("file"), "");
  expect(await store.list()).toEqual(["a", "b"]);
});

test.each(["..", "a/b", ".pending-x", ""])("no name leads out of lines/: %j", (name) => {
  expect(() => store.certPath(name)).toThrow(code("LINE_NAME_INVALID"));
  expect(() => store.remove(name)).toThrow(code("LINE_NAME_INVALID"));
});

test("a home that cannot be written is an error, not a bug", async () => {
  writeFileSync(join(home, "file"), "");
  await expect(createLineStore(join(home, "file")).stage("vps", files)).rejects.toThrow(
    expect.objectContaining({ code: "FILE_FAILED", message: expect.stringContaining(join(home, "file")) }),
  );
});
