/** Tests the files; test/cli/docker-cli.test.ts shows that docker CLIs read them. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContextStore, contextDirectory } from "../../line/index.ts";
import { createContextStore } from "./context-store.ts";

const files = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
const metaOf = (name: string) =>
  JSON.stringify({ Name: name, Metadata: { "io.tetherdock.line": "0123456789abcdef" }, Endpoints: {} });

let home: string;
let store: ContextStore;
const meta = (name: string): string => join(home, "contexts/meta", contextDirectory(name), "meta.json");
const tls = (name: string): string => join(home, "contexts/tls", contextDirectory(name), "docker");
const config = (): string => join(home, "config.json");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tetherdock-docker-"));
  store = createContextStore(home);
});
afterEach(() => rmSync(home, { recursive: true }));

describe("contexts", () => {
  test("are read back as written; only the owner can read the keys; nothing else is left", async () => {
    await store.write("vps", metaOf("vps"), files);
    expect(await store.read("vps")).toEqual({
      meta: { name: "vps", lineId: "0123456789abcdef", host: undefined },
      files,
    });
    for (const file of Object.keys(files)) expect(statSync(join(tls("vps"), file)).mode & 0o777).toBe(0o600);
    expect(statSync(tls("vps")).mode & 0o777).toBe(0o700);
    expect(readdirSync(tls("vps")).sort()).toEqual(["ca.pem", "cert.pem", "key.pem"]);
    expect(readdirSync(dirname(meta("vps")))).toEqual(["meta.json"]);
    expect(readdirSync(join(home, "contexts")).sort()).toEqual(["meta", "tls"]);
  });

  test("of an agent have no TLS files, also in place of a copy", async () => {
    await store.write("vps", metaOf("vps"), files);
    await store.write("vps", metaOf("vps"), null);
    expect((await store.read("vps"))?.files).toEqual({});
    expect(existsSync(dirname(tls("vps")))).toBe(false);
  });

  test("are listed by name, foreign ones too", async () => {
    expect(await store.list()).toEqual([]);
    await store.write("b", metaOf("b"), files);
    await store.write("a", '{"Name":"a","Metadata":{},"Endpoints":{}}', files);
    mkdirSync(join(home, "contexts/meta/half"));
    expect((await store.list()).map((each) => [each.meta.name, each.meta.lineId !== undefined])).toEqual([
      ["a", false],
      ["b", true],
    ]);
  });

  test("are removed with their keys", async () => {
    await store.write("vps", metaOf("vps"), files);
    await store.remove("vps");
    expect(await store.read("vps")).toBeUndefined();
    expect(existsSync(tls("vps"))).toBe(false);
  });

  test("an unreadable one counts as foreign", async () => {
    await store.write("vps", "{", files);
    await expect(store.read("vps")).rejects.toThrow(expect.objectContaining({ code: "CONTEXT_FOREIGN" }));
  });
});

describe("the current context", () => {
  test("is set and removed; all other keys and the mode stay", async () => {
    writeFileSync(config(), '{"auths":{"r":{"auth":"x"}}}');
    chmodSync(config(), 0o600);
    await store.use("vps");
    expect(await store.current()).toBe("vps");
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    await store.use(undefined);
    expect(await store.current()).toBeUndefined();
    expect(JSON.parse(readFileSync(config(), "utf8"))).toEqual({ auths: { r: { auth: "x" } } });
  });

  test("without a config.json: setting it creates one for the owner only, unsetting creates none", async () => {
    await store.use(undefined);
    expect(existsSync(config())).toBe(false);
    await store.use("vps");
    expect(statSync(config()).mode & 0o777).toBe(0o600);
  });

  test("a config.json that is a symbolic link stays one", async () => {
    mkdirSync(join(home, "dotfiles"));
    writeFileSync(join(home, "dotfiles/config.json"), "{}");
    symlinkSync("dotfiles/config.json", config());
    await store.use("vps");
    expect(lstatSync(config()).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, "dotfiles/config.json"), "utf8")).toContain('"vps"');
  });

  test("a broken config.json is an error, and does not change", async () => {
    writeFileSync(config(), "{");
    await expect(store.use("vps")).rejects.toThrow(expect.objectContaining({ code: "DOCKER_CONFIG_BROKEN" }));
    expect(readFileSync(config(), "utf8")).toBe("{");
  });
});
