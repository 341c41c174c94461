/** A client's certificate and the CA certificate are both in the folder, or neither is. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { writeIssued } from "./issued-files.ts";

const FILES = { "ca.pem": "the CA's", "cert.pem": "bob's" };
/** The second file cannot be written, because its folder does not exist. */
const FAILING = { "ca.pem": "the CA's", "none/cert.pem": "bob's" };

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "issued-"));
});
afterEach(() => rm(root, { recursive: true }));

const at = (...names: string[]) => join(root, ...names);

describe("a new folder", () => {
  test("has both files, readable by others, and nothing else", async () => {
    await writeIssued(`${at("for", "bob")}/`, FILES);
    expect(await readdir(at("for"))).toEqual(["bob"]);
    expect(await readdir(at("for", "bob"))).toEqual(["ca.pem", "cert.pem"]);
    expect(await readFile(at("for", "bob", "cert.pem"), "utf8")).toBe("bob's");
    expect((await stat(at("for", "bob", "cert.pem"))).mode & 0o777).toBe(0o644 & ~process.umask());
  });
  test("is not created if a file cannot be written; the error has its path", async () => {
    const error = await failureOf(writeIssued(at("bob"), FAILING));
    expect(error).toMatchObject({
      code: "FILE_FAILED",
      message: `cannot write ${at("bob", "none", "cert.pem")}`,
    });
    expect(await readdir(root)).toEqual([]);
  });
  test("is removed as a whole", async () => {
    await (await writeIssued(at("bob"), FILES))();
    expect(await readdir(root)).toEqual([]);
  });
});

describe("an existing folder", () => {
  beforeEach(async () => {
    await mkdir(at("bob"));
    await writeFile(at("bob", "key.pem"), "a key");
  });
  test("keeps its contents, also when the files are removed again", async () => {
    const withdraw = await writeIssued(at("bob"), FILES);
    expect(await readdir(at("bob"))).toEqual(["ca.pem", "cert.pem", "key.pem"]);
    await withdraw();
    expect(await readdir(at("bob"))).toEqual(["key.pem"]);
  });
  test("gets no file if one of them exists with other contents", async () => {
    await writeFile(at("bob", "cert.pem"), "an older one");
    const error = await failureOf(writeIssued(at("bob"), FILES));
    expect(error).toMatchObject({ code: "FILE_FAILED", message: `cannot write ${at("bob", "cert.pem")}` });
    expect(error.hints).toEqual(["name another place with --out"]);
    expect(await readdir(at("bob"))).toEqual(["cert.pem", "key.pem"]);
    expect(await readFile(at("bob", "cert.pem"), "utf8")).toBe("an older one");
  });
  test("gets no file if the second cannot be written", async () => {
    expect((await failureOf(writeIssued(at("bob"), FAILING))).code).toBe("FILE_FAILED");
    expect(await readdir(at("bob"))).toEqual(["key.pem"]);
  });
  test("with the CA's file of an interrupted attempt gets the other, and only that one is removed again", async () => {
    await writeFile(at("bob", "ca.pem"), FILES["ca.pem"]);
    await (await writeIssued(at("bob"), FILES))();
    expect(await readdir(at("bob"))).toEqual(["ca.pem", "key.pem"]);
  });
  test("behind a dangling link gets nothing", async () => {
    await symlink(at("elsewhere"), at("bob", "cert.pem"));
    await writeIssued(at("bob"), FILES);
    expect(await readdir(root)).toEqual(["bob"]);
  });
  test("that is a file: refused", async () => {
    expect((await failureOf(writeIssued(at("bob", "key.pem"), FILES))).code).toBe("FILE_FAILED");
    expect(await readFile(at("bob", "key.pem"), "utf8")).toBe("a key");
  });
});
