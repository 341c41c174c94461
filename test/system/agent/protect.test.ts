/** A key that is encrypted with a passphrase: the agent asks once, and uses it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBundle } from "../../../src/app/export/index.ts";
import { protectKey, unprotectKey } from "../../../src/app/protect/index.ts";
import { unlockingStore } from "../../../src/cli/lines/unlocking-store.ts";
import { createContextStore } from "../../../src/system/files/context-store.ts";
import { createLineStore } from "../../../src/system/files/line-store.ts";
import { failureOf } from "../../support/app/change.ts";
import { AgentStage, PING, PONG } from "./stage.ts";

let stage: AgentStage;
let asked: string[];
let passphrase: string;
beforeEach(async () => {
  stage = await AgentStage.make();
  asked = [];
  passphrase = "correct horse";
});
afterEach(() => stage.end());

const ports = () => ({
  lines: unlockingStore(createLineStore(stage.home), async (line) => {
    asked.push(line);
    return passphrase;
  }),
  contexts: async () => createContextStore(join(stage.home, "docker")),
});
const key = () => readFileSync(join(stage.home, "lines/vps/docker/key.pem"), "utf8");

test("the agent serves a line with an encrypted key, and asks once, also after the certificate was renewed", async () => {
  expect(await protectKey(ports(), "vps", async () => passphrase)).toEqual({
    changed: true,
    caKeyIsPlain: false,
  });
  expect(key()).toContain("BEGIN ENCRYPTED PRIVATE KEY");
  stage.lines = ports().lines;
  await stage.start();
  const client = await stage.client();
  expect(await client.send(PING).sees("\r\n\r\n")).toBe(PONG);
  stage.hangUp();
  await expect.poll(() => stage.log).toContain("vps: the line changed and is in force");
  expect(asked).toEqual(["vps"]);
});

test("export writes an encrypted key in encrypted formats only: KEY_PROTECTED", async () => {
  expect((await readBundle(ports(), "vps", false)).key).toBe(key());
  const plain = key();
  await protectKey(ports(), "vps", async () => passphrase);
  expect(await failureOf(readBundle(ports(), "vps", false))).toMatchObject({ code: "KEY_PROTECTED" });
  expect(asked).toEqual([]);
  expect((await readBundle(ports(), "vps", true)).key).toBe(plain);
});

test("a wrong passphrase serves nothing: KEY_PASSPHRASE_WRONG", async () => {
  await protectKey(ports(), "vps", async () => passphrase);
  passphrase = "another";
  stage.lines = ports().lines;
  expect((await failureOf(stage.start())).code).toBe("KEY_PASSPHRASE_WRONG");
});

test("unprotect restores the key byte for byte, and protect leaves it when no passphrase is given", async () => {
  const before = key();
  await protectKey(ports(), "vps", async () => passphrase);
  expect(await unprotectKey(ports(), "vps")).toBe(true);
  expect(key()).toBe(before);
  expect(await unprotectKey(ports(), "vps")).toBe(false);
  await failureOf(protectKey(ports(), "vps", () => Promise.reject(new Error("interrupted"))));
  expect(key()).toBe(before);
});

test("what reads no key asks nothing", async () => {
  await protectKey(ports(), "vps", async () => passphrase);
  const { lines } = ports();
  await lines.read("vps");
  await lines.readFile("vps", "docker/cert.pem");
  expect(await lines.isKeyEncrypted("vps")).toBe(true);
  expect(asked).toEqual([]);
});
